"""Whether a question is harder in one language than in the others for students who are equally good elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from grader.quiz.stats.items import wilson
from grader.quiz.stats.matrix import Floats, Matrix, complete
from grader.quiz.stats.quantiles import t_quantile

# One sound question in a hundred leaves the interval by luck; with dozens of questions, 95 % would flag too many.
LEVEL = 0.99
SMALLEST = 10


@dataclass(frozen=True)
class Gap:
    """A question in one language against the same question in the others.

    Attributes:
        language, others: which is compared with which.
        students, other_students: how many took it so.
        facility, other_facility: mean credits.
        low, high: 99 % interval of `facility - other_facility` as it is.
        equal: the difference between students with the same points in the other questions; None where it is undefined.
        equal_low, equal_high: its 99 % interval.
    """

    language: str
    others: tuple[str, ...]
    students: int
    other_students: int
    facility: float
    other_facility: float
    low: float
    high: float
    equal: float | None = None
    equal_low: float | None = None
    equal_high: float | None = None

    @property
    def trusted(self) -> bool:
        """Whether both sides have enough students for the intervals to mean something."""
        return min(self.students, self.other_students) >= SMALLEST

    @property
    def clarity(self) -> float:
        """How far the difference between equally good students is from none, in half widths of its interval."""
        if self.equal is None or self.equal_low is None:
            return 0.0
        # All students of both sides may have answered alike but for their language.
        return abs(self.equal) / max(self.equal - self.equal_low, 1e-9)

    @property
    def certain(self) -> bool:
        """Whether the interval for equally good students leaves out 0."""
        return self.clarity > 1


def gaps(matrix: Matrix, place: int) -> list[Gap]:
    """A question by language: each against all others together, of two languages only the rarer one."""
    credit = matrix.credit
    whole = complete(credit)
    spoken = np.array([attempt.language for attempt in matrix.attempts])
    names = sorted({str(name) for name in spoken[whole] if name}, key=lambda name: (int((spoken == name).sum()), name))
    if len(names) < 2:
        return []
    rest = np.delete(credit * matrix.points, place, axis=1).sum(axis=1)
    found = []
    for name in names[:1] if len(names) == 2 else sorted(names):
        one, other = whole & (spoken == name), whole & (spoken != name) & (spoken != "")
        here, there = credit[one, place], credit[other, place]
        low, high = difference_interval(here, there)
        equal = equal_students(np.concatenate([here, there]), np.repeat([1.0, 0.0], [len(here), len(there)]),
                               np.concatenate([rest[one], rest[other]]))  # fmt: skip
        others = tuple(sorted(set(names) - {name}))
        means = float(here.mean()), float(there.mean())
        found.append(Gap(name, others, len(here), len(there), *means, low, high, *equal))
    return found


def difference_interval(one: Floats, other: Floats, level: float = LEVEL) -> tuple[float, float]:
    """The interval of the difference of two mean credits.

    Newcombe's for credits of 0 and 1, from Wilson's intervals of both; else Welch's t. [-1, 1] where they are
    too few or do not vary at all, which leaves everything open.
    """
    gap = float(one.mean() - other.mean())
    if np.isin(np.concatenate([one, other]), (0, 1)).all():
        z = NormalDist().inv_cdf((1 + level) / 2)
        (l1, u1), (l2, u2) = wilson(float(one.sum()), len(one), z), wilson(float(other.sum()), len(other), z)
        p1, p2 = float(one.mean()), float(other.mean())
        return gap - math.hypot(p1 - l1, u2 - p2), gap + math.hypot(u1 - p1, p2 - l2)
    if min(len(one), len(other)) < 2:
        return -1.0, 1.0
    parts = [float(group.var(ddof=1)) / len(group) for group in (one, other)]
    if not sum(parts):
        return -1.0, 1.0
    df = sum(parts) ** 2 / sum(part**2 / (len(group) - 1) for part, group in zip(parts, (one, other), strict=True))
    half = t_quantile((1 + level) / 2, df) * math.sqrt(sum(parts))
    return max(-1.0, gap - half), min(1.0, gap + half)


def equal_students(credit: Floats, group: Floats, rest: Floats) -> tuple[float | None, float | None, float | None]:
    """The difference between groups with the rest of the quiz held equal (analysis of covariance), and its interval.

    Of two standard errors, one for equal variances and one that allows for unequal ones (HC3), the larger counts.
    """
    students = len(credit)
    design = np.column_stack([np.ones(students), group, rest - rest.mean()])
    if np.ptp(rest) < 1e-12:
        design = design[:, :2]
    df = students - design.shape[1]
    if df < 3 or np.linalg.matrix_rank(design) < design.shape[1]:
        return None, None, None
    inverse = np.linalg.inv(design.T @ design)
    slopes = inverse @ design.T @ credit
    left = credit - design @ slopes
    error = max(_plain_error(left, inverse, df), _robust_error(left, design, inverse))
    half = t_quantile((1 + LEVEL) / 2, df) * error
    gap = float(slopes[1])
    return gap, gap - half, gap + half


def _plain_error(left: Floats, inverse: Floats, df: int) -> float:
    return math.sqrt(float(left @ left) / df * float(inverse[1, 1]))


def _robust_error(left: Floats, design: Floats, inverse: Floats) -> float:
    leverage: npt.NDArray[np.float64] = np.einsum("ij,jk,ik->i", design, inverse, design)
    # A student who is a group alone has leverage 1 and says nothing about how the group varies.
    weights = (left / np.clip(1 - leverage, 1e-6, None)) ** 2
    return math.sqrt(float((inverse @ (design.T * weights) @ design @ inverse)[1, 1]))
