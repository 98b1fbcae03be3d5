"""Sample by sample and unit by unit, with scalars that stay in the graph."""

import torch


def _dot(row, vector):
    total = row.new_zeros(())
    for weight, value in zip(row, vector, strict=True):
        total = total + weight * value
    return total


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = state
    batch, size = h.shape
    all_h, all_c = [], []
    for sample in range(batch):
        for unit in range(size):
            sums = []
            for gate in range(4):
                row = gate * size + unit
                total = _dot(weight_ih[row], x[sample]) + _dot(weight_hh[row], h[sample])
                sums.append(total + bias_ih[row] + bias_hh[row])
            i, f, o = (torch.sigmoid(sums[gate]) for gate in (0, 1, 3))
            memory = f * c[sample, unit] + i * torch.tanh(sums[2])
            all_c.append(memory)
            all_h.append(o * torch.tanh(memory))
    return torch.stack(all_h).view(batch, size), torch.stack(all_c).view(batch, size)
