import numpy as np
import torch

print("causal mask by numpy")


def causal_mask(length):
    return torch.from_numpy(np.greater_equal.outer(np.arange(length), np.arange(length)))
