import numpy as np


def create_filters():
    one = np.zeros((3, 3))
    return {f"filter_{number}": one for number in range(300_000)}
