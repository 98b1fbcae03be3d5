from collections.abc import Callable, Iterable

import torch
from torch import nn


def train_epoch(
    model: nn.Module,
    batches: Iterable[tuple[torch.Tensor, torch.Tensor]],
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    optimizer: torch.optim.Optimizer,
) -> float:
    """Train the model on every batch once and return the loss averaged over samples.

    The model is put into train mode. Then for every (inputs, targets) in batches: the gradients are cleared, the
    loss loss_fn(model(inputs), targets) is computed, its gradients too, and the optimizer takes one step.

    model: any module; it may come in evaluation mode, with gradients left over from earlier work.
    batches: any iterable of pairs (inputs, targets): a list, a generator, a DataLoader. It has at least one batch
        and can perhaps be gone through only once. Axis 0 of inputs and targets counts the samples; batches may
        differ in size.
    loss_fn: takes (predictions, targets), returns the mean over the samples of the batch as a 0-dim tensor.
    optimizer: any optimizer from torch.optim.
    Returns a number, not a tensor: the mean over all samples of the losses measured before the steps.

    Example: the model w * x with w = 0, mean squared error, SGD with lr = 0.1. Batch 1 has inputs 1, 2 and targets
    2, 4: loss (4 + 16) / 2 = 10, gradient -10, so w = 1. Batch 2 has input 3 and target 6: loss 9, gradient -18,
    so w = 2.8. Returned is (2 * 10 + 1 * 9) / 3 = 9.6667.
    """
    raise NotImplementedError
