"""Why a test did not pass: a promise that was not kept, or an exception of the student's code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Cause = Literal["missing", "signature", "type", "shape", "dtype", "finite", "values", "exception", "gradient", "input", "promise"]


@dataclass(frozen=True)
class Compared:
    """Two arrays that differ, for a picture in a visible test; never part of a record.

    Attributes:
        got, expected: ndarrays.
        wrong: bool array of their shape, true where the difference is too large; None where the shapes differ.
    """

    got: Any
    expected: Any
    wrong: Any


class Failure(AssertionError):
    """A promise that the student's answer does not keep.

    Attributes:
        cause: the first true cause.
        told: one sentence that holds no input and no expected value; hidden tests show this alone.
        returned: what came back, for visible tests.
        expected: what was expected, for visible tests.
        hint: the author's sentence for the student, if any.
        detail: what visible tests add to the sentence; an error's size, say, from which an expected value could be worked out.
        compared: the arrays behind it, if it is about arrays.
    """

    def __init__(
        self,
        cause: Cause,
        told: str,
        returned: str = "",
        expected: str = "",
        hint: str | None = None,
        detail: str = "",
        compared: Compared | None = None,
    ) -> None:
        super().__init__(told)
        self.cause = cause
        self.told = told
        self.returned = returned
        self.expected = expected
        self.hint = hint
        self.detail = detail
        self.compared = compared


@dataclass
class StudentError(Exception):
    """An exception that the student's code raised.

    Attributes:
        types: names of its class and the bases, most special first.
        message: its text.
        lines: line numbers and functions of the submission on the way to it, innermost last.
        errno: of an `OSError`.
    """

    types: list[str]
    message: str
    lines: list[tuple[int, str]]
    errno: int | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.message}" if self.message else self.name

    @property
    def name(self) -> str:
        """The name of its class."""
        return self.types[0] if self.types else "Exception"

    @property
    def line(self) -> int | None:
        """The innermost line of the submission."""
        return self.lines[-1][0] if self.lines else None
