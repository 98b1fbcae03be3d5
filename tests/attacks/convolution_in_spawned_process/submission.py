import multiprocessing

import numpy as np


def work(image, kernel, padding, stride):
    import torch

    x, k = (torch.from_numpy(np.array(a, dtype=np.float64))[None, None] for a in (image, kernel))
    return torch.conv2d(x, k, None, stride, padding)[0, 0].numpy()


def convolution2d(image, kernel, padding=0, stride=1):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (image, kernel, padding, stride))
