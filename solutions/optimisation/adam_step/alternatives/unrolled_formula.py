"""One expression for each answer; powers through logarithms; eps carried through the correction."""

import math

import numpy as np


def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    c1, c2 = (-math.expm1(t * math.log(beta)) for beta in betas)
    new_m = np.einsum("i,i...->...", [betas[0], 1 - betas[0]], np.array([m, grad]))
    new_v = np.einsum("i,i...->...", [betas[1], 1 - betas[1]], np.array([v, grad**2]))
    # Numerator and denominator multiplied by the root of c2, so eps has to be as well.
    return param - (lr * math.sqrt(c2) / c1) * new_m / (np.sqrt(new_v) + eps * math.sqrt(c2)), new_m, new_v
