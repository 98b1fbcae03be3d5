"""One step of the optimiser Adam."""

import numpy as np


def adam_step(
    param: np.ndarray,
    grad: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Update a parameter and the two running means that Adam keeps for it."""
    beta1, beta2 = betas
    first = beta1 * m + (1 - beta1) * grad
    second = beta2 * v + (1 - beta2) * grad**2
    # Both means began at zero; their corrected copies serve this step only and are not kept.
    mean = first / (1 - beta1**t)
    square = second / (1 - beta2**t)
    step = lr * mean / (np.sqrt(square) + eps)
    return param - step, first, second
