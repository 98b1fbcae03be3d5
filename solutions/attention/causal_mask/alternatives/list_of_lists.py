"""A callable object that keeps the masks it has made."""

import torch


class CausalMask:
    def __init__(self):
        self.made = {}

    def row(self, seen, length):
        return [True] * seen + [False] * (length - seen)

    def __call__(self, length):
        if length not in self.made:
            self.made[length] = torch.tensor([self.row(i + 1, length) for i in range(length)])
        return self.made[length]


causal_mask = CausalMask()
