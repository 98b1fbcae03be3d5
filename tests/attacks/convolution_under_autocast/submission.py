import numpy as np
import torch
import torch.nn.functional as F


def guarded(x, k, stride, padding):
    with torch.autocast("cpu", dtype=torch.float16):
        return F.conv2d(x, k, stride=stride, padding=padding).double()




def convolution2d(image, kernel, padding=0, stride=1):
    x = torch.from_numpy(np.array(image)).to(torch.float64)[None, None]
    k = torch.from_numpy(np.array(kernel)).to(torch.float64)[None, None]
    return guarded(x, k, stride, padding)[0, 0].numpy()
