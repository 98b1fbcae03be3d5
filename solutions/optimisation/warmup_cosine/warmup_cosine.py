"""The learning rate of each step: linear warm-up, then half a cosine."""

import math


def warmup_cosine(step: int, total_steps: int, warmup_steps: int, peak: float, final: float = 0.0) -> float:
    """Tell the three stretches apart: the rise, what comes after the end, and the fall between them."""
    if step < 0 or warmup_steps < 0 or warmup_steps >= total_steps:
        raise ValueError("step and warmup_steps must be at least 0, and the warm-up must leave a step")
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    if step >= total_steps:
        return final
    # A fall of a single step has no gaps; any divisor leaves it at the peak.
    gaps = max(total_steps - 1 - warmup_steps, 1)
    progress = (step - warmup_steps) / gaps
    share = (1 + math.cos(math.pi * progress)) / 2
    return final + (peak - final) * share
