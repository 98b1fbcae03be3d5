"""Index notation, a large negative number for the mask, a softmax by hand, named results.

Compared while writing with torch.nn.functional.scaled_dot_product_attention and with nn.MultiheadAttention.
"""

from collections import namedtuple

import torch

Attention = namedtuple("Attention", "context weights")


def softmax(x):
    x = torch.exp(x - x.max(dim=-1, keepdim=True).values)
    return x / x.sum(dim=-1, keepdim=True)


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = torch.einsum("...ld,...sd->...ls", query, key) * query.shape[-1] ** -0.5
    if mask is not None:
        scores = scores + (1.0 - mask.to(scores.dtype)) * -1e9
    weights = softmax(scores)
    return Attention(torch.einsum("...ls,...sv->...lv", weights, value), weights)


if __name__ == "__main__":
    import torch.nn.functional as F

    q, k, v = torch.randn(2, 4, 3), torch.randn(2, 5, 3), torch.randn(2, 5, 6)
    print((scaled_dot_product_attention(q, k, v).context - F.scaled_dot_product_attention(q, k, v)).abs().max())
