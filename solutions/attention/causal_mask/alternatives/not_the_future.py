"""What is not in the future is visible; the transpose makes the result non-contiguous."""

import torch


def causal_mask(length: int):
    past = torch.ones((length, length), dtype=torch.bool).tril(-1)
    return past.T.logical_not()


if __name__ == "__main__":
    print(causal_mask(4))
    assert causal_mask(4).sum() == 10
