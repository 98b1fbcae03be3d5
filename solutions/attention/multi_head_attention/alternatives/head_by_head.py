"""One head after the other, each on its slice of the features, each position on its own."""

import torch
from torch import nn


def attend(q, k, v, mask):
    rows = []
    for i in range(q.shape[1]):
        scores = (k * q[:, i : i + 1]).sum(-1) / q.shape[-1] ** 0.5  # (B, T)
        if mask is not None:
            scores = torch.where(mask[:, i] > 0, scores, torch.tensor(-1e9, dtype=scores.dtype))
        rows.append((scores.softmax(-1).unsqueeze(-1) * v).sum(1))
    return torch.stack(rows, 1)


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        if d_model % num_heads:
            raise ValueError(num_heads)
        nn.Module.__init__(self)
        for name in "qkvo":
            setattr(self, "w_" + name, nn.Linear(d_model, d_model))
        self.h = num_heads

    def forward(self, x, mask=None):
        b, t, d_model = x.shape
        d = d_model // self.h
        if mask is not None:
            mask = mask.expand(b, self.h, t, t).double()
        q, k, v = self.w_q(x), self.w_k(x), self.w_v(x)
        heads = []
        for i in range(self.h):
            part = slice(i * d, i * d + d)
            heads.append(attend(q[..., part], k[..., part], v[..., part], None if mask is None else mask[:, i]))
        return self.w_o(torch.cat(heads, -1))
