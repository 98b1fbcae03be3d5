"""A custom autograd function with the derivatives written out."""

import torch


class Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx, reconstructed, original, mu, logvar, beta):
        ctx.save_for_backward(reconstructed, original, mu, logvar)
        ctx.beta = beta
        bce = torch.xlogy(original, reconstructed) + torch.xlogy(1 - original, 1 - reconstructed)
        return beta * (mu**2 + torch.expm1(logvar) - logvar).sum() / 2 - bce.sum()

    @staticmethod
    def backward(ctx, upstream):
        r, x, mu, logvar = ctx.saved_tensors
        scale = upstream * ctx.beta
        return upstream * (r - x) / (r * (1 - r)), None, scale * mu, scale * torch.expm1(logvar) / 2, None


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    return Loss.apply(reconstructed, original, mu, logvar, beta)
