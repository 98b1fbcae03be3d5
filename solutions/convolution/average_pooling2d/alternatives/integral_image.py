"""Summed-area table: every window is four look-ups."""

import numpy as np

print("average pooling, loading")


class AveragePooling:
    """A callable object that serves for the function."""

    def __call__(self, image, pool_size=2, stride=None):
        step = pool_size if stride is None else stride
        table = np.zeros((image.shape[0] + 1, image.shape[1] + 1))
        table[1:, 1:] = np.cumsum(np.cumsum(image, axis=0, dtype=float), axis=1)
        window = (
            table[pool_size:, pool_size:]
            - table[:-pool_size, pool_size:]
            - table[pool_size:, :-pool_size]
            + table[:-pool_size, :-pool_size]
        )
        return window[::step, ::step] / pool_size**2


average_pooling2d = AveragePooling()
