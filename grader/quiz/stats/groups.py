"""Who chose which option: counted over all students, and over the strongest and the weakest 27 %."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.quiz.stats.items import Correlation, correlation
from grader.quiz.stats.matrix import Choice, Floats, Matrix, complete

SHARE = 0.27


@dataclass(frozen=True)
class Groups:
    """The places of the strongest and the weakest students by their total points.

    Each group has at least 27 % of the students, and whoever has as many points as its last member belongs to it too, so that
    nobody's place depends on the order of files.

    Attributes:
        why: why there are no groups, where there are none.
    """

    upper: tuple[int, ...] = ()
    lower: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class OptionFigures:
    """How often an option was ticked: by all, and by the strongest and the weakest (None without groups).

    Attributes:
        strong: correlation of ticking it with the points of all other questions.
    """

    choice: Choice
    count: int
    upper: int | None
    lower: int | None
    strong: Correlation


def groups_of(totals: Floats) -> Groups:
    """The strongest and the weakest students, by totals of which NaN are passed over."""
    known = np.flatnonzero(~np.isnan(totals))
    size = math.ceil(SHARE * len(known))
    if len(known) < 4:
        return Groups(why="fewer than four students")
    # Sums of fractions that are equal on paper differ in the last digit.
    scores = np.round(totals[known], 9)
    ordered = np.sort(scores)
    bottom, top = ordered[size - 1], ordered[-size]
    if bottom >= top:
        return Groups(why="too many students have equal totals")
    upper, lower = known[scores >= top], known[scores <= bottom]
    return Groups(tuple(map(int, upper)), tuple(map(int, lower)))


def totals_of(matrix: Matrix) -> Floats:
    """Points per student; NaN where an answer is lost."""
    return np.asarray((matrix.credit * matrix.points).sum(axis=1))


def options(matrix: Matrix, place: int, groups: Groups) -> list[OptionFigures]:
    """The options of a question in the bank's order; none for questions without."""
    cells = matrix.column(place)
    credit = matrix.credit
    whole = complete(credit)
    rest = np.delete(credit * matrix.points, place, axis=1)[whole].sum(axis=1)
    found = []
    for choice in matrix.items[place].choices:
        ticked = np.array([choice.id in cell.chosen for cell in cells], dtype=np.float64)
        upper, lower = (int(ticked[list(group)].sum()) if group else None for group in (groups.upper, groups.lower))
        found.append(OptionFigures(choice, int(ticked.sum()), upper, lower, correlation(ticked[whole], rest)))
    return found
