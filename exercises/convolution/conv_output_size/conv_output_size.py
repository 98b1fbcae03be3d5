"""Output size of a convolution along one axis."""


def conv_output_size(
    input_size: int,
    kernel_size: int,
    padding: int = 0,
    stride: int = 1,
    dilation: int = 1,
) -> int:
    """Count the positions at which a kernel fits along one axis.

    Args:
        input_size: number of cells of the input along the axis, at least 1.
        kernel_size: number of taps of the kernel along the axis, at least 1.
        padding: cells added before the first cell and, once more, after the last one; at least 0.
        stride: cells from one position of the kernel to the next; at least 1.
        dilation: distance between neighbouring taps of the kernel; 1 means that they touch.

    Returns:
        The size of the output along the axis, an int. Only sizes that give at least 1 are asked for.

    Example:
        conv_output_size(10, 3, padding=1, stride=2, dilation=2) is 4: the padded axis has the cells
        0 to 11, the kernel covers 5 of them, and it fits at 0, 2, 4 and 6.
    """
    raise NotImplementedError
