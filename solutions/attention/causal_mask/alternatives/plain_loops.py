import torch


def causal_mask(length):
    mask = torch.zeros(length, length, dtype=torch.bool)
    for row in range(length):
        for column in range(row + 1):
            mask[row, column] = True
    return mask
