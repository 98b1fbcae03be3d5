import torch


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    return tuple(part.detach().float().to_mkldnn() for part in state)
