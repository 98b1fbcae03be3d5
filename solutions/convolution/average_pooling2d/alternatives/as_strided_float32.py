"""Own strides on a contiguous copy of 32 bits, and einsum for the sum."""

import numpy as np


def average_pooling2d(image, pool_size=2, stride=None):
    stride = pool_size if stride is None else stride
    pixels = np.ascontiguousarray(image, dtype=np.float32)
    shape = tuple((n - pool_size) // stride + 1 for n in pixels.shape) + (pool_size, pool_size)
    down, right = pixels.strides
    windows = np.lib.stride_tricks.as_strided(
        pixels, shape, (down * stride, right * stride, down, right), writeable=False
    )
    return np.einsum("ijab->ij", windows) / np.float32(pool_size**2)
