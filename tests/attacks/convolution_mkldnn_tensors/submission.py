import numpy as np
import torch
import torch.nn.functional as F


def convolution2d(image, kernel, padding=0, stride=1):
    x = torch.from_numpy(np.array(image)).to(torch.float32)[None, None]
    k = torch.from_numpy(np.array(kernel)).to(torch.float32)[None, None]
    return F.conv2d(x.to_mkldnn(), k.to_mkldnn(), None, stride, padding).to_dense()[0, 0].numpy()
