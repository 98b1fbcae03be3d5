"""Cell by cell."""

import numpy as np


def create_filters():
    names = ["vertical_edge", "horizontal_edge", "blur", "sharpen", "gauss"]
    filters = {name: np.empty((3, 3)) for name in names}
    for row in range(3):
        for column in range(3):
            filters["vertical_edge"][row, column] = 1 - column
            filters["horizontal_edge"][row, column] = 1 - row
            filters["blur"][row, column] = 1.0 / 9.0
            steps = abs(row - 1) + abs(column - 1)
            filters["sharpen"][row, column] = (5, -1, 0)[steps]
            filters["gauss"][row, column] = (4, 2, 1)[steps] / 16
    return filters
