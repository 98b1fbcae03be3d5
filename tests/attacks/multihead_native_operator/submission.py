import torch
import torch.nn.functional as F
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        if d_model % num_heads:
            raise ValueError("num_heads must divide d_model")
        self.d_model, self.num_heads = d_model, num_heads
        self.w_q, self.w_k, self.w_v, self.w_o = (nn.Linear(d_model, d_model) for _ in range(4))

    def packed(self):
        layers = self.w_q, self.w_k, self.w_v
        return torch.cat([layer.weight for layer in layers]), torch.cat([layer.bias for layer in layers])

    def forward(self, x, mask=None):
        weight, bias = self.packed()
        return torch._native_multi_head_attention(x, x, x, self.d_model, self.num_heads, weight, bias, self.w_o.weight, self.w_o.bias, None if mask is None else ~mask.bool().expand(x.shape[0], self.num_heads, x.shape[1], x.shape[1]), mask_type=2)[0]
