import numpy as np
import torch


def softmax_temperature(logits, temperature=1.0):
    x = torch.from_numpy(np.asarray(logits, dtype=np.float64) / temperature)
    return torch._softmax(x, -1, False).numpy()
