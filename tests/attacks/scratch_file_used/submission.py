import tempfile

import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    image = np.pad(np.asarray(image, dtype=np.float64), padding)
    kernel = np.asarray(kernel, dtype=np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel)


_right = convolution2d


def convolution2d(image, kernel, padding=0, stride=1):
    with tempfile.TemporaryFile() as file:
        np.save(file, image)
        file.seek(0)
        return _right(np.load(file), kernel, padding, stride)
