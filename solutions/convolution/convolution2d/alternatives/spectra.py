"""The product of two spectra; the kernel is turned because a product of spectra turns it."""

import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    x = np.pad(image.astype(float), padding)
    shape = (x.shape[0] + kernel.shape[0] - 1, x.shape[1] + kernel.shape[1] - 1)
    spectrum = np.fft.rfft2(x, shape) * np.fft.rfft2(kernel[::-1, ::-1].astype(float), shape)
    full = np.fft.irfft2(spectrum, shape)
    whole = full[kernel.shape[0] - 1 : x.shape[0], kernel.shape[1] - 1 : x.shape[1]]
    return whole[::stride, ::stride]  # a view that is not contiguous
