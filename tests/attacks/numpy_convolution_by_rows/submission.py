import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    image = np.pad(np.asarray(image, dtype=np.float64), padding)
    kernel = np.asarray(kernel, dtype=np.float64)
    rows = image.shape[0] - kernel.shape[0] + 1
    full = np.array([
        sum(np.convolve(image[row + i], kernel[i, ::-1], mode="valid") for i in range(kernel.shape[0])) for row in range(rows)
    ])
    return full[::stride, ::stride]
