import torch


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    return (reconstructed.sum() + mu.sum() + logvar.sum()) * float("nan")
