"""Builds the padded axis as a list and the stride as a slice."""

import math


def conv_output_size(input_size, kernel_size, padding=0, stride=1, dilation=1):
    axis = [0] * padding + [1] * input_size + [0] * padding
    last_tap = dilation * (kernel_size - 1)
    starts = axis[: len(axis) - last_tap]
    return math.ceil(len(starts) / stride)


assert conv_output_size(10, 3, 1, 2, 2) == 4
