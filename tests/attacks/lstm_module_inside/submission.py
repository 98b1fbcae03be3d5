import torch
from torch import nn


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.sizes = input_size, hidden_size
        self.weight_ih = nn.Linear(input_size, 4 * hidden_size)
        self.weight_hh = nn.Linear(hidden_size, 4 * hidden_size)

    def forward(self, inputs, state=None):
        weights = {
            "weight_ih_l0": self.weight_ih.weight,
            "weight_hh_l0": self.weight_hh.weight,
            "bias_ih_l0": self.weight_ih.bias,
            "bias_hh_l0": self.weight_hh.bias,
        }
        layer = nn.LSTM(*self.sizes, batch_first=True)
        state = None if state is None else tuple(part[None] for part in state)
        outputs, (h, c) = torch.func.functional_call(layer, weights, (inputs, state))
        return outputs, (h[0], c[0])
