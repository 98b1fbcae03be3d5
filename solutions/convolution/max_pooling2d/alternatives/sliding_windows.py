"""Every window as a view; the result is whatever dtype the image has."""

import numpy as np


def max_pooling2d(image, pool_size=2, stride=None):
    if not stride:
        stride = pool_size
    windows = np.lib.stride_tricks.sliding_window_view(image, (pool_size, pool_size))
    return np.max(windows[::stride, ::stride], axis=(-2, -1))
