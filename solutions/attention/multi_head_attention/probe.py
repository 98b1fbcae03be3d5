"""Questions to the module that are no single call of it."""

import torch


def holds_linear_layers(module, d_model, num_heads):
    """Tell whether all four layers are nn.Linear."""
    layer = module.MultiHeadAttention(d_model, num_heads)
    return all(isinstance(getattr(layer, name, None), torch.nn.Linear) for name in ("w_q", "w_k", "w_v", "w_o"))
