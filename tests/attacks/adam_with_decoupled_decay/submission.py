import numpy as np
import torch


def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    p, g, m, v = (torch.from_numpy(np.array(a, dtype=np.float64)) for a in (param, grad, m, v))
    p.requires_grad_().grad = g
    optimiser = torch.optim.AdamW([p], lr=lr, betas=betas, eps=eps, weight_decay=0.0)
    optimiser.state[p] = {"step": torch.tensor(float(t - 1)), "exp_avg": m, "exp_avg_sq": v}
    optimiser.step()
    return p.detach().numpy(), m.numpy(), v.numpy()
