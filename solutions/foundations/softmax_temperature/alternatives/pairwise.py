"""Every share from its differences to the others; overflow means a share of zero and is nobody's business."""

import numpy as np


class Softmax:
    """A callable object that serves for the function."""

    def __call__(self, logits, temperature=1.0):
        if temperature <= 0:
            raise ValueError("the temperature must be above zero")
        z = np.asarray(logits, dtype=float) / temperature
        with np.errstate(over="ignore"):
            odds = np.exp(z[..., None, :] - z[..., :, None])
        return 1.0 / odds.sum(axis=-1)


softmax_temperature = Softmax()
