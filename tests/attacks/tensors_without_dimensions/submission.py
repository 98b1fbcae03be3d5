import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.tensor(1.0), torch.tensor(1.0)
