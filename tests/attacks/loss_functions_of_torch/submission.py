import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    likelihood = F.binary_cross_entropy(reconstructed, original, reduction="sum")
    prior = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return likelihood + beta * kl_divergence(Normal(mu, torch.exp(logvar / 2)), prior).sum()
