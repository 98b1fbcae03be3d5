"""An LSTM layer that reads a whole sequence."""

import torch
from torch import nn


class LSTM(nn.Module):
    """A single-layer, one-directional LSTM.

    B is the batch size, T the number of time steps, I = input_size, H = hidden_size.

    The module holds two layers, both nn.Linear with bias:
        weight_ih  from I to 4H, reads the input of a step
        weight_hh  from H to 4H, reads the previous hidden state
    Their 4H outputs are four blocks of H, in the order input gate, forget gate,
    cell candidate, output gate.

    forward(inputs, state=None) -> (outputs, (h, c))
        inputs   (B, T, I)  float32 or float64, contiguous or not; B and T at least 1
        state    (h, c)     (B, H) each; None means zeros, on the device and in the dtype of inputs
        outputs  (B, T, H)  the hidden state after each step
        h, c     (B, H)     hidden state and memory after the last step

    Neither inputs nor state may be changed, and nothing is remembered from one call
    to the next. Gradients must flow to inputs, state and parameters.

    Example with B = I = H = 1 and T = 2:
        weight_ih.weight = [[0], [0], [0.6931], [0]]   weight_ih.bias = [0, 1.0986, 0, 0]
        weight_hh.weight = [[0], [0], [0], [0]]        weight_hh.bias = [0, 0, 0, 1.0986]
        LSTM(inputs=[[[1.0], [0.0]]]) gives
        outputs = [[[0.2185], [0.1660]]], h = [[0.1660]], c = [[0.2250]]
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        raise NotImplementedError

    def forward(
        self, inputs: torch.Tensor, state: tuple[torch.Tensor, torch.Tensor] | None = None
    ) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
        raise NotImplementedError
