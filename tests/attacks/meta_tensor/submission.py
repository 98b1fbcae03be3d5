import torch


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    return tuple(torch.empty_like(part, device="meta") for part in state)
