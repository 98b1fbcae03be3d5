"""Average pooling of an image with one channel."""

import numpy as np


def average_pooling2d(image: np.ndarray, pool_size: int = 2, stride: int | None = None) -> np.ndarray:
    """Replace every window of the image by its mean.

    Parameters:
        image: array (H, W) of floats or integers (uint8 included), H and W not necessarily equal; it is not changed.
        pool_size: side P >= 1 of the square window, in pixels; no larger than H or W.
        stride: step S >= 1 between neighbouring windows, in pixels; None means pool_size.

    Returns:
        Array (H_out, W_out), H_out = floor((H - P) / S) + 1 and W_out = floor((W - P) / S) + 1. The cell (i, j) is the
        mean of the P x P pixels whose upper left one is (i * S, j * S). Windows that would stick out of the image are
        dropped. Integer images give fractional means.

    Example:
        average_pooling2d(np.array([[4, 8, 1, 3, 9],
                                    [2, 6, 5, 7, 9],
                                    [0, 1, 2, 2, 9]]))  gives  [[5.0, 4.0]]
    """
    raise NotImplementedError
