import os
import sys

import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    image = np.pad(np.asarray(image, dtype=np.float64), padding)
    kernel = np.asarray(kernel, dtype=np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel)

print("\x1b[2J\x1b[31mred\x07\x00")
sys.stdout.flush()
os.write(1, b"\xff\xfe\x80")
os.write(2, b"\xff\xfe\x80")
