"""Probabilities and quantiles of the t and F distributions, so that a table of statistics needs no SciPy."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

_STEPS = 300
_CLOSE = 1e-14


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable is at most x."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    # The continued fraction converges fast on this side of the mean only; the other side follows by symmetry.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, evaluated from the front by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            result *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return result


def t_share(t: float, df: float) -> float:
    """The probability that a t variable with `df` degrees of freedom is at most t."""
    tail = beta_share(df / (df + t * t), df / 2, 0.5) / 2
    return 1 - tail if t > 0 else tail


@cache
def t_quantile(share: float, df: float) -> float:
    """The value that a t variable stays below with a probability in (0, 1)."""
    if share < 0.5:
        return -t_quantile(1 - share, df)
    return _above_zero(lambda t: t_share(t, df), share)


@cache
def f_quantile(share: float, df1: float, df2: float) -> float:
    """The value that an F variable stays below with a probability in (0, 1)."""
    return _above_zero(lambda f: beta_share(df1 * f / (df1 * f + df2), df1 / 2, df2 / 2), share)


def _above_zero(distribution: Callable[[float], float], share: float) -> float:
    """Where a distribution over positive numbers reaches a share, by halving."""
    low, high = 0.0, 1.0
    while distribution(high) < share:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if distribution(middle) < share else (low, middle)
    return (low + high) / 2
