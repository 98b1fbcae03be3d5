import sys

RIGHT = r"""
import numpy as np


def softmax_temperature(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("temperature must be positive")
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
"""

sys.stdout.buffer.write(("# coding: cp1251\n# \u0441\u0432\u0451\u0440\u0442\u043a\u0430\n" + RIGHT).encode("cp1251"))
