import numpy as np
import torch
from torch.distributed.optim.functional_adam import _FunctionalAdam


def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    p, g, m, v = (torch.from_numpy(np.array(a, dtype=np.float64)) for a in (param, grad, m, v))
    optimiser = _FunctionalAdam([p], lr=lr, betas=betas, eps=eps)
    optimiser.state[p] = {'step': torch.tensor(float(t - 1)), 'exp_avg': m, 'exp_avg_sq': v}
    optimiser.step_param(p, g)
    return p.detach().numpy(), m.numpy(), v.numpy()
