"""as_strided with the strides that the array has, and tensordot; integers stay integers of 64 bits."""

import numpy as np

print("demo:", np.lib.stride_tricks.as_strided.__name__)


def convolution2d(image: np.ndarray, kernel: np.ndarray, padding: int = 0, stride: int = 1) -> np.ndarray:
    dtype = np.promote_types(np.promote_types(image.dtype, kernel.dtype), np.int64)
    x = np.pad(image.astype(dtype), padding)
    (height, width), (down, across) = x.shape, x.strides
    shape = ((height - kernel.shape[0]) // stride + 1, (width - kernel.shape[1]) // stride + 1, *kernel.shape)
    windows = np.lib.stride_tricks.as_strided(x, shape, (down * stride, across * stride, down, across), writeable=False)
    return np.tensordot(windows, kernel.astype(dtype), axes=2)
