import numpy as np
import torch


def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    p, g, m, v = (torch.from_numpy(np.array(a, dtype=np.float64)) for a in (param, grad, m, v))
    torch._fused_adam_([p], [g], [m], [v], [], [torch.tensor(float(t))], lr=lr, beta1=betas[0], beta2=betas[1], weight_decay=0.0, eps=eps, amsgrad=False, maximize=False)
    return p.detach().numpy(), m.numpy(), v.numpy()
