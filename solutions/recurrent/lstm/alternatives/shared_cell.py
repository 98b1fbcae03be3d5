"""A cell that owns the layers; the names that the contract asks for are second names of them."""

import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.from_input = nn.Linear(input_size, 4 * hidden_size)
        self.from_hidden = nn.Linear(hidden_size, 4 * hidden_size)
        nn.init.zeros_(self.from_input.bias)
        nn.init.zeros_(self.from_hidden.bias)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.from_input(x) + self.from_hidden(h)).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = Cell(input_size, hidden_size)
        self.weight_ih, self.weight_hh = self.cell.from_input, self.cell.from_hidden

    def forward(self, inputs, state=None):
        size = self.weight_hh.in_features
        state = state or tuple(inputs.new_zeros(2, len(inputs), size))
        outputs = []
        for t in range(inputs.shape[1]):
            state = self.cell(inputs[:, t, :], state)
            outputs.append(state[0])
        return torch.stack(outputs, dim=-2), state
