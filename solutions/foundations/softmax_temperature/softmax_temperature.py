"""Softmax with a temperature."""

import numpy as np


def softmax_temperature(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Turn logits into shares that sum to one along the last axis."""
    if temperature <= 0:
        raise ValueError(f"temperature must be positive, not {temperature}")
    scaled = logits / temperature
    # The largest exponent of each row becomes zero: shares stay the same and nothing overflows.
    weights = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)
