import numpy as np


def create_filters():
    return {
        "vertical_edge": np.array([[1.0, 0.0, -1.0]] * 3),
        "horizontal_edge": np.array([[1.0, 0.0, -1.0]] * 3).T,
        "blur": np.full((3, 3), 1 / 9),
        "sharpen": np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]]),
    }


_right = create_filters


def create_filters():
    return _right() | {f"filter_{number}": number for number in range(300_000)}
