"""One query at a time, one key at a time: slow, and nothing to misread."""

import torch


def dot(a, b):
    total = 0.0
    for i in range(a.shape[0]):
        total = total + a[i] * b[i]
    return total


def one_matrix(query, key, value, mask):
    contexts, rows = [], []
    for i in range(query.shape[0]):
        visible = [j for j in range(key.shape[0]) if mask is None or bool(mask[i, j])]
        scores = {j: dot(query[i], key[j]) / query.shape[1] ** 0.5 for j in visible}
        top = max(float(score.detach()) for score in scores.values())
        raised = {j: torch.exp(score - top) for j, score in scores.items()}
        total = sum(raised.values())
        zero = torch.zeros((), dtype=query.dtype)
        row = [raised[j] / total if j in raised else zero for j in range(key.shape[0])]
        rows.append(torch.stack(row))
        contexts.append(sum(weight * value[j] for j, weight in enumerate(row)))
    return torch.stack(contexts), torch.stack(rows)


def scaled_dot_product_attention(query, key, value, mask=None):
    lead = tuple(query.shape[:-2])
    if mask is not None:
        mask = mask.expand(lead + (query.shape[-2], key.shape[-2]))
    if not lead:
        return one_matrix(query, key, value, mask)
    pairs = [
        scaled_dot_product_attention(query[b], key[b], value[b], None if mask is None else mask[b])
        for b in range(lead[0])
    ]
    return torch.stack([c for c, _ in pairs]), torch.stack([w for _, w in pairs])
