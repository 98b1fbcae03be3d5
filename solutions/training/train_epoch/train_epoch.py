from collections.abc import Callable, Iterable

import torch
from torch import nn


def train_epoch(
    model: nn.Module,
    batches: Iterable[tuple[torch.Tensor, torch.Tensor]],
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    optimizer: torch.optim.Optimizer,
) -> float:
    """Train the model on every batch once and return the loss averaged over samples."""
    model.train()
    total = 0.0
    samples = 0
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), targets)
        loss.backward()
        optimizer.step()
        # The loss is a mean over the batch, so it counts once for each of its samples.
        total += loss.item() * len(inputs)
        samples += len(inputs)
    return total / samples
