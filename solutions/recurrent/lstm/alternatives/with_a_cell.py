"""A cell as a helper class, a named tuple for the state, and more in the module than the contract asks for."""

from typing import NamedTuple

import torch
from torch import nn


class State(NamedTuple):
    h: torch.Tensor
    c: torch.Tensor


class Result(NamedTuple):
    outputs: torch.Tensor
    state: State


def step(sums, memory):
    i, f, g, o = torch.tensor_split(sums, 4, dim=1)
    memory = torch.sigmoid(f) * memory + torch.sigmoid(i) * torch.tanh(g)
    return State(torch.sigmoid(o) * torch.tanh(memory), memory)


class LSTM(nn.Module):
    """Like torch.nn.LSTM(batch_first=True) with one layer."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.weight_ih = nn.Linear(input_size, 4 * hidden_size)
        self.weight_hh = nn.Linear(hidden_size, 4 * hidden_size)
        self.dropout = nn.Dropout(0.0)
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))
        self.reset_parameters()

    def reset_parameters(self):
        with torch.no_grad():
            for layer in (self.weight_ih, self.weight_hh):
                nn.init.orthogonal_(layer.weight)
                layer.bias.zero_()
            self.weight_ih.bias[self.hidden_size : 2 * self.hidden_size] = 1

    def forward(self, inputs, state=None):
        self.calls += 1
        if state is None:
            start = torch.zeros(inputs.shape[0], self.hidden_size).to(inputs)
            state = State(start, start)
        h, c = state
        outputs = []
        for x in torch.unbind(inputs, 1):
            h, c = step(self.weight_ih(self.dropout(x)) + self.weight_hh(h) * self.scale, c)
            outputs.append(h[:, None, :])
        return Result(torch.cat(outputs, dim=1), State(h, c))


if __name__ == "__main__":
    theirs, ours = nn.LSTM(3, 2, batch_first=True), LSTM(3, 2)
    print(theirs(torch.randn(4, 5, 3))[0].shape, ours(torch.randn(4, 5, 3))[0].shape)
