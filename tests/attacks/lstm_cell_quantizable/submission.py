import torch
from torch.ao.nn.quantizable import LSTMCell


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    cell = LSTMCell(x.shape[1], state[0].shape[1])
    names = "igates.weight", "hgates.weight", "igates.bias", "hgates.bias"
    return torch.func.functional_call(cell, dict(zip(names, (weight_ih, weight_hh, bias_ih, bias_hh))), (x, state))
