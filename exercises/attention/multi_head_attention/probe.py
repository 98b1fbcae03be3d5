"""The worked example of the statement, on a module of the submission."""

import math

import torch

WEIGHTS = {"w_q": 1.0, "w_k": math.log(3), "w_v": 1.0, "w_o": 1.0}


def worked_example(module, mask=None):
    """Set the parameters and read the positions (1, 0) and (0, 1)."""
    layer = module.MultiHeadAttention(2, 2)
    with torch.no_grad():
        for name, factor in WEIGHTS.items():
            getattr(layer, name).weight.copy_(factor * torch.eye(2))
            getattr(layer, name).bias.copy_(torch.tensor([0.0, 1.0 if name == "w_o" else 0.0]))
    x = torch.eye(2)[None]
    return layer(x) if mask is None else layer(x, mask)
