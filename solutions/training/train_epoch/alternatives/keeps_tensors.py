"""Collects the detached losses and does the arithmetic at the end; moves every batch to the model's device."""

import torch


def train_epoch(model, batches, loss_fn, optimizer):
    device = next(model.parameters()).device
    model = model.train()
    losses, sizes = [], []
    for inputs, targets in batches:
        inputs, targets = inputs.to(device), targets.to(device)
        with torch.enable_grad():
            output = model(inputs)
            loss = loss_fn(output, targets)
        optimizer.zero_grad()
        loss.backward(retain_graph=False)
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(float(len(output)))
    weights = torch.tensor(sizes, dtype=torch.float64)
    return (torch.stack(losses).double() @ weights / weights.sum()).item()
