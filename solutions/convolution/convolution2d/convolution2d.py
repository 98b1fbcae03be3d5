"""Two-dimensional convolution of one image with one kernel."""

import numpy as np


def convolution2d(image: np.ndarray, kernel: np.ndarray, padding: int = 0, stride: int = 1) -> np.ndarray:
    """Slide a kernel over an image and sum the products under it."""
    kernel_height, kernel_width = kernel.shape
    exact = image.astype(np.float64)  # 8-bit products would wrap round
    padded = np.pad(exact, padding)
    rows = (padded.shape[0] - kernel_height) // stride + 1
    columns = (padded.shape[1] - kernel_width) // stride + 1
    result = np.empty((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = padded[top : top + kernel_height, left : left + kernel_width]
            result[row, column] = np.sum(window * kernel)
    return result
