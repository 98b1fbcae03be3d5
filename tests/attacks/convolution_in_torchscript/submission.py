import numpy as np
import torch

unit = torch.jit.CompilationUnit("""
def f(x: Tensor, k: Tensor, stride: int, padding: int):
    return torch.conv2d(x, k, None, [stride, stride], [padding, padding])
""")


def convolution2d(image, kernel, padding=0, stride=1):
    x = torch.from_numpy(np.array(image)).to(torch.float64)[None, None]
    k = torch.from_numpy(np.array(kernel)).to(torch.float64)[None, None]
    return unit.f(x, k, stride, padding)[0, 0].numpy()
