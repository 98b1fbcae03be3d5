"""A callable object: every window becomes a row of a matrix, the kernel a vector."""

import numpy as np


class Convolution2d:
    """im2col and one product."""

    def __init__(self, dtype=np.float64):
        self.dtype = dtype

    def columns(self, x, kernel_shape, stride):
        rows = np.arange(0, x.shape[0] - kernel_shape[0] + 1, stride)
        columns = np.arange(0, x.shape[1] - kernel_shape[1] + 1, stride)
        down = rows[:, None, None, None] + np.arange(kernel_shape[0])[None, None, :, None]
        across = columns[None, :, None, None] + np.arange(kernel_shape[1])[None, None, None, :]
        return x[down, across].reshape(len(rows) * len(columns), -1), (len(rows), len(columns))

    def __call__(self, image, kernel, padding=0, stride=1):
        x = np.pad(image.astype(self.dtype), padding, mode="constant", constant_values=0)
        table, shape = self.columns(x, kernel.shape, stride)
        return (table @ kernel.astype(self.dtype).ravel()).reshape(shape)


convolution2d = Convolution2d()
