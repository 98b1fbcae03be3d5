"""NumPy integers all the way: an int and a pair both broadcast to two sides."""

import numpy as np


def conv2d_params(in_channels, out_channels, kernel_size, bias=True, groups=1):
    height, width = np.broadcast_to(np.asarray(kernel_size, dtype=np.int64), (2,))
    per_filter = height * width * np.int64(in_channels) // groups + np.int64(bool(bias))
    return per_filter * out_channels
