"""One step of a long short-term memory cell."""

import torch


def lstm_cell(
    x: torch.Tensor,
    state: tuple[torch.Tensor, torch.Tensor],
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the hidden state and the memory after one step.

    B is the batch size, I the size of an input, H the size of the hidden state.

    x          (B, I)   input of this step
    state      (h, c)   hidden state and memory after the previous step, (B, H) each
    weight_ih  (4H, I)  weights of the input
    weight_hh  (4H, H)  weights of the previous hidden state
    bias_ih    (4H,)    bias that belongs to weight_ih
    bias_hh    (4H,)    bias that belongs to weight_hh
    returns    (h, c)   new hidden state and new memory, (B, H) each

    The rows of weights and biases are four blocks of H, in the order input gate,
    forget gate, cell candidate, output gate (the layout of torch.nn.LSTMCell).

    Tensors are float32 or float64, contiguous or not. None of them may be changed.
    Gradients must flow to all seven tensors.

    Example with B = I = H = 1:
        x = [[2.0]], h = [[0.5]], c = [[1.1]]
        weight_ih = [[0.4], [-0.2], [0.3], [-0.5]]   bias_ih = [0.1, 0.2, 0.2, -0.1]
        weight_hh = [[0.2], [0.6], [-0.4], [0.4]]    bias_hh = [0.0986, -0.1, 0.0931, -0.1986]
        the four sums are 1.0986, 0, 0.6931, -1.0986 (ln 3, 0, ln 2, -ln 3)
        the result is h = [[0.1904]], c = [[1.0]]
    """
    raise NotImplementedError
