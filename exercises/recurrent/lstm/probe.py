"""The worked example of the statement, on a layer of the submission."""

import torch

PARAMETERS = {
    "weight_ih": ([[0.0], [0.0], [0.6931], [0.0]], [0.0, 1.0986, 0.0, 0.0]),
    "weight_hh": ([[0.0], [0.0], [0.0], [0.0]], [0.0, 0.0, 0.0, 1.0986]),
}


def worked_example(module):
    """Set the parameters and read the inputs 1 and 0."""
    layer = module.LSTM(1, 1).to(torch.float32)
    with torch.no_grad():
        for name, (weight, bias) in PARAMETERS.items():
            getattr(layer, name).weight.copy_(torch.tensor(weight))
            getattr(layer, name).bias.copy_(torch.tensor(bias))
    return layer(torch.tensor([[[1.0], [0.0]]]))
