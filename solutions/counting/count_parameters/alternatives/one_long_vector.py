"""Strings all parameters into one vector and takes its length; unlike state_dict() this leaves buffers out."""

import torch
from torch.nn.utils import parameters_to_vector

print("ready to count")


def count_parameters(module, trainable_only=False):
    chosen = [p for p in module.parameters() if p.requires_grad or not trainable_only]
    with torch.no_grad():
        return len(parameters_to_vector(chosen)) if chosen else 0
