"""Who answered what: students by questions, the plain data that all statistics are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# Lost: answered, but nobody can say what the letters meant, because the bank was edited since.
Status = Literal["answered", "unanswered", "invalid", "lost"]


@dataclass(frozen=True)
class Choice:
    """An option that could be ticked: its id in the bank, its text, and what it counts for."""

    id: str
    text: str
    value: Literal["right", "wrong", "either"]


@dataclass(frozen=True)
class Item:
    """A question.

    Attributes:
        form: single, multiple, true_false, numeric, text, ordering or matching.
        guess: the credit in [0, 1] that blind guessing can expect.
        choices: options to count; none where there are none or where they mean something else for each student.
        parameters: whether students got numbers of their own.
    """

    id: str
    title: str
    form: str
    points: float = 1.0
    guess: float = 0.0
    choices: tuple[Choice, ...] = ()
    parameters: bool = False


@dataclass(frozen=True)
class Cell:
    """One student's answer to one question.

    Attributes:
        credit: 0 to 1; 0 unless answered.
        chosen: ids of the options that were ticked.
        given: the text or number as it was written, for forms without options.
    """

    credit: float = 0.0
    status: Status = "answered"
    chosen: frozenset[str] = frozenset()
    given: str = ""


@dataclass(frozen=True)
class Attempt:
    """One student's answers, in the order of the items; language is "" where it is not known."""

    student: str
    cells: tuple[Cell, ...]
    language: str = ""
    variant: int = 0


@dataclass(frozen=True)
class Matrix:
    """Attempts at the same questions, one per student."""

    items: tuple[Item, ...]
    attempts: tuple[Attempt, ...]

    @cached_property
    def credit(self) -> Floats:
        """Students by questions, in [0, 1]: 0 for what is unanswered or unreadable, NaN for what is lost."""
        rows = [[np.nan if cell.status == "lost" else cell.credit for cell in attempt.cells] for attempt in self.attempts]
        return np.array(rows, dtype=np.float64).reshape(len(self.attempts), len(self.items))

    @cached_property
    def points(self) -> Floats:
        """Points per question."""
        return np.array([item.points for item in self.items], dtype=np.float64)

    def column(self, place: int) -> list[Cell]:
        """All answers to the question at a place."""
        return [attempt.cells[place] for attempt in self.attempts]


def complete(credit: Floats) -> npt.NDArray[np.bool_]:
    """Which students have a credit for every question: only their totals can be compared."""
    return np.asarray(~np.isnan(credit).any(axis=1))


def from_credits(items: Sequence[Item], rows: Sequence[Sequence[float]]) -> Matrix:
    """A matrix of bare credits, every one of them answered."""
    attempts = (Attempt(f"s{number}", tuple(map(Cell, row))) for number, row in enumerate(rows, 1))
    return Matrix(tuple(items), tuple(attempts))
