"""A class for reading any cell over time, and the cell as its child."""

import torch
from torch import nn


class Recurrent(nn.Module):
    def start(self, inputs):
        raise NotImplementedError

    def step(self, x, *state):
        raise NotImplementedError

    def forward(self, inputs, state=None):
        state = self.start(inputs) if state is None else state
        outputs = inputs[:, :0, :1].expand(-1, -1, self.hidden_size)
        for t in range(inputs.size(1)):
            state = self.step(inputs.select(1, t), *state)
            outputs = torch.cat([outputs, state[0].unsqueeze(1)], dim=1)
        return outputs, state


class LSTM(Recurrent):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.weight_ih = nn.Linear(input_size, 4 * hidden_size)
        self.weight_hh = nn.Linear(hidden_size, 4 * hidden_size)

    def start(self, inputs):
        return torch.zeros((2, inputs.size(0), self.hidden_size), dtype=inputs.dtype, device=inputs.device).unbind()

    def step(self, x, h, c):
        ii, ff, gg, oo = (self.weight_ih(x) + self.weight_hh(h)).split(self.hidden_size, dim=-1)
        c = torch.sigmoid(ff) * c + torch.sigmoid(ii) * torch.tanh(gg)
        return torch.sigmoid(oo) * torch.tanh(c), c
