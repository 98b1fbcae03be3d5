"""A module that asks to be compiled."""

import math

import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    """Self-attention of a (B, T, d_model) tensor by num_heads heads."""

    def __init__(self, d_model: int, num_heads: int) -> None:
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError(f"num_heads must divide d_model, got {num_heads} and {d_model}")
        self.num_heads = num_heads
        self.d_head = d_model // num_heads
        self.w_q = nn.Linear(d_model, d_model)
        self.w_k = nn.Linear(d_model, d_model)
        self.w_v = nn.Linear(d_model, d_model)
        self.w_o = nn.Linear(d_model, d_model)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        query = self._split(self.w_q(x))
        key = self._split(self.w_k(x))
        value = self._split(self.w_v(x))
        scores = query @ key.transpose(-2, -1) / math.sqrt(self.d_head)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, -math.inf)
        context = torch.softmax(scores, dim=-1) @ value
        return self.w_o(self._join(context))

    def _split(self, features: torch.Tensor) -> torch.Tensor:
        """(B, T, d_model) to (B, num_heads, T, d_head); head i gets the i-th run of d_head features."""
        return features.unflatten(-1, (self.num_heads, self.d_head)).transpose(1, 2)

    def _join(self, heads: torch.Tensor) -> torch.Tensor:
        """(B, num_heads, T, d_head) back to (B, T, d_model)."""
        return heads.transpose(1, 2).flatten(-2)


Attention = MultiHeadAttention


def MultiHeadAttention(d_model, num_heads):
    module = torch.compile(Attention(d_model, num_heads), mode="max-autotune")
    module.compile()
    return module
