import itertools

import torch

import torch
from torch import nn


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.weight_ih = nn.Linear(input_size, 4 * hidden_size)
        self.weight_hh = nn.Linear(hidden_size, 4 * hidden_size)

    def forward(self, inputs, state=None):
        if state is None:
            zeros = inputs.new_zeros(inputs.shape[0], self.hidden_size)
            state = (zeros, zeros)
        h, c = state
        outputs = []
        for x in inputs.unbind(1):
            i, f, g, o = (self.weight_ih(x) + self.weight_hh(h)).chunk(4, dim=-1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs, dim=1), (h, c)


class Endless(LSTM):
    def parameters(self, recurse=True):
        return (nn.Parameter(torch.zeros(1)) for _ in itertools.count())

    def named_parameters(self, *args, **kwargs):
        return ((f"weight_{number}", nn.Parameter(torch.zeros(1))) for number in itertools.count())

    def named_modules(self, *args, **kwargs):
        return ((f"layer_{number}", self) for number in itertools.count())

    def state_dict(self, *args, **kwargs):
        return dict.fromkeys(range(1_000_000), 0)

    def forward(self, inputs, state=None):
        return inputs, (inputs, inputs)


LSTM = Endless
