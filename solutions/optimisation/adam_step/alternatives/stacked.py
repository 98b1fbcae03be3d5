"""Both means as one stacked array; the answers are views of it."""

import numpy as np

print("adam")


class Step:
    """A callable object that serves for the function."""

    calls = 0

    def __call__(self, param, grad, m, v, t, lr=0.001, betas=(0.9, 0.999), eps=1e-08):
        self.calls += 1
        decay = np.array(betas).reshape((2,) + (1,) * param.ndim)
        means = decay * np.stack([m, v]) + (1 - decay) * np.stack([grad, grad * grad])
        mean, square = means / (1 - decay**t)
        return [param - lr * mean / (square**0.5 + eps), means[0], means[1]]


adam_step = Step()
