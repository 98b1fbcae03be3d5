"""Trainable parameters of a fully connected layer."""


def linear_params(in_features: int, out_features: int, bias: bool = True) -> int:
    """Count the entries of the weight matrix and, where the layer has one, of the bias vector."""
    weights = out_features * in_features
    biases = out_features if bias else 0
    return weights + biases
