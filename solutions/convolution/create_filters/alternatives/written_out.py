"""Every number written out, a module constant handed back."""

import numpy as np

FILTERS = dict(
    blur=np.array([[1, 1, 1], [1, 1, 1], [1, 1, 1]]) / 9.0,
    sharpen=np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    vertical_edge=np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]]),
    horizontal_edge=np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]),
)


def create_filters():
    return FILTERS
