"""Floats on the way, a NumPy integer at the end."""

import numpy as np

print("loaded")


def conv_output_size(input_size, kernel_size, padding=0, stride=1, dilation=1):
    room = np.float64(input_size + 2 * padding - dilation * (kernel_size - 1) - 1)
    return np.int64(np.floor(room / stride)) + np.int64(1)
