"""Strings all parameters into one vector and takes its length; unlike state_dict() this leaves buffers out.

Not by torch.nn.utils.parameters_to_vector, which refuses parameters that do not lie contiguously in memory.
"""

import torch

print("ready to count")


def count_parameters(module, trainable_only=False):
    chosen = [p.reshape(-1) for p in module.parameters() if p.requires_grad or not trainable_only]
    with torch.no_grad():
        return len(torch.cat(chosen)) if chosen else 0
