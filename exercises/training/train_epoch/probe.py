"""Small models, batches and optimisers for the visible tests."""

import torch
from torch import nn


class Line(nn.Module):
    """w * x with a dropout that never drops, and a note of the mode of every call."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(1, 1, bias=False)
        self.dropout = nn.Dropout(0.0)
        self.modes = []
        nn.init.zeros_(self.linear.weight)

    def forward(self, inputs):
        self.modes.append(self.training and self.dropout.training)
        return self.linear(self.dropout(inputs))


def fit(module, batches, feed):
    """One epoch with SGD: the returned loss, the weight, the modes of the model and the number of steps."""
    model = Line().eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    steps = []
    optimizer.register_step_post_hook(lambda *_: steps.append(1))
    if feed == "generator":
        batches = (batch for batch in batches)
    loss = module.train_epoch(model, batches, nn.MSELoss(), optimizer)
    return loss, {"weight": model.linear.weight.item(), "modes": model.modes, "steps": len(steps)}
