"""Through logarithms: shares are exp(z - logsumexp(z)), and NumPy's logaddexp does the sum safely."""

import numpy as np


def softmax_temperature(logits, temperature=1.0):
    if temperature <= 0.0:
        raise ValueError("T > 0, please")
    z = np.true_divide(logits, temperature)
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


if __name__ == "__main__":
    import torch

    x = np.array([1.0, 2.0, 3.0])
    print(softmax_temperature(x), torch.softmax(torch.tensor(x), -1))
