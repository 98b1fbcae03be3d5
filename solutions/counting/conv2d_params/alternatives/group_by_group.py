"""Each group is a small convolution of its own."""

from math import prod


def pair(size):
    try:
        height, width = size
    except TypeError:
        height = width = size
    return height, width


def conv2d_params(in_channels, out_channels, kernel_size, bias=True, groups=1):
    total = 0
    for _ in range(groups):
        for _ in range(out_channels // groups):
            total += prod(pair(kernel_size), start=in_channels // groups)
            if bias:
                total += 1
    return total
