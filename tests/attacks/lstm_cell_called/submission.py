import torch


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = state
    weights = weight_ih, weight_hh, bias_ih, bias_hh
    return torch.lstm_cell(x, (h, c), *weights)
