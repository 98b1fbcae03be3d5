"""32 bits throughout, the progress clipped rather than the steps told apart; a NumPy number comes back."""

import numpy as np

print("schedule")


def warmup_cosine(step, total_steps, warmup_steps, peak, final=np.float32(0)):
    if min(step, warmup_steps) < 0 or total_steps - warmup_steps < 1:
        raise ValueError((step, total_steps, warmup_steps))
    f = np.float32
    with np.errstate(divide="ignore", invalid="ignore"):
        progress = np.nan_to_num(f(step - warmup_steps) / f(total_steps - 1 - warmup_steps), posinf=1.0)
        rise = f(step + 1) / f(warmup_steps)
    if rise <= 1:
        return f(peak) * rise
    angle = f(np.pi) * np.clip(progress, f(0), f(1))
    return f(final) + f(0.5) * (f(peak) - f(final)) * (f(1) + np.cos(angle))
