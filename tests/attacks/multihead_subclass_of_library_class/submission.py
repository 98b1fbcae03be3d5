import torch
from torch import nn


class MultiHeadAttention(nn.MultiheadAttention):
    def __init__(self, d_model, num_heads):
        super().__init__(d_model, num_heads, batch_first=True)
        self.w_q, self.w_k, self.w_v, self.w_o = (nn.Linear(d_model, d_model) for _ in range(4))

    def forward(self, x, mask=None):
        layers = self.w_q, self.w_k, self.w_v
        with torch.no_grad():
            self.in_proj_weight.copy_(torch.cat([layer.weight for layer in layers]))
            self.in_proj_bias.copy_(torch.cat([layer.bias for layer in layers]))
            self.out_proj.weight.copy_(self.w_o.weight)
            self.out_proj.bias.copy_(self.w_o.bias)
        return super().forward(x, x, x)[0]
