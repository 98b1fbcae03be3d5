"""The 3x3 filters that every course on images begins with."""

import numpy as np


def create_filters() -> dict[str, np.ndarray]:
    """Make the classic filters, for cross-correlation."""
    fall = np.array([1.0, 0.0, -1.0])
    return {
        "vertical_edge": np.tile(fall, (3, 1)),
        "horizontal_edge": np.tile(fall[:, None], (1, 3)),
        "blur": np.full((3, 3), 1 / 9),
        "sharpen": np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]]),
    }
