"""The real part of a number that turns half around."""

import cmath


def _rise(step, length):
    return (step + 1) / length


def _fall(step, length):
    turned = cmath.exp(1j * cmath.pi * step / (length - 1)) if length > 1 else 1 + 0j
    return turned.real / 2 + 0.5


def warmup_cosine(step, total_steps, warmup_steps, peak, final=0.0):
    length = total_steps - warmup_steps
    if any(number < 0 for number in (step, warmup_steps, length - 1)):
        raise ValueError
    if warmup_steps and step < warmup_steps:
        return peak * _rise(step, warmup_steps)
    share = _fall(step - warmup_steps, length) if step < total_steps else 0.0
    return share * peak + (1 - share) * final
