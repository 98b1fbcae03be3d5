"""Trainable parameters of a two-dimensional convolutional layer."""

from collections.abc import Sequence


def conv2d_params(
    in_channels: int,
    out_channels: int,
    kernel_size: int | Sequence[int],
    bias: bool = True,
    groups: int = 1,
) -> int:
    """Count the filters' weights and, where the layer has them, their biases."""
    kernel_height, kernel_width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    channels_seen = in_channels // groups
    weights = out_channels * channels_seen * kernel_height * kernel_width
    biases = out_channels if bias else 0
    return weights + biases
