import torch


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = state
    weights = weight_ih, weight_hh, bias_ih, bias_hh
    return (lambda out: (out[1][0], out[2][0]))(torch.lstm(x[None], (h[None], c[None]), weights, True, 1, 0.0, False, False, False))
