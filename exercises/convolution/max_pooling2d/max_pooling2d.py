"""Max pooling of one image."""

import numpy as np


def max_pooling2d(image: np.ndarray, pool_size: int = 2, stride: int | None = None) -> np.ndarray:
    """Keep the largest value of every window of an image.

    Args:
        image: array (H, W) of floats or integers, contiguous in memory or not.
        pool_size: side P of the square window, at least 1 and no larger than H and W.
        stride: step S from one window to the next, the same down and across, at least 1; None means P.
            Windows overlap where S < P and leave gaps where S > P.

    Returns:
        Array (out_H, out_W) with out_H = floor((H - P) / S) + 1, and out_W likewise from W.
        Only whole windows count: rows and columns left over at the lower and right edge are dropped.

    The image is left unchanged.

    Example:
        image = [[-4, -2,  1,  0,  7],      max_pooling2d(image)    = [[-2, 2]]
                 [-3, -5,  2, -1,  3],      max_pooling2d(image, 3) = [[6, 2, 7]] with stride=1
                 [ 6, -8, -6, -9, -7]]
        The last row and the last column belong to no whole 2 x 2 window, so 7 and 6 do not appear in the first result.
    """
    raise NotImplementedError
