"""A finding of the linter, and how it reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# The place of what concerns a bank as a whole.
WHOLE = "(bank)"


@dataclass(frozen=True)
class Finding:
    """Something to mend.

    Attributes:
        question: its id, or `WHOLE`.
        severity: an error fails the bank, a warning does not.
        what: what is wrong, with its key.
        remedy: what to do.
    """

    question: str
    severity: Literal["error", "warning"]
    what: str
    remedy: str

    def line(self, file: str) -> str:
        """One line: file, question, what, remedy."""
        kind = "" if self.severity == "error" else "warning: "
        return f"{file}: {self.question}: {kind}{self.what}" + (f"; {self.remedy}" if self.remedy else "")


def error(question: str, what: str, remedy: str = "") -> Finding:
    """A finding that fails the bank."""
    return Finding(question, "error", what, remedy)


def warning(question: str, what: str, remedy: str = "") -> Finding:
    """A finding that does not."""
    return Finding(question, "warning", what, remedy)
