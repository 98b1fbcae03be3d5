"""Collects the parameters by recursion over the children, then counts them with NumPy."""

import numpy as np
from torch import nn


def collect(module: nn.Module, found: dict[int, nn.Parameter]) -> dict[int, nn.Parameter]:
    for parameter in module.parameters(recurse=False):
        found[id(parameter)] = parameter
    for child in module.children():
        collect(child, found)
    return found


def count_parameters(module: nn.Module, trainable_only: bool = False) -> np.int64:
    flags = (True,) if trainable_only else (True, False)
    sizes = [np.prod(p.shape, dtype=np.int64) for p in collect(module, {}).values() if p.requires_grad in flags]
    return np.sum(sizes, dtype=np.int64)
