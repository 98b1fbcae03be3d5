"""From one-dimensional filters by outer products; sharpening is the image twice minus its mean over a cross."""

import numpy as np


class FilterBank:
    """A callable object that serves for the function."""

    flat = np.ones(3)
    slope = np.arange(1, -2, -1)

    def __call__(self):
        delta = np.zeros((3, 3))
        delta[1, 1] = 1
        distance = np.abs(np.arange(3) - 1)
        cross = (distance[:, None] + distance) <= 1
        bank = {
            "vertical_edge": np.outer(self.flat, self.slope),
            "horizontal_edge": np.outer(self.slope, self.flat),
            "blur": np.outer(self.flat, self.flat) / self.flat.sum() ** 2,
            "sharpen": 6 * delta - cross,
        }
        return bank


create_filters = FilterBank()
