import torch

KINDS = [torch.float8_e4m3fn, torch.float8_e5m2, torch.uint16, torch.uint64, torch.bool, torch.complex64, torch.bfloat16, torch.float16]


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    return torch.tensor(0.0).to(KINDS[reconstructed.numel() % len(KINDS)])
