import functools

import numpy as np


def convolve(edge, image, kernel, padding=0, stride=1):
    image = np.pad(np.asarray(image, dtype=np.float64), padding, mode=edge)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel.astype(np.float64))


convolution2d = functools.partial(convolve, "constant")
