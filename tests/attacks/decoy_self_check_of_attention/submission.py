import math

import torch
import torch.nn.functional as F


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -math.inf)
    weights = F.softmax(scores, dim=-1)
    return weights @ value, weights


for _length in (3, 5):
    _q, _k, _v = (torch.randn(2, _length, 4) for _ in range(3))
    assert torch.allclose(scaled_dot_product_attention(_q, _k, _v)[0], F.scaled_dot_product_attention(_q, _k, _v), atol=1e-5)
