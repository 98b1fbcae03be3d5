"""Count the parameters of a fully connected layer."""


def linear_params(in_features: int, out_features: int, bias: bool = True) -> int:
    """Return the number of trainable parameters of a fully connected layer y = W x + b.

    Args:
        in_features: length of the input vector x, at least 1.
        out_features: length of the output vector y, at least 1.
        bias: whether the layer has the vector b; without it the layer is y = W x.

    Returns:
        How many numbers training adjusts, as an integer: 8 is right, 8.0 is not.

    Example:
        >>> linear_params(3, 2)
        8
        >>> linear_params(3, 2, bias=False)
        6
    """
    raise NotImplementedError
