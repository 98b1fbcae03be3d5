"""From the state dict, keeping only what is a Parameter, each object once."""

import torch


def count_parameters(module, *args, **kwargs):
    trainable_only = args[0] if args else kwargs.get("trainable_only", False)
    kept = []
    for value in module.state_dict(keep_vars=True).values():
        if isinstance(value, torch.nn.Parameter) and all(value is not other for other in kept):
            kept.append(value)
    count = torch.tensor([value.nelement() for value in kept], dtype=torch.int64)
    mask = torch.tensor([value.requires_grad or not trainable_only for value in kept], dtype=torch.bool)
    return int(count[mask].sum())
