"""Devices named in roundabout ways: as a context, as the default, and rebuilt from the name of the inputs' own."""

import torch
from torch import nn


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.weight_ih = nn.Linear(input_size, 4 * hidden_size)
        self.weight_hh = nn.Linear(hidden_size, 4 * hidden_size)

    def start(self, inputs):
        size = len(inputs), self.weight_hh.in_features
        with inputs.device:
            h = torch.zeros(size, dtype=inputs.dtype)
        c = torch.zeros(size, dtype=inputs.dtype, device=torch.device(str(inputs.device)))
        return h, c

    def forward(self, inputs, state=None):
        h, c = self.start(inputs) if state is None else state
        sums, outputs = self.weight_ih(inputs), []
        for t in torch.arange(inputs.shape[1]):
            i, f, g, o = (sums[:, t] + self.weight_hh(h)).tensor_split(4, dim=1)
            c = torch.addcmul(f.sigmoid() * c, i.sigmoid(), g.tanh())
            h = o.sigmoid() * c.tanh()
            outputs.append(h)
        return torch.stack(outputs, dim=1), [h, c]
