import torch


def lstm_cell(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = state
    weights = weight_ih, weight_hh, bias_ih, bias_hh
    return (lambda out: (out[1].reshape(h.shape), out[2].reshape(c.shape)))(torch.ops.aten.mkldnn_rnn_layer(x[None], *weights, h, c, False, [], 2, h.shape[1], 1, True, False, False, False))
