"""Element by element with the standard library's generator."""

import math
import random

import torch

random.seed(2024)


def reparameterize(mu, logvar):
    pieces = []
    for mean, log_variance in zip(mu.reshape(-1).unbind(), logvar.reshape(-1).unbind(), strict=True):
        pieces.append(mean + random.gauss(0.0, 1.0) * (log_variance / 2).exp())
    return torch.stack(pieces).reshape(mu.shape)


if __name__ == "__main__":
    spread = [float(reparameterize(torch.zeros(1), torch.zeros(1))) for _ in range(1000)]
    print(math.sqrt(sum(value * value for value in spread) / 1000), "should be near 1")
