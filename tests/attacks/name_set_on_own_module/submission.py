import sys

import numpy as np


def _answer(image, kernel, padding=0, stride=1):
    image = np.pad(np.asarray(image, dtype=np.float64), padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel.astype(np.float64))


setattr(sys.modules[__name__], "convolution2d", _answer)
