"""Adds pool_size squared shifted copies of the image; the answer is a transposed, non-contiguous array."""

import numpy as np


def average_pooling2d(image, pool_size=2, stride=None):
    stride = pool_size if stride is None else stride
    flipped = image.T.astype(np.float64)
    columns = (flipped.shape[0] - pool_size) // stride + 1
    rows = (flipped.shape[1] - pool_size) // stride + 1
    total = np.zeros((columns, rows))
    for b in range(pool_size):
        for a in range(pool_size):
            total += flipped[b : b + stride * columns : stride, a : a + stride * rows : stride][:columns, :rows]
    total /= pool_size**2
    return total.T
