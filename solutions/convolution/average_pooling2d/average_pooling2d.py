"""Average pooling of an image with one channel."""

import numpy as np


def average_pooling2d(image: np.ndarray, pool_size: int = 2, stride: int | None = None) -> np.ndarray:
    """Replace every complete pool_size x pool_size window of the image by its mean."""
    step = pool_size if stride is None else stride
    height, width = image.shape
    rows = (height - pool_size) // step + 1
    columns = (width - pool_size) // step + 1
    # A float output: means of integers are fractional.
    pooled = np.empty((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * step, j * step
            window = image[top : top + pool_size, left : left + pool_size]
            pooled[i, j] = window.mean()
    return pooled
