"""How far a total can be trusted: KR-20 or Cronbach's alpha with its interval, and the standard error of a student's total."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.quiz.stats.matrix import Floats
from grader.quiz.stats.quantiles import f_quantile

# Below these many students a number is shown, but with a warning beside it.
FEW, VERY_FEW = 30, 10


@dataclass(frozen=True)
class Reliability:
    """The reliability of totals.

    Attributes:
        name: "KR-20" where every credit is 0 or 1 and every question is worth the same, else "Cronbach's alpha".
        value: None where it has none; `why` says why.
        low, high: 95 % interval by Feldt's F distribution.
        sem: standard error of measurement of a student's total, in points.
    """

    name: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    sem: float | None = None
    why: str = ""


def alpha_of(points: Floats) -> float | None:
    """Cronbach's alpha of students by questions; None for fewer than two of either, or where all totals are equal.

    Questions that everybody answers alike count as questions with variance 0. For credits of 0 and 1 this is KR-20.
    """
    students, questions = points.shape
    if students < 2 or questions < 2:
        return None
    variance = points.sum(axis=1).var(ddof=1)
    if math.isclose(variance, 0, abs_tol=1e-12):
        return None
    return float(questions / (questions - 1) * (1 - points.var(axis=0, ddof=1).sum() / variance))


def reliability(credit: Floats, weights: Floats, level: float = 0.95) -> Reliability:
    """The reliability of totals.

    Parameters:
        credit: students by questions, without NaN.
        weights: points per question.
    """
    students, questions = credit.shape
    dichotomous = bool(np.isin(credit, (0, 1)).all()) and len(set(weights.tolist())) <= 1
    name = "KR-20" if dichotomous and credit.size else "Cronbach's alpha"
    points = credit * weights
    value = alpha_of(points)
    if value is None:
        if students < 2:
            return Reliability(name, why="it needs two students at least")
        return Reliability(name, why="it needs two questions at least" if questions < 2 else "all totals are equal")
    df1, df2 = students - 1, (students - 1) * (questions - 1)
    tail = (1 - level) / 2
    return Reliability(
        name,
        value,
        low=1 - (1 - value) * f_quantile(1 - tail, df1, df2),
        high=1 - (1 - value) * f_quantile(tail, df1, df2),
        # A negative alpha is no share of a variance, so no error follows from it.
        sem=float(points.sum(axis=1).std(ddof=1) * math.sqrt(max(0.0, 1 - value))) if value >= 0 else None,
    )


def alpha_without(credit: Floats, weights: Floats) -> list[float | None]:
    """For each question the alpha of the others: what the quiz would have without it."""
    points = credit * weights
    return [alpha_of(np.delete(points, place, axis=1)) for place in range(points.shape[1])]
