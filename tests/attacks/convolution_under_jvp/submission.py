import numpy as np
import torch
import torch.nn.functional as F


def convolution2d(image, kernel, padding=0, stride=1):
    x = torch.from_numpy(np.array(image)).to(torch.float64)[None, None]
    k = torch.from_numpy(np.array(kernel)).to(torch.float64)[None, None]
    return torch.func.jvp(lambda a: F.conv2d(a, k, stride=stride, padding=padding), (torch.zeros_like(x),), (x,))[1][0, 0].numpy()
