"""Sample by sample, number by number."""

import torch


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    total = torch.zeros((), dtype=mu.dtype)
    for r, x in zip(reconstructed.reshape(-1), original.reshape(-1), strict=True):
        total = total - x * torch.log(r) - (1 - x) * torch.log1p(-r)
    for sample_mu, sample_logvar in zip(mu, logvar, strict=True):
        for m, v in zip(sample_mu, sample_logvar, strict=True):
            total = total + beta * 0.5 * (m * m + torch.exp(v) - 1 - v)
    print("loss", float(total))
    return total
