"""Every gate with rows of its own, a sigmoid written out, and no transposed matrix."""

import torch
import torch.nn.functional as F


def _sigmoid(values):
    return 1 / (1 + torch.exp(-values))


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = state
    size = h.shape[-1]

    def block(number):
        rows = slice(number * size, (number + 1) * size)
        return F.linear(x, weight_ih[rows], bias_ih[rows]) + F.linear(h, weight_hh[rows], bias_hh[rows])

    new_c = _sigmoid(block(1)) * c + _sigmoid(block(0)) * torch.tanh(block(2))
    return [_sigmoid(block(3)) * torch.tanh(new_c), new_c]
