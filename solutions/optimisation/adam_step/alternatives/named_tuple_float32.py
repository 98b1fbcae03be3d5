"""32 bits, a named tuple, and running means as interpolation."""

from typing import NamedTuple

import numpy as np


class Adam(NamedTuple):
    param: np.ndarray
    m: np.ndarray
    v: np.ndarray


def towards(old, new, weight):
    return old + np.float32(weight) * (new - old)


def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    param, grad, m, v = (np.asarray(array, dtype=np.float32) for array in (param, grad, m, v))
    m = towards(m, grad, 1 - betas[0])
    v = towards(v, np.square(grad), 1 - betas[1])
    rate = np.float32(lr / (1 - betas[0] ** t))
    root = np.sqrt(v) / np.float32((1 - betas[1] ** t) ** 0.5)
    return Adam(param - rate * m / (root + np.float32(eps)), m, v)
