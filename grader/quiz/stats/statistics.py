"""All statistics of one bank's answers, computed once for every way of showing them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from grader.quiz.stats.flags import Flag, flags_of, warnings
from grader.quiz.stats.groups import Groups, OptionFigures, groups_of, options, totals_of
from grader.quiz.stats.items import ItemFigures, figures
from grader.quiz.stats.languages import Gap, gaps
from grader.quiz.stats.matrix import Matrix, complete
from grader.quiz.stats.reliability import Reliability, alpha_without, reliability


@dataclass(frozen=True)
class Row:
    """A question with all that is known about it.

    Attributes:
        alpha_without: the reliability that the quiz would have without it.
    """

    figures: ItemFigures
    options: tuple[OptionFigures, ...]
    gaps: tuple[Gap, ...]
    flags: tuple[Flag, ...]
    alpha_without: float | None


@dataclass(frozen=True)
class Statistics:
    """The statistics of a bank.

    Attributes:
        languages: students by language; "" for those whose language is not recorded.
        totals: points of students with a credit for every question, in the order of the attempts.
        mean, sd: of the totals; sd with n - 1 below the line.
        warnings: which numbers cannot be trusted.
        notes: what happened to the files: left out, replaced by later ones.
    """

    bank: str
    title: str
    students: int
    variants: int
    languages: dict[str, int]
    max_points: float
    totals: tuple[float, ...]
    mean: float | None
    sd: float | None
    reliability: Reliability
    groups: Groups
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; no names of students but in the notes."""
        data = asdict(self)
        del data["totals"]
        data["groups"] = {"upper": len(self.groups.upper), "lower": len(self.groups.lower), "why": self.groups.why}
        data["questions"] = [_flat(row) for row in data.pop("rows")]
        return data


def statistics(matrix: Matrix, bank: str, title: str = "", notes: tuple[str, ...] = ()) -> Statistics:
    """The statistics of a matrix; anything undefined is None and says why."""
    credit, weights = matrix.credit, matrix.points
    whole = complete(credit)
    groups = groups_of(totals_of(matrix))
    trust = reliability(credit[whole], weights)
    without = alpha_without(credit[whole], weights)
    rows = []
    for place, found in enumerate(figures(matrix)):
        ticked, spoken = tuple(options(matrix, place, groups)), tuple(gaps(matrix, place))
        rows.append(Row(found, ticked, spoken, flags_of(found, ticked, spoken), without[place]))
    totals = (credit[whole] * weights).sum(axis=1)
    return Statistics(
        bank=bank,
        title=title,
        students=len(matrix.attempts),
        variants=len({attempt.variant for attempt in matrix.attempts}),
        languages=dict(sorted(Counter(attempt.language for attempt in matrix.attempts).items())),
        max_points=float(weights.sum()),
        totals=tuple(map(float, totals)),
        mean=float(totals.mean()) if len(totals) else None,
        sd=float(np.std(totals, ddof=1)) if len(totals) > 1 else None,
        reliability=trust,
        groups=groups,
        rows=tuple(rows),
        warnings=warnings(len(credit), trust, [gap for row in rows for gap in row.gaps], groups.why, int(whole.sum())),
        notes=notes,
    )


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A question's data with its figures on top."""
    figures = row.pop("figures")
    item = figures.pop("item")
    item.pop("choices")
    return {**item, **figures, **row}
