"""What a process notes of forbidden calls while a submission runs."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field


class ForbiddenCall(RuntimeError):
    """Raised in the place of a call that the exercise asks the student to write."""


@dataclass(frozen=True)
class Hit:
    """A forbidden call that was reached: which ban, by which name, from which line of the submission."""

    ban: int
    name: str
    line: int | None


@dataclass
class Record:
    """What was reached so far.

    Attributes:
        filename: whose lines are told.
        hits: forbidden calls.
    """

    filename: str = ""
    hits: list[Hit] = field(default_factory=list)

    def reach(self, ban: int, name: str) -> None:
        """Note a hit and raise."""
        self.hits.append(Hit(ban, name, self._line()))
        raise ForbiddenCall(f"{name} is not available in this exercise")

    def _line(self) -> int | None:
        frame: types.FrameType | None = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename == self.filename:
                return frame.f_lineno
            frame = frame.f_back
        return None
