import numpy as np
import torch
from torch.nn.modules.conv import _ConvNd, Conv2d


class Own(_ConvNd):
    def __init__(self, weight, stride, padding):
        torch.nn.Module.__init__(self)
        self.kept = weight, None, (stride, stride), (padding, padding), (1, 1), 1
        self.padding_mode = "zeros"

    def forward(self, x):
        weight, bias, *rest = self.kept
        self.stride, self.padding, self.dilation, self.groups = rest
        return Conv2d._conv_forward(self, x, weight, bias)




def convolution2d(image, kernel, padding=0, stride=1):
    x = torch.from_numpy(np.array(image)).to(torch.float64)[None, None]
    k = torch.from_numpy(np.array(kernel)).to(torch.float64)[None, None]
    return Own(k, stride, padding)(x)[0, 0].numpy()
