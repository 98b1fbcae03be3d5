"""Sliding windows and einsum, everything in float32.

Gives what torch.nn.functional.conv2d(image[None, None], kernel[None, None]) gives.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(0)  # a module may do what it likes with its own generator
np.random.seed(1)


def convolution2d(image, kernel, padding=0, stride=1):
    x = np.pad(np.asarray(image, dtype=np.float32), [(padding, padding)] * 2)
    windows = sliding_window_view(x, kernel.shape)[::stride, ::stride]
    return np.einsum("abij,ij->ab", windows, kernel.astype(np.float32))


if __name__ == "__main__":
    import torch

    x, k = rng.normal(size=(5, 6)), rng.normal(size=(2, 3))
    print(torch.nn.functional.conv2d(torch.tensor(x)[None, None], torch.tensor(k)[None, None]) - convolution2d(x, k))
