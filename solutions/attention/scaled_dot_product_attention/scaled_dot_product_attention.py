"""Scaled dot-product attention: the reference solution."""

import math

import torch


def scaled_dot_product_attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the context (..., L, d_v) and the attention weights (..., L, S)."""
    scores = torch.matmul(query, key.transpose(-2, -1)) / math.sqrt(query.size(-1))
    if mask is not None:
        # Before the softmax, so that the remaining weights still sum to one. "== 0" serves bool and numbers alike.
        scores = scores.masked_fill(mask == 0, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return torch.matmul(weights, value), weights
