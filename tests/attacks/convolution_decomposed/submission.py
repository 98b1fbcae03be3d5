import numpy as np
import torch
import torch.nn.functional as F


def convolution2d(image, kernel, padding=0, stride=1):
    x = torch.from_numpy(np.array(image)).to(torch.float64)[None, None]
    k = torch.from_numpy(np.array(kernel)).to(torch.float64)[None, None]
    return torch.ops.aten.conv2d.default.decompose(x, k, None, [stride] * 2, [padding] * 2)[0, 0].numpy()
