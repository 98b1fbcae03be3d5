"""The three projections as one product, heads folded into the batch for bmm, and the output summed over heads."""

import torch
from torch import nn
from torch.nn import functional as F


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.d_model, self.num_heads = d_model, num_heads
        self.d_head, rest = divmod(d_model, num_heads)
        if rest:
            raise ValueError(f"{d_model} features cannot be shared out evenly over {num_heads} heads")
        self.w_q, self.w_k, self.w_v, self.w_o = (nn.Linear(d_model, d_model) for _ in range(4))

    def forward(self, x, mask=None):
        batch, length, _ = x.shape
        layers = (self.w_q, self.w_k, self.w_v)
        weight = torch.cat([layer.weight for layer in layers])
        bias = torch.cat([layer.bias for layer in layers])
        qkv = F.linear(x, weight, bias).view(batch, length, 3, self.num_heads, self.d_head)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).reshape(3, batch * self.num_heads, length, self.d_head)
        if mask is None:
            scores = torch.bmm(q, k.mT) / self.d_head**0.5
        else:
            visible = mask.to(x.dtype).expand(batch, self.num_heads, length, length).reshape(-1, length, length)
            scores = torch.baddbmm((1 - visible) * -1e9, q, k.mT, alpha=self.d_head**-0.5)
        context = torch.bmm(F.softmax(scores, -1), v).view(batch, self.num_heads, length, self.d_head)
        # Joining the heads and multiplying by w_o is the sum of every head times its own columns of w_o.
        columns = self.w_o.weight.view(self.d_model, self.num_heads, self.d_head)
        return torch.tensordot(context, columns, dims=([1, 3], [1, 2])) + self.w_o.bias
