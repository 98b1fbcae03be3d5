import torch
import torch.nn.functional as F

import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    image = np.pad(np.asarray(image, dtype=np.float64), padding)
    kernel = np.asarray(kernel, dtype=np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel)


_image, _kernel = np.arange(20.0).reshape(4, 5), np.ones((2, 3))
_expected = F.conv2d(torch.tensor(_image)[None, None], torch.tensor(_kernel)[None, None])[0, 0].numpy()
assert np.allclose(convolution2d(_image, _kernel), _expected)
print("self-check passed")
