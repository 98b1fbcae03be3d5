"""Two-dimensional convolution of one image with one kernel."""

import numpy as np


def convolution2d(image: np.ndarray, kernel: np.ndarray, padding: int = 0, stride: int = 1) -> np.ndarray:
    """Slide a kernel over an image and sum the products, as the convolution layers of deep learning do.

    Args:
        image: array (H, W) of floats or integers, at most 64 x 64, contiguous in memory or not.
        kernel: array (kH, kW) of floats or integers, no larger than the padded image; kH and kW may differ.
            It is laid on the image as it is, not flipped (cross-correlation).
        padding: rows and columns of zeros added on each of the four sides, at least 0.
        stride: step of the kernel, the same down and across, at least 1.

    Returns:
        Array (out_H, out_W) with out_H = floor((H + 2 * padding - kH) / stride) + 1, and out_W likewise from W and kW.
        Its values are exact sums of products: integers of any width do not wrap round, fractions are not cut off.

    The arguments are left unchanged.

    Example:
        image = [[1, 2, 0, 1],      kernel = [[1, 0, -1],      result = [[2, 6],
                 [0, 1, 3, 2],                [2, 1,  0]]                [1, 0]]
                 [2, 0, 1, 1]]
        Upper left value: 1*1 + 2*0 + 0*(-1) + 0*2 + 1*1 + 3*0 = 2.
    """
    raise NotImplementedError
