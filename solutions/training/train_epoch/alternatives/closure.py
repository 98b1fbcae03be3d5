"""The optimiser calls a closure; losses and sizes are averaged by NumPy, so a NumPy number comes back."""

import numpy as np


def train_epoch(model, batches, loss_fn, optimizer):
    model.train(True)
    losses, sizes = [], []
    for inputs, targets in batches:

        def closure(inputs=inputs, targets=targets):
            model.zero_grad()
            loss = loss_fn(model(inputs), targets)
            loss.backward()
            return loss

        losses.append(float(optimizer.step(closure)))
        sizes.append(targets.shape[0])
    return np.average(losses, weights=sizes)
