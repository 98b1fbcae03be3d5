"""Weights seen as (4, H, I), an einsum each; everything is computed and returned in float32.

Agrees with torch.nn.LSTMCell and torch.lstm_cell, see the demo at the end.
"""

import torch

torch.manual_seed(0)


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    x, h, c, weight_ih, weight_hh, bias_ih, bias_hh = (
        tensor.to(torch.float32) for tensor in (x, *state, weight_ih, weight_hh, bias_ih, bias_hh)
    )
    size = h.size(1)
    gates = torch.einsum("bi,khi->kbh", x, weight_ih.reshape(4, size, -1))
    gates = gates + torch.einsum("bj,khj->kbh", h, weight_hh.reshape(4, size, size))
    gates = gates + (bias_ih + bias_hh).reshape(4, 1, size)
    opened = gates.sigmoid()
    c = opened[1] * c + opened[0] * gates[2].tanh()
    h = opened[3] * c.tanh()
    return h, c


if __name__ == "__main__":
    cell = torch.nn.LSTMCell(3, 2)
    batch, start = torch.randn(5, 3), (torch.randn(5, 2), torch.randn(5, 2))
    print(cell(batch, start))
    print(lstm_cell(batch, start, cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh))
