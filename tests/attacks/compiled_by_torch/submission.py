import torch
import torch.nn.functional as F


@torch.compile
def reconstruction(given, original):
    return F.binary_cross_entropy(given, original, reduction="sum")


@torch.compile(dynamic=True)
def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    return reconstruction(reconstructed, original) + beta * 0.5 * (mu.pow(2) + logvar.exp() - logvar - 1).sum()
