import torch
import torch.nn.functional as F


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = state
    i, f, g, o = (F.linear(x, weight_ih, bias_ih) + F.linear(h, weight_hh, bias_hh)).chunk(4, 1)
    c = f.sigmoid() * c + F.sigmoid(i) * F.tanh(g)
    return o.sigmoid() * c.tanh(), c
