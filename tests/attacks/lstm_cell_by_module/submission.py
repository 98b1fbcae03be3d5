import torch


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = state
    weights = weight_ih, weight_hh, bias_ih, bias_hh
    return torch.func.functional_call(torch.nn.LSTMCell(x.shape[1], h.shape[1]), dict(zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), weights)), (x, (h, c)))
