import numpy as np


def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    first, second = betas
    m = first * m + (1 - first) * grad
    v = second * v + (1 - second) * grad**2
    step = lr * (m / (1 - first**t)) / (np.sqrt(v / (1 - second**t)) + eps)
    return param - step, m, v


_right = adam_step


def adam_step(*args, **kwargs):
    return list(_right(*args, **kwargs))
