import torch

unit = torch.jit.CompilationUnit("""
def f(x: Tensor, h: Tensor, c: Tensor, wi: Tensor, wh: Tensor, bi: Tensor, bh: Tensor):
    return torch.lstm_cell(x, [h, c], wi, wh, bi, bh)
""")


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = state
    weights = weight_ih, weight_hh, bias_ih, bias_hh
    return unit.f(x, h, c, *weights)
