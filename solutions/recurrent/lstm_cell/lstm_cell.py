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
    """Return the hidden state and the memory after one step."""
    hidden, memory = state
    from_input = x @ weight_ih.T + bias_ih
    from_hidden = hidden @ weight_hh.T + bias_hh
    blocks = (from_input + from_hidden).chunk(4, dim=1)

    input_gate = blocks[0].sigmoid()
    forget_gate = blocks[1].sigmoid()
    candidate = blocks[2].tanh()
    output_gate = blocks[3].sigmoid()

    memory = forget_gate * memory + input_gate * candidate
    hidden = output_gate * memory.tanh()
    return hidden, memory
