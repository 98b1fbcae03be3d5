"""Scaled dot-product attention."""

import torch


def scaled_dot_product_attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Let every query look at all keys and collect the values of those it resembles.

    Args:
        query: (..., L, d_k), L queries of width d_k; float32 or float64.
        key: (..., S, d_k), S keys of the same width.
        value: (..., S, d_v), one value per key; d_v need not equal d_k.
            The leading dimensions "..." are the same in all three; there may be any number of them, none included.
        mask: broadcastable to (..., L, S); bool, or numbers 0 and 1 of any dtype. True or 1: the query may attend to
            the key. Every query may attend to at least one key. None: no restriction.

    Returns:
        (context, weights): context is (..., L, d_v), weights is (..., L, S). Each row of the weights sums to 1;
        a weight that the mask excludes is below 1e-6. Both are differentiable with respect to query, key and value.
        Scores of up to 1e4 in absolute value give finite results. No argument is changed.

    Example (√d_k = 2, so the scores are ln 3 and 0):
        query = [[2, 0, 0, 0]], key = [[ln 3, 0, 0, 0], [0, 1, 0, 0]], value = [[4, 0], [0, 8]]
        weights = [[0.75, 0.25]], context = [[3, 2]]
        With mask = [[1, 0]]: weights = [[1, 0]], context = [[4, 0]]
    """
    raise NotImplementedError
