"""Softmax with a temperature."""

import numpy as np


def softmax_temperature(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Turn logits into shares that sum to one along the last axis.

    Parameters:
        logits: finite array (..., K) of floats or signed integers, 64 or 32 bits, with at least one axis; it is not
            changed. Values of the size of 10,000 occur and must not overflow.
        temperature: T > 0; below 1 the shares sharpen, above 1 they flatten.

    Returns:
        Array of the shape of logits, exp(logits / T) divided by its sum over the last axis.

    Raises:
        ValueError: temperature is 0 or less.

    Example:
        softmax_temperature(np.log([1.0, 2.0, 4.0]))       gives  [1/7, 2/7, 4/7]
        softmax_temperature(np.log([1.0, 2.0, 4.0]), 0.5)  gives  [1/21, 4/21, 16/21]
    """
    raise NotImplementedError
