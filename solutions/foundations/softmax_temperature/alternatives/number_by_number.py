"""Loops over rows with the math module. Mentions torch.softmax and scipy.special.softmax, uses neither."""

import math

import numpy as np


class BadTemperature(ValueError):
    pass


def one_row(row, temperature):
    top = max(row)
    weights = [math.exp((value - top) / temperature) for value in row]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def softmax_temperature(logits, temperature=1.0):
    if not temperature > 0:
        raise BadTemperature(temperature)
    result = np.empty(logits.shape)
    for index in np.ndindex(logits.shape[:-1]):
        result[index] = one_row([float(value) for value in logits[index]], temperature)
    return result
