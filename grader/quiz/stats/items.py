"""How hard a question is, and whether who knows more answers it better."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from grader.quiz.stats.matrix import Floats, Item, Matrix, complete
from grader.quiz.stats.quantiles import t_quantile, t_share

Z95 = NormalDist().inv_cdf(0.975)
_MOST_GIVEN = 3


@dataclass(frozen=True)
class Correlation:
    """A correlation with the points of all other questions.

    Attributes:
        value: None where it is undefined; `why` says why.
        low, high: 95 % interval by Fisher's z; None for fewer than four students.
        below, above: the probability of a value so low, or so high, were there no connection.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    below: float = 1.0
    above: float = 1.0
    why: str = ""


@dataclass(frozen=True)
class ItemFigures:
    """The figures of one question.

    Attributes:
        students: whose credit is known; unanswered and unreadable answers count as 0, lost ones not at all.
        facility: mean credit; None without students. `low` and `high` are its 95 % interval.
        facility_answered: mean credit of those who answered.
        common: wrong texts or numbers that two or more students gave, with how many.
    """

    item: Item
    students: int
    unanswered: int
    invalid: int
    lost: int
    facility: float | None
    low: float | None
    high: float | None
    facility_answered: float | None
    discrimination: Correlation
    common: tuple[tuple[str, int], ...] = ()


def figures(matrix: Matrix) -> list[ItemFigures]:
    """The figures of every question."""
    credit = matrix.credit
    whole = credit[complete(credit)] * matrix.points
    found = []
    for place, item in enumerate(matrix.items):
        cells = matrix.column(place)
        counts = Counter(cell.status for cell in cells)
        known = credit[~np.isnan(credit[:, place]), place]
        answered = [cell.credit for cell in cells if cell.status == "answered"]
        low, high = mean_interval(known)
        found.append(
            ItemFigures(
                item=item,
                students=len(known),
                unanswered=counts["unanswered"],
                invalid=counts["invalid"],
                lost=counts["lost"],
                facility=float(known.mean()) if len(known) else None,
                low=low,
                high=high,
                facility_answered=float(np.mean(answered)) if answered else None,
                discrimination=correlation(whole[:, place], np.delete(whole, place, axis=1).sum(axis=1)),
                common=_common(matrix, place),
            )
        )
    return found


def correlation(item: Floats, rest: Floats) -> Correlation:
    """The point-biserial correlation of a question, or of ticking an option, with the rest of the quiz."""
    count = len(item)
    if count < 3:
        return Correlation(why="it needs three students at least")
    if np.ptp(item) < 1e-12:
        return Correlation(why="everybody earned the same")
    if np.ptp(rest) < 1e-12:
        return Correlation(why="the other questions do not tell students apart")
    value = float(np.clip(np.corrcoef(item, rest)[0, 1], -1, 1))
    # A perfect correlation has no finite t; any huge one says the same.
    t = value * math.sqrt((count - 2) / max(1 - value * value, 1e-12))
    below = t_share(t, count - 2)
    if count < 4:
        return Correlation(value, below=below, above=1 - below)
    z, half = math.atanh(max(min(value, 1 - 1e-12), -1 + 1e-12)), Z95 / math.sqrt(count - 3)
    return Correlation(value, math.tanh(z - half), math.tanh(z + half), below, 1 - below)


def mean_interval(credits: Floats) -> tuple[float | None, float | None]:
    """The 95 % interval of a mean credit: Wilson's where all are 0 or 1, else by Student's t, cut to [0, 1]."""
    count = len(credits)
    if not count:
        return None, None
    if np.isin(credits, (0, 1)).all():
        return wilson(float(credits.sum()), count, Z95)
    if count < 2:
        return None, None
    half = t_quantile(0.975, count - 1) * float(credits.std(ddof=1)) / math.sqrt(count)
    mean = float(credits.mean())
    return max(0.0, mean - half), min(1.0, mean + half)


def wilson(hits: float, count: int, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    share, square = hits / count, z * z
    centre = (share + square / (2 * count)) / (1 + square / count)
    half = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return max(0.0, centre - half), min(1.0, centre + half)


def _common(matrix: Matrix, place: int) -> tuple[tuple[str, int], ...]:
    """What a bank's author may have forgotten: wrong answers that several students share."""
    item = matrix.items[place]
    if item.form not in ("numeric", "text") or item.parameters:
        return ()
    given = Counter(cell.given for cell in matrix.column(place) if cell.given and cell.status != "lost" and cell.credit == 0)
    return tuple((text, count) for text, count in given.most_common(_MOST_GIVEN) if count > 1)
