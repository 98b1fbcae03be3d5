import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    rows = (image.shape[0] + 2 * padding - kernel.shape[0]) // stride + 1
    columns = (image.shape[1] + 2 * padding - kernel.shape[1]) // stride + 1
    return np.ma.masked_all((rows, columns))
