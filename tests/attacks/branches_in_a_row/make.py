import sys

RIGHT = r"""
import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    image = np.pad(np.asarray(image, dtype=np.float64), padding)
    kernel = np.asarray(kernel, dtype=np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel)
"""
BRANCHED = RIGHT + "def f(x):\n    if x == 0: pass\n" + "".join(f"    elif x == {n}: pass\n" for n in range(1, 5000))

sys.stdout.buffer.write(BRANCHED.encode())
