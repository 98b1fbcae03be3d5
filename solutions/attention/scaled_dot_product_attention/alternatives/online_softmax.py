"""Keys are read in chunks with a running maximum and a running sum; the weights are made at the end."""

import math

import torch

CHUNK = 2
LOWEST = -1e30  # finite, so that a chunk with nothing to see does not give inf - inf


def scaled_dot_product_attention(query, key, value, mask=None):
    lead, length, keys = query.shape[:-2], query.shape[-2], key.shape[-2]
    if mask is None:
        mask = torch.ones(keys)
    mask = (mask != 0).expand(*lead, length, keys)
    running_max = query.new_full((*lead, length, 1), LOWEST)
    running_sum = query.new_zeros((*lead, length, 1))
    context = query.new_zeros((*lead, length, value.shape[-1]))
    chunks = []
    for start in range(0, keys, CHUNK):
        part = slice(start, start + CHUNK)
        scores = query @ key[..., part, :].transpose(-1, -2) / math.sqrt(query.shape[-1])
        scores = torch.where(mask[..., part], scores, torch.full_like(scores, LOWEST))
        chunks.append(scores)
        new_max = torch.maximum(running_max, scores.amax(-1, keepdim=True)).detach()
        raised = torch.exp(scores - new_max) * mask[..., part]
        shrink = torch.exp(running_max - new_max)
        running_sum = running_sum * shrink + raised.sum(-1, keepdim=True)
        context = context * shrink + raised @ value[..., part, :]
        running_max = new_max
    weights = torch.exp(torch.cat(chunks, -1) - running_max) / running_sum
    return context / running_sum, weights
