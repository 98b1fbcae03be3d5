"""Layers that stand in a list first and get their names afterwards, and in a dict after that; a scale kept as a buffer."""

import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        if d_model % num_heads:
            raise ValueError("d_model must be a multiple of num_heads")
        self.num_heads = num_heads
        self.layers = nn.ModuleList(nn.Linear(d_model, d_model) for _ in range(3))
        self.w_q, self.w_k, self.w_v = self.layers
        self.w_o = nn.Linear(d_model, d_model)
        self.last = nn.ModuleDict({"out": self.w_o})
        self.register_buffer("scale", torch.tensor(float(d_model // num_heads)).rsqrt())

    def forward(self, x, mask=None):
        q, k, v = (torch.stack(layer(x).chunk(self.num_heads, dim=-1), dim=1) for layer in self.layers)
        scores = torch.einsum("bhtd,bhsd->bhts", q, k) * self.scale
        if mask is not None:
            scores = scores.masked_fill(mask == 0, torch.finfo(scores.dtype).min)
        return self.last["out"](torch.cat((scores.softmax(-1) @ v).unbind(1), dim=-1))
