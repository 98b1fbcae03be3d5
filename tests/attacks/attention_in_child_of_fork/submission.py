import torch
import torch.nn.functional as F


def scaled_dot_product_attention(query, key, value, mask=None):
    mask = None if mask is None else mask.bool()
    eye = torch.eye(key.shape[-2], dtype=key.dtype).expand(*key.shape[:-2], -1, -1)
    with torch.multiprocessing.get_context("fork").Pool(1) as pool:
        questions = [(query.detach(), key.detach(), v.detach(), mask) for v in (value, eye)]
        return tuple(pool.starmap(F.scaled_dot_product_attention, questions))
