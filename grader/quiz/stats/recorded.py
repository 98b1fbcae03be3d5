"""Records of a quiz as a matrix, for statistics where the files of answers are not at hand: credits only, no options."""

from __future__ import annotations

from collections.abc import Sequence

from grader.quiz.stats.matrix import Attempt, Cell, Item, Matrix
from grader.record import Record, TestResult

_NOT_TAKEN = ("not_started", "grader_error")


def from_records(records: Sequence[Record]) -> Matrix:
    """The matrix of one quiz.

    Parameters:
        records: of that quiz, one per student. Who answered nothing, or was not marked, is left out. A question that a record
            does not hold counts as lost: the bank was edited between.
    """
    taken = [record for record in records if record.outcome not in _NOT_TAKEN]
    last = {test.name: test for record in taken for test in record.tests}
    items = tuple(Item(test.name, " ".join(test.title.split()), form="", points=test.max_points) for test in last.values())
    attempts = []
    for record in taken:
        own = {test.name: test for test in record.tests}
        attempts.append(Attempt(record.submission, tuple(_cell(own.get(item.id)) for item in items)))
    return Matrix(items, tuple(attempts))


def _cell(test: TestResult | None) -> Cell:
    if test is None or test.outcome == "grader_error" or test.max_points <= 0:
        return Cell(status="lost")
    if test.outcome == "not_started":
        return Cell(status="unanswered")
    return Cell(min(1.0, max(0.0, test.points / test.max_points)))
