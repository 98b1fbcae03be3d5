"""Output size of a convolution along one axis."""


def conv_output_size(
    input_size: int,
    kernel_size: int,
    padding: int = 0,
    stride: int = 1,
    dilation: int = 1,
) -> int:
    """Count the positions at which a kernel fits along one axis."""
    length = input_size + 2 * padding
    span = dilation * (kernel_size - 1) + 1  # from the first tap to the last one, holes included
    room = length - span
    return room // stride + 1
