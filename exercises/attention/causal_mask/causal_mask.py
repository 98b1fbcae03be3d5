"""The mask of a model that writes from left to right."""

import torch


def causal_mask(length: int) -> torch.Tensor:
    """Tell which position may attend to which, when nobody may look into the future.

    Args:
        length: number of positions T, an int of at least 1.

    Returns:
        A bool tensor (T, T): rows are the positions that look, columns those that are looked at. True on and below the
        diagonal (may attend), False above it.

    Example:
        causal_mask(3) = [[True, False, False], [True, True, False], [True, True, True]]
    """
    raise NotImplementedError
