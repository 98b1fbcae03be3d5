import numpy as np

def count_parameters(module, trainable_only=False):
    kept = {id(p): p for p in module.parameters() if p.requires_grad or not trainable_only}
    return sum(p.numel() for p in kept.values())


_right = count_parameters


def count_parameters(module, trainable_only=False):
    return np.uint32(_right(module, trainable_only))
