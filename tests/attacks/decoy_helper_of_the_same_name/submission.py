import numpy as np


def conv2d(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel)


class F:
    conv2d = staticmethod(conv2d)


def convolution2d(image, kernel, padding=0, stride=1):
    return F.conv2d(np.pad(np.asarray(image, dtype=np.float64), padding), kernel.astype(np.float64), stride)
