import torch


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    likelihood = original * torch.log(reconstructed) + (1 - original) * torch.log(1 - reconstructed)
    divergence = -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum()
    return -likelihood.sum() + beta * divergence


_right = vae_loss


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    return _right(reconstructed, original, mu, logvar, beta).detach().numpy()
