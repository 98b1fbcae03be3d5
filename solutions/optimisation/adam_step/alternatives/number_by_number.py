"""Plain loops over numbers, as one would write it in C. What torch.optim.Adam does, without torch.optim."""

import math

import numpy as np


def one(p, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat = m / (1 - math.pow(beta1, t))
    v_hat = v / (1 - math.pow(beta2, t))
    return p - lr * m_hat / (math.sqrt(v_hat) + eps), m, v


def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    results = [np.empty(param.shape) for _ in range(3)]
    for index in np.ndindex(param.shape):
        numbers = (float(array[index]) for array in (param, grad, m, v))
        for result, number in zip(results, one(*numbers, t, lr, *betas, eps)):
            result[index] = number
    return results


if __name__ == "__main__":
    import torch

    weight = torch.zeros(3, requires_grad=True)
    optimiser = torch.optim.Adam([weight])
    print(optimiser)
