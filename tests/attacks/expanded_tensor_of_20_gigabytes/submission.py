import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    huge = torch.zeros(1).expand(50_000, 100_000)
    return huge, huge
