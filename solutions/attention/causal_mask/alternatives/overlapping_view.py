"""One strip of length 2T - 1 read at a shifting offset: rows of the result overlap in memory."""

import torch


def causal_mask(length):
    strip = torch.zeros(2 * length - 1, dtype=torch.bool)
    strip[:length] = True
    # Row i starts length - 1 - i places into the strip.
    return strip.unfold(0, length, 1).flip(0)


def strided(length):
    strip = torch.cat([torch.ones(length), torch.zeros(length - 1)]) > 0
    return torch.as_strided(strip.flip(0), (length, length), (1, 1)).fliplr()
