"""Count the parameters of a torch module."""


def count_parameters(module, trainable_only=False) -> int:
    """Return how many numbers the parameters of a torch module hold.

    Args:
        module: an nn.Module of any structure, a single layer included. It is left as it was.
        trainable_only: count only the parameters with requires_grad set.

    Returns:
        The number of entries of all parameters, as an integer: 34 is right, 34.0 is not. The same Parameter object
        reached twice counts once; different Parameter objects count each, however alike they are. Buffers do not count.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
        >>> count_parameters(model)                 # (12 + 4) + (4 + 4) + 0 + (8 + 2)
        34
        >>> model[0].requires_grad_(False)          # freezes the first layer
        >>> count_parameters(model, trainable_only=True)
        18
    """
    raise NotImplementedError
