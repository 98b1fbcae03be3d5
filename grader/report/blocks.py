"""Arrays side by side in the terminal: what came back, what was expected, where they differ; in numbers, large ones in blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from rich.cells import cell_len
from rich.console import ConsoleOptions
from rich.text import Text

from grader.locales import tr

MOST_ROWS, MOST_COLUMNS = 8, 23
_BLOCKS, _SIGNS = " ░▒▓█", " .:=#"
_INDENT = " " * 4
Cell = tuple[str, str]  # a text and its style


class Arrays(Protocol):
    """What a test compared: two arrays, and where they differ by too much (None where their shapes differ)."""

    @property
    def got(self) -> Any:
        """What came back."""

    @property
    def expected(self) -> Any:
        """What is right."""

    @property
    def wrong(self) -> Any:
        """An array of truth values, or None."""


@dataclass(frozen=True)
class Map:
    """What is drawn, and whether every value of both arrays stands in it as a number."""

    text: Text
    complete: bool


def heat_map(got: Any, expected: Any, wrong: Any, plain: bool, width: int = 80) -> Map | None:
    """Two arrays and their difference; None where there is nothing to compare: other shapes, single numbers, no numbers.

    Parameters:
        got, expected: arrays of numbers; of more than two dimensions the part with the largest error is shown.
        wrong: bool array of their shape, true where the difference is too large; None where the shapes differ.
        plain: whether the terminal shows no more than ASCII.
        width: columns of the terminal.
    """
    one, other = np.asarray(got), np.asarray(expected)
    if wrong is None or one.shape != other.shape or one.size < 2 or {one.dtype.kind, other.dtype.kind} - set("biuf"):
        return None
    off = np.asarray(wrong, dtype=bool)
    if not off.any():
        return None
    counts = "b" in (one.dtype.kind, other.dtype.kind)  # as numbers they would not be told apart
    one, other = one.astype(np.float64), other.astype(np.float64)
    with np.errstate(all="ignore"):
        error = np.where(off, np.nan_to_num(np.abs(one - other), nan=np.inf, posinf=np.inf), 0.0)
    if one.ndim > 1:
        part = tuple(int(i) for i in np.unravel_index(int(np.argmax(error)), one.shape))[:-2]
    else:
        part, one, other, error, off = (), one[None], other[None], error[None], off[None]
    whole = one.size == one[part].size and not counts
    one, other, error, off = one[part], other[part], error[part], off[part]
    numbers = _in_numbers(one, other, off, plain, width)
    if numbers is not None:
        return Map(numbers, whole)
    return Map(_in_blocks(one, other, error, plain, width), False)


def maps(arrays: Mapping[str, Arrays], options: ConsoleOptions) -> dict[str, Map]:
    """What can be drawn in a terminal, by test.

    Parameters:
        arrays: by test, of public tests only.
        options: of the terminal.
    """
    drawn = {
        name: heat_map(each.got, each.expected, each.wrong, options.ascii_only, options.max_width)
        for name, each in arrays.items()
    }
    return {name: each for name, each in drawn.items() if each is not None}


# -- in numbers ----------------------------------------------------------------------------------------------------------------


def _in_numbers(one: Any, other: Any, off: Any, plain: bool, width: int) -> Text | None:
    """Each value as a number; None where that does not fit."""
    if one.shape[0] > MOST_ROWS or one.shape[1] > MOST_COLUMNS:
        return None
    with np.errstate(all="ignore"):
        change = one - other
    returned = [[(_number(v), "red" if o else "") for v, o in zip(*rows, strict=True)] for rows in zip(one, off, strict=True)]
    wanted = [[(_number(v), "") for v in row] for row in other]
    wrong = [
        [(_number(v, "+"), "red") if o else ("." if plain else "·", "dim") for v, o in zip(*rows, strict=True)]
        for rows in zip(change, off, strict=True)
    ]
    tables = [returned, wanted, wrong]
    drawn = _beside(tables, plain, width)
    return _below(tables, width) if drawn is None and one.shape[0] == 1 else drawn


def _number(value: float, sign: str = "-") -> str:
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{int(value):{sign}}"
    return f"{value:{sign}.4g}"


def _titles() -> list[str]:
    return [tr("returned"), tr("expected"), tr("difference")]


def _beside(tables: Sequence[Sequence[Sequence[Cell]]], plain: bool, width: int) -> Text | None:
    """The tables in a row; None where that is too wide."""
    cells = [max(len(text) for row in table for text, _ in row) for table in tables]
    wide = [len(table[0]) * (cell + 1) - 1 for table, cell in zip(tables, cells, strict=True)]
    rows = [
        [[(f"{text:>{cell}}", style) for text, style in row] for row in table] for table, cell in zip(tables, cells, strict=True)
    ]
    return _laid_out(rows, wide, " ", plain, width)


def _below(tables: Sequence[Sequence[Sequence[Cell]]], width: int) -> Text | None:
    """The only rows of the tables, one below the other; None where they are too wide."""
    rows = [table[0] for table in tables]
    cells = [max(len(row[column][0]) for row in rows) for column in range(len(rows[0]))]
    label = max(map(cell_len, _titles()))
    if len(_INDENT) + label + len(cells) + sum(cells) + 1 > width:
        return None
    text = Text()
    for title, row in zip(_titles(), rows, strict=True):
        text.append(("\n" if text else "") + _INDENT).append(_padded(title, label + 1), style="dim")
        for (value, style), cell in zip(row, cells, strict=True):
            text.append(" ").append(f"{value:>{cell}}", style=style)
    return text


# -- in blocks -----------------------------------------------------------------------------------------------------------------


def _in_blocks(one: Any, other: Any, error: Any, plain: bool, width: int) -> Text:
    """Each value as a block of grey, of large arrays one block for several; always fits."""
    ramp = _SIGNS if plain else _BLOCKS
    across = max(1, min(MOST_COLUMNS, (width - len(_INDENT) - 2 * len(_gap(plain))) // 3))
    one, other, error = (_small(values, across, by) for values, by in ((one, np.mean), (other, np.mean), (error, np.max)))
    size = 2 if 2 * one.shape[1] <= across else 1  # two characters together are about a square
    finite = np.concatenate([array[np.isfinite(array)] for array in (one, other)])
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    worst = float(error[np.isfinite(error)].max(initial=0.0))
    tables = [[[(_shade(v, low, high, ramp) * size, "") for v in row] for row in array] for array in (one, other)]
    # Whatever is wrong is seen, also where another value is much more so.
    wrong = [
        [(_shade(v, 0.0, worst, ramp, least=1) * size, "red") if v else (ramp[0] * size, "") for v in row] for row in error
    ]
    drawn = _laid_out([*tables, wrong], [size * one.shape[1]] * 3, "", plain, 1 << 16)
    assert drawn is not None, "nothing is too wide for it"
    return drawn


def _small(values: Any, most: int, by: Any) -> Any:
    """The array, or one value for each block of a larger one."""
    down, across = -(-values.shape[0] // MOST_ROWS), -(-values.shape[1] // most)
    rows = range(0, values.shape[0], down)
    columns = range(0, values.shape[1], across)
    with np.errstate(all="ignore"):
        return np.array([[by(values[r : r + down, c : c + across]) for c in columns] for r in rows])


def _shade(value: float, low: float, high: float, ramp: str, least: int = 0) -> str:
    if not np.isfinite(value):
        return "?"
    share = (value - low) / (high - low) if high > low else 1.0
    return ramp[max(least, min(int(share * len(ramp)), len(ramp) - 1))]


# -- both ----------------------------------------------------------------------------------------------------------------------


def _laid_out(
    tables: Sequence[Sequence[Sequence[Cell]]], wide: Sequence[int], between: str, plain: bool, width: int
) -> Text | None:
    """Tables in a row under their titles; None where they are wider than that."""
    columns = [max(cell_len(title), size) for title, size in zip(_titles(), wide, strict=True)]
    gap = _gap(plain)
    if len(_INDENT) + sum(columns) + 2 * len(gap) > width:
        return None
    titles = gap.join(_padded(title, size) for title, size in zip(_titles(), columns, strict=True))
    text = Text(_INDENT).append(titles.rstrip(), style="dim")
    for rows in zip(*tables, strict=True):
        text.append("\n")
        for place, (row, size, column) in enumerate(zip(rows, wide, columns, strict=True)):
            text.append(gap if place else _INDENT, style="dim")
            for position, (value, style) in enumerate(row):
                text.append(between if position else "").append(value, style=style)
            text.append(" " * (column - size if place < len(tables) - 1 else 0))
    return text


def _gap(plain: bool) -> str:
    return " | " if plain else " │ "


def _padded(text: str, size: int) -> str:
    return text + " " * (size - cell_len(text))
