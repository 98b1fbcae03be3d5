"""A callable module built of nn.BCELoss, in float32 whatever comes in; per sample first, then over the batch."""

import torch
from torch import nn


class VAELoss(nn.Module):
    def __init__(self):
        super().__init__()
        self.reconstruction = nn.BCELoss(reduction="none")

    def forward(self, reconstructed, original, mu, logvar, beta=1.0):
        bce = self.reconstruction(reconstructed.float(), original.float()).flatten(start_dim=1).sum(dim=1)
        mu, logvar = mu.float(), logvar.float()
        kl = torch.einsum("bz,bz->b", mu, mu) + (logvar.exp() - logvar - 1).sum(dim=1)
        return torch.stack([bce, beta * kl / 2]).sum()


vae_loss = VAELoss()
