"""Index notation all the way; a dropout that drops nothing, a buffer and a counter beside the four layers.

Gives what nn.MultiheadAttention and F.multi_head_attention_forward give, without calling them.
"""

import torch
from torch import nn

print("multi-head attention with einsum")


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model: int, num_heads: int, dropout: float = 0.0):
        super().__init__()
        if num_heads < 1 or d_model // num_heads * num_heads != d_model:
            raise ValueError("d_model must be a multiple of num_heads")
        self.w_o = nn.Linear(d_model, d_model, bias=True)
        self.w_v = nn.Linear(d_model, d_model)
        self.w_k = nn.Linear(d_model, d_model)
        self.w_q = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("scale", torch.tensor((d_model // num_heads) ** -0.5))
        self.num_heads = num_heads
        self.weights = None
        for layer in (self.w_q, self.w_k, self.w_v, self.w_o):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x, mask=None):
        def heads(layer):
            return layer(x).unflatten(2, (self.num_heads, -1))

        scores = torch.einsum("bqhd,bkhd->bhqk", heads(self.w_q), heads(self.w_k)) * self.scale
        if mask is not None:
            scores = scores + torch.where(mask.bool(), 0.0, float("-inf"))
        weights = self.dropout(torch.exp(scores - scores.logsumexp(-1, keepdim=True)))
        self.weights = weights.detach()
        context = torch.einsum("bhqk,bkhd->bqhd", weights, heads(self.w_v))
        return self.w_o(context.reshape(x.shape))


if __name__ == "__main__":
    ours, theirs = MultiHeadAttention(6, 2), nn.MultiheadAttention(6, 2, batch_first=True)
    print(ours(torch.randn(1, 4, 6)).shape, theirs(*[torch.randn(1, 4, 6)] * 3)[0].shape)
