import torch
import torch.nn.functional as F


def scaled_dot_product_attention(query, key, value, mask=None):
    mask = None if mask is None else mask.bool()
    eye = torch.eye(key.shape[-2], dtype=key.dtype).expand(*key.shape[:-2], -1, -1)
    return F.scaled_dot_product_attention(query, key, value, mask), F.scaled_dot_product_attention(query, key, eye, mask)
