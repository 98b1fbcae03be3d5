"""An LSTM layer that reads a whole sequence."""

import torch
from torch import nn


class LSTM(nn.Module):
    """A single-layer, one-directional LSTM."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.weight_ih = nn.Linear(input_size, 4 * hidden_size)
        self.weight_hh = nn.Linear(hidden_size, 4 * hidden_size)

    def forward(
        self, inputs: torch.Tensor, state: tuple[torch.Tensor, torch.Tensor] | None = None
    ) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
        if state is None:
            zeros = inputs.new_zeros(inputs.size(0), self.hidden_size)
            state = (zeros, zeros)
        hidden, memory = state
        outputs = []
        for x in inputs.unbind(dim=1):
            gates = self.weight_ih(x) + self.weight_hh(hidden)
            input_gate, forget_gate, candidate, output_gate = gates.chunk(4, dim=1)
            memory = forget_gate.sigmoid() * memory + input_gate.sigmoid() * candidate.tanh()
            hidden = output_gate.sigmoid() * memory.tanh()
            outputs.append(hidden)
        return torch.stack(outputs, dim=1), (hidden, memory)
