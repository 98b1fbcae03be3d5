"""Multi-head self-attention."""

import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    """Self-attention of a sequence by several heads at once.

    Args of the constructor:
        d_model: width of the inputs and outputs.
        num_heads: number of heads, each d_head = d_model / num_heads wide.
            ValueError where num_heads does not divide d_model.

    Layers: w_q, w_k, w_v, w_o, each an nn.Linear from d_model to d_model with a bias. Head i works with the features
    i * d_head, ..., (i + 1) * d_head - 1 of the three projections, and its context takes the same places before w_o.

    Args of a call:
        x: (B, T, d_model), float32 or float64 like the parameters.
        mask: broadcastable to (B, num_heads, T, T), so (T, T) serves all sequences and heads; bool, or numbers 0 and 1
            of any dtype. True or 1: may attend. Every position may attend to at least one. None: no restriction.

    Returns of a call: (B, T, d_model), differentiable. No argument is changed.

    Example with d_model = 2, num_heads = 2, all biases 0 but w_o.bias = (0, 1):
        w_q, w_v and w_o hold the identity matrix, w_k holds the identity times ln 3
        x = [[[1, 0], [0, 1]]] gives [[[0.75, 1.5], [0.5, 1.75]]]
        With the causal mask [[1, 0], [1, 1]] it gives [[[1, 1], [0.5, 1.75]]]
    """

    def __init__(self, d_model: int, num_heads: int) -> None:
        raise NotImplementedError

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        raise NotImplementedError
