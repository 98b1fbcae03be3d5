"""Lays out the whole schedule with NumPy and looks the step up."""

import numpy as np


def warmup_cosine(step, total_steps, warmup_steps, peak, final=0.0):
    if not (0 <= step and 0 <= warmup_steps < total_steps):
        raise ValueError("no such schedule")
    rise = np.linspace(0, peak, warmup_steps + 1)[1:]
    fall = (peak + final) / 2 + (peak - final) / 2 * np.cos(np.linspace(0, np.pi, total_steps - warmup_steps))
    table = np.concatenate([rise, fall, [final]])
    return table[min(step, total_steps)]
