"""Max pooling of one image."""

import numpy as np


def max_pooling2d(image: np.ndarray, pool_size: int = 2, stride: int | None = None) -> np.ndarray:
    """Keep the largest value of every window of an image."""
    step = pool_size if stride is None else stride
    height, width = image.shape
    rows = (height - pool_size) // step + 1
    columns = (width - pool_size) // step + 1
    result = np.empty((rows, columns), dtype=image.dtype)
    for row in range(rows):
        for column in range(columns):
            top, left = row * step, column * step
            window = image[top : top + pool_size, left : left + pool_size]
            result[row, column] = window.max()
    return result
