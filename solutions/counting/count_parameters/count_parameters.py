"""Number of entries of a module's parameters."""

from torch import nn


def count_parameters(module: nn.Module, trainable_only: bool = False) -> int:
    """Add up the entries; `Module.parameters` gives each Parameter object once and leaves the buffers out."""
    counted = (parameter for parameter in module.parameters() if parameter.requires_grad or not trainable_only)
    return sum(parameter.numel() for parameter in counted)
