"""The cross-entropy on logits; torch.logit undoes the decoder's sigmoid."""

import torch
import torch.nn.functional as F


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    bce = F.binary_cross_entropy_with_logits(torch.logit(reconstructed), original, reduction="sum")
    std = torch.exp(0.5 * logvar)
    return bce + beta * (0.5 * (mu.square() + std.square()) - std.log() - 0.5).sum()
