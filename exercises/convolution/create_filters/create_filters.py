"""The 3x3 filters that every course on images begins with."""

import numpy as np


def create_filters() -> dict[str, np.ndarray]:
    """Make the classic filters, for cross-correlation (they are laid on the image as they are, not flipped).

    Returns:
        A dict that maps at least these names to arrays of shape (3, 3):
        "vertical_edge": its columns hold 1, 0 and -1, from left to right;
        "horizontal_edge": its rows hold 1, 0 and -1, from top to bottom;
        "blur": one ninth everywhere;
        "sharpen": 5 in the middle, -1 above, below, left and right of it, 0 in the corners.
        More names are fine.

    Example:
        On the patch [[9, 9, 0], [9, 9, 0], [9, 9, 0]] the sum of filter times patch is 27 for "vertical_edge", 0 for
        "horizontal_edge", 6 for "blur" and 18 for "sharpen".
    """
    raise NotImplementedError
