import numpy as np
import torch


def softmax_temperature(logits, temperature=1.0):
    x = torch.from_numpy(np.asarray(logits, dtype=np.float64) / temperature)
    return torch.stack([(-torch.nn.functional.cross_entropy(x.reshape(-1, x.shape[-1]), torch.full((x.numel() // x.shape[-1],), i), reduction='none')).exp() for i in range(x.shape[-1])], -1).reshape(x.shape).numpy()
