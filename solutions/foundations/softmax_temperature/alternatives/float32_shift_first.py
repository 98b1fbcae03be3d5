"""32 bits; the shift comes before the temperature; the axes change places and come back as a view."""

import numpy as np

print("softmax with temperature")


def softmax_temperature(logits, temperature=1.0):
    if temperature <= 0:
        raise ValueError
    columns = np.moveaxis(logits.astype(np.float32), -1, 0)
    columns = columns - np.max(columns, axis=0)
    weights = np.exp(columns / np.float32(temperature))
    return np.moveaxis(weights / weights.sum(axis=0), 0, -1)
