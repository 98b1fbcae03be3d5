import numpy as np
import torch
import torch._decomp


def softmax_temperature(logits, temperature=1.0):
    x = torch.from_numpy(np.asarray(logits, dtype=np.float64) / temperature)
    return torch._decomp.decomposition_table[torch.ops.aten._softmax.default](x, x.ndim - 1, False).numpy()
