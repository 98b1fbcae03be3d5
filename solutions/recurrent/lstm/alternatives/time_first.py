"""Turns time to the front, answers with a transposed view and with lists."""

import torch
from torch import nn
from torch.nn import functional as F


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.weight_ih, self.weight_hh = (nn.Linear(size, hidden_size * 4) for size in (input_size, hidden_size))

    def forward(self, inputs, state=None):
        weight = torch.cat([self.weight_ih.weight, self.weight_hh.weight], dim=1)
        bias = self.weight_ih.bias + self.weight_hh.bias
        steps = inputs.transpose(0, 1)
        if state is None:
            state = [steps.new_zeros((steps.shape[1], weight.shape[0] // 4)) for _ in range(2)]
        trace = [tuple(state)]
        for x in steps:
            h, c = trace[-1]
            gates = F.linear(torch.cat([x, h], dim=-1), weight, bias).view(len(x), 4, -1)
            i, f, g, o = gates[:, 0].sigmoid(), gates[:, 1].sigmoid(), gates[:, 2].tanh(), gates[:, 3].sigmoid()
            c = f * c + i * g
            trace.append((o * c.tanh(), c))
        outputs = torch.stack([h for h, _ in trace[1:]]).transpose(0, 1)
        return [outputs, list(trace[-1])]
