"""Everything in float32, flattened to one batch axis for bmm, and log-space masking."""

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    *lead, length, width = query.shape
    keys, values = value.shape[-2:]
    q = query.float().reshape(-1, length, width)
    k = key.float().reshape(-1, keys, width)
    v = value.float().reshape(-1, keys, values)
    logits = torch.bmm(q, k.permute(0, 2, 1)).div_(width**0.5)
    if mask is not None:
        allowed = torch.broadcast_to(mask, (*lead, length, keys)).reshape(-1, length, keys)
        logits += torch.log(allowed.float())
    weights = torch.exp(logits - torch.logsumexp(logits, dim=-1, keepdim=True))
    return torch.bmm(weights, v).view(*lead, length, values), weights.view(*lead, length, keys)
