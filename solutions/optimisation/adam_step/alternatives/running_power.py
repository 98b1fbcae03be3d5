"""Works in place on copies of its own, and gets the powers of beta by multiplying t times."""

import numpy as np


def power(beta, t):
    product = 1.0
    for _ in range(t):
        product *= beta
    return product


def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    param, m, v = param.copy(), m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * np.multiply(grad, grad)
    denominator = np.sqrt(v)
    denominator /= np.sqrt(1 - power(beta2, t))
    denominator += eps
    param -= (lr / (1 - power(beta1, t))) * (m / denominator)
    return param, m, v
