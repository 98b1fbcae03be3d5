import numpy as np
import torch


def softmax_temperature(logits, temperature=1.0):
    x = torch.from_numpy(np.asarray(logits, dtype=np.float64) / temperature)
    return torch.nn.Softmax(-1)(x).numpy()
