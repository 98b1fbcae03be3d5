"""The panels of a picture: plain data, drawn elsewhere as HTML; values come from a submission, the rest from the author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Name = str | Mapping[str, str]


@dataclass(frozen=True)
class Heat:
    """An array of two dimensions (or one, a row) as a table of coloured cells.

    Attributes:
        name: what it shows.
        values: float64 array.
        expected: array that it should be like, or None where there is nothing to compare.
        wrong: bool array, true where values and expected differ too much; None where their shapes do.
        mask: bool array of the values' shape, false where a cell is excluded; None where all count.
        rows, columns: names of the rows and columns; empty where they are numbered.
    """

    name: Name
    values: Any
    expected: Any = None
    wrong: Any = None
    mask: Any = None
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Curve:
    """One line of a chart: its name, its values, and what they should be, or None."""

    name: Name
    values: Any
    expected: Any = None


@dataclass(frozen=True)
class Lines:
    """Curves over one axis."""

    name: Name
    curves: tuple[Curve, ...]
    x: Any
    x_name: Name


@dataclass(frozen=True)
class Rows:
    """A table of texts and numbers; its first column names the rows."""

    name: Name
    heads: tuple[Name, ...]
    rows: tuple[tuple[str, ...], ...]


Panel = Heat | Lines | Rows


@dataclass(frozen=True)
class Picture:
    """What came of a `picture.py`: its panels, or why there are none.

    Attributes:
        panels: in the order in which they were drawn.
        reason: why the picture is left out, in the words of a test's message; empty where it is there.
        ours: whether the reason is a fault of the picture itself and not of the submission.
    """

    panels: tuple[Panel, ...] = ()
    reason: str = ""
    ours: bool = False


def name_in(name: Name, language: str) -> str:
    """A name in a language, in English where it has none there."""
    return name if isinstance(name, str) else name.get(language, name["en"])
