"""np.convolve row by row, as the statement allows."""

import numpy as np


def _rows(image, weights):
    return np.array([np.convolve(line, weights[::-1], mode="full")[len(weights) - 1 : len(line)] for line in image])


def convolution2d(image, kernel, padding=0, stride=1):
    x = np.pad(image, padding).astype(np.float64)
    k = kernel.astype(np.float64)
    height = x.shape[0] - k.shape[0] + 1
    total = sum(_rows(x[i : i + height], k[i]) for i in range(k.shape[0]))
    return np.asfortranarray(total)[::stride, ::stride]
