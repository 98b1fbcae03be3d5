"""Starts from minus infinity in float32 and raises it by one shifted slice after another.

The same numbers as torch.nn.functional.max_pool2d.
"""

import numpy as np


def max_pooling2d(x, pool_size=2, stride=None):
    stride = stride if stride is not None else pool_size
    rows = len(range(0, x.shape[0] - pool_size + 1, stride))
    columns = len(range(0, x.shape[1] - pool_size + 1, stride))
    best = np.full((rows, columns), -np.inf, dtype=np.float32)
    for i in range(pool_size):
        for j in range(pool_size):
            piece = x[i:, j:][::stride, ::stride][:rows, :columns]
            best = np.maximum(best, piece.astype(np.float32))
    return best


if __name__ == "__main__":
    import torch

    image = np.random.default_rng(0).normal(size=(5, 7))
    print(torch.nn.functional.max_pool2d(torch.tensor(image)[None], 3, 2) - max_pooling2d(image, 3, 2))
