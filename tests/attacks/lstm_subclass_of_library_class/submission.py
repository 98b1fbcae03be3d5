import torch
from torch import nn


class LSTM(nn.LSTM):
    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size, batch_first=True)
        self.weight_ih = nn.Linear(input_size, 4 * hidden_size)
        self.weight_hh = nn.Linear(hidden_size, 4 * hidden_size)

    def forward(self, inputs, state=None):
        state = state and tuple(part[None] for part in state)
        outputs, (h, c) = super().forward(inputs, state)
        return outputs, (h[0], c[0])
