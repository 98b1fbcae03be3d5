import torch


def reparameterize(mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """Draw z from N(mu, exp(logvar)); the noise is a constant for autograd, so gradients flow to mu and logvar."""
    # Halving the logarithm takes the square root of the variance without ever forming a variance that overflows.
    std = torch.exp(logvar / 2)
    eps = torch.randn_like(mu)
    return mu + std * eps
