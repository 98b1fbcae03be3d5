"""Count the parameters of a two-dimensional convolutional layer."""


def conv2d_params(in_channels, out_channels, kernel_size, bias=True, groups=1) -> int:
    """Return the number of trainable parameters of a 2-d convolutional layer.

    Args:
        in_channels: channels of the input, at least 1.
        out_channels: channels of the output, one filter for each, at least 1.
        kernel_size: an int k for a k x k window, or a pair (kH, kW), tuple or list, for a kH x kW one.
        bias: whether every filter has a bias.
        groups: into how many groups the channels are split; divides in_channels and out_channels.
            A filter sees only the input channels of its own group.

    Returns:
        How many numbers training adjusts, as an integer: 27 is right, 27.0 is not.

    Example:
        >>> conv2d_params(2, 3, 2)
        27
        >>> conv2d_params(2, 3, 2, bias=False)
        24
        >>> conv2d_params(4, 6, (3, 5), groups=2)
        186
    """
    raise NotImplementedError
