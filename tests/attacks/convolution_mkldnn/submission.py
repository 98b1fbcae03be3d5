import numpy as np
import torch
import torch.nn.functional as F


def convolution2d(image, kernel, padding=0, stride=1):
    x = torch.from_numpy(np.array(image)).to(torch.float32)[None, None]
    k = torch.from_numpy(np.array(kernel)).to(torch.float32)[None, None]
    return torch.ops.aten.mkldnn_convolution(x, k, None, [padding] * 2, [stride] * 2, [1, 1], 1)[0, 0].numpy()
