"""Works on a deep copy, whose values nobody minds losing: a set of parameters, each filled with ones and summed up."""

import copy

import torch


@torch.no_grad()
def count_parameters(module, trainable_only=False):
    total = torch.zeros((), dtype=torch.float64)
    for parameter in set(copy.deepcopy(module).parameters()):
        if parameter.requires_grad or not trainable_only:
            total += parameter.data.double().fill_(1).sum()
    return round(total.item())
