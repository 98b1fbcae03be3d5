"""Plain matrix products with the weights themselves, over one sequence at a time."""

import math

import torch
from torch import nn


class _Base(nn.Module):
    def project(self, x, layer):
        return x @ layer.weight.T + layer.bias


class MultiHeadAttention(_Base):
    def __init__(self, d_model, num_heads):
        super().__init__()
        if not (d_model / num_heads).is_integer():
            raise ValueError("uneven heads")
        self.register_module("w_q", nn.Linear(d_model, d_model))
        self.register_module("w_k", nn.Linear(d_model, d_model))
        self.register_module("w_v", nn.Linear(d_model, d_model))
        self.register_module("w_o", nn.Linear(d_model, d_model))
        self.shape = (num_heads, d_model // num_heads)

    def one_sequence(self, x, mask):
        q, k, v = (self.project(x, w).view(-1, *self.shape).movedim(1, 0) for w in (self.w_q, self.w_k, self.w_v))
        scores = (q[:, :, None] * k[:, None]).sum(-1).div(math.sqrt(self.shape[1]))
        if mask is not None:
            scores = scores.masked_fill(mask.logical_not(), torch.finfo(scores.dtype).min)
        scores = torch.exp(scores - scores.amax(-1, keepdim=True))
        context = (scores / scores.sum(-1, keepdim=True)).matmul(v)
        return self.project(context.movedim(0, 1).reshape(x.shape), self.w_o)

    def forward(self, x, mask=None):
        if mask is not None:
            mask = mask.expand(len(x), self.shape[0], x.shape[1], x.shape[1])
        return torch.stack([self.one_sequence(row, None if mask is None else mask[i]) for i, row in enumerate(x)])
