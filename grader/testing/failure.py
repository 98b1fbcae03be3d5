"""Why a test did not pass: a promise that was not kept, or an exception of the student's code."""

from __future__ import annotations

from collections.abc import Callable
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
        hint: the author's sentence for the student, if any.
        detail: what visible tests add to the sentence; an error's size, say, from which an expected value could be worked out.
        compared: the arrays behind it, if it is about arrays.
    """

    def __init__(
        self,
        cause: Cause,
        told: str,
        returned: str | Callable[[], str] = "",
        expected: str | Callable[[], str] = "",
        hint: str | None = None,
        detail: str = "",
        compared: Compared | None = None,
    ) -> None:
        super().__init__(told)
        self.cause = cause
        self.told = told
        self._returned = returned
        self._expected = expected
        self.hint = hint
        self.detail = detail
        self.compared = compared

    @property
    def returned(self) -> str:
        """What came back, for visible tests; put into words only here, for hidden ones never show it and arrays take time."""
        return self._returned if isinstance(self._returned, str) else self._returned()

    @property
    def expected(self) -> str:
        """What was expected, for visible tests."""
        return self._expected if isinstance(self._expected, str) else self._expected()


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
