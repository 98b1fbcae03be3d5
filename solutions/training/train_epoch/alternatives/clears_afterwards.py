"""Clears once before the loop and then after every step; gives the model its former mode back."""

import contextlib

import torch


@contextlib.contextmanager
def training(model):
    modes = [(module, module.training) for module in model.modules()]
    model.train()
    try:
        yield model
    finally:
        for module, mode in modes:
            module.training = mode


def clear(model):
    for parameter in model.parameters():
        parameter.grad = None


def train_epoch(model, batches, loss_fn, optimizer):
    total, samples = torch.zeros((), dtype=torch.float64), 0
    clear(model)
    with training(model):
        for inputs, targets in batches:
            loss = loss_fn(model(inputs), targets)
            loss.backward()
            optimizer.step()
            clear(model)
            with torch.no_grad():
                total += loss * inputs.shape[0]
            samples += inputs.shape[0]
    return float(total / samples)


if __name__ == "__main__":
    net = torch.nn.Linear(2, 1)
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    print(train_epoch(net, [(torch.ones(3, 2), torch.ones(3, 1))], torch.nn.MSELoss(), sgd))
