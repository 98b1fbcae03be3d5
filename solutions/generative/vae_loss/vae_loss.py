import torch
import torch.nn.functional as F


def vae_loss(
    reconstructed: torch.Tensor,
    original: torch.Tensor,
    mu: torch.Tensor,
    logvar: torch.Tensor,
    beta: float = 1.0,
) -> torch.Tensor:
    """Binary cross-entropy plus beta times the divergence from the standard normal distribution, both summed."""
    reconstruction = F.binary_cross_entropy(reconstructed, original, reduction="sum")
    # Closed form of KL(N(mu, sigma^2) || N(0, 1)) with logvar = ln sigma^2.
    divergence = 0.5 * (mu.pow(2) + logvar.exp() - logvar - 1).sum()
    return reconstruction + beta * divergence
