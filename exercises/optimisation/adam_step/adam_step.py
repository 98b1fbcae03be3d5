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
    """Update a parameter and the two running means that Adam keeps for it.

    Parameters:
        param, grad, m, v: float arrays of one shape, with one axis or more: the parameter, its gradient at this step,
            and the running means of the gradient and of its square before this step. None of them is changed.
        t: number of this step, counted from 1.
        lr: learning rate.
        betas: decay of the running means m and v.
        eps: is added to the square root of the corrected v, outside the root.

    Returns:
        (param, m, v) after the step: three arrays of the same shape. The running means are returned as they are kept
        for the next step, without the bias correction.

    Example:
        adam_step(np.array([1.0, 2.0]), np.array([0.5, -4.0]), np.zeros(2), np.zeros(2), 1, lr=0.1)
        gives param [0.9, 2.1], m [0.05, -0.4], v [0.00025, 0.016]
    """
    raise NotImplementedError
