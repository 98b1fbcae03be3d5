"""Draws an answer beside the expected one as coloured tables, which every notebook shows, also where it distrusts the page.

JupyterLab takes SVG out of notebooks it does not trust and leaves its text behind; tables with colours per cell it keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from grader.report.words import Words, words

MOST_SIDE = 24
NUMBERS_SIDE = 8
# Told apart with every common colour blindness; what the colour is mixed with is the theme's own ground.
_BELOW, _ABOVE = "0,114,178", "213,94,0"
_STEPS = 10


@dataclass(frozen=True)
class _Panel:
    """One table: its name, values, the largest magnitude that its colours stand for, and the values to mark."""

    name: str
    values: Any
    largest: float
    marked: Any


def picture_html(got: Any, expected: Any, wrong: Any, language: str) -> str:
    """Tables of what came back, what was expected and the difference; empty where there is nothing to draw.

    Parameters:
        got, expected: arrays of real numbers of any shape; the difference is drawn where the shapes agree.
        wrong: bool array of their shape, true where the difference is too large; None where the shapes differ.
        language: of the words.

    One-dimensional arrays are a row; of more than two dimensions the part with the largest error is shown; sides longer than
    24 are told by blocks.
    """
    arrays = [_numbers(got), _numbers(expected)]
    if arrays[0] is None or arrays[1] is None:
        return ""
    one, other = arrays
    w = words(language)
    label = w.picture.format(size_text(one), size_text(other))
    remarks = []
    if one.shape == other.shape:
        mask = np.broadcast_to(np.asarray(wrong if wrong is not None else False, dtype=bool), one.shape)
        difference = difference_of(one, other)
        if mask.any():
            remarks.append(w.picture_marked)
            worst = np.unravel_index(int(np.argmax(np.where(mask, _magnitude(difference), -1.0))), one.shape)
            label += " " + w.picture_off.format(int(mask.sum()), mask.size, _place(worst))
            part = tuple(int(i) for i in worst[:-2])
        else:
            part = (0,) * max(one.ndim - 2, 0)
        if part:
            remarks.append(w.picture_part.format("[" + ", ".join([*map(str, part), ":", ":"]) + "]"))
        panels = _three_panels(w, one[part], other[part], difference[part], mask[part])
    else:
        flat = [(name, array[(0,) * max(array.ndim - 2, 0)]) for name, array in ((w.returned, one), (w.expected, other))]
        largest = max(largest_of(array) for _, array in flat)
        panels = [_Panel(name, array, largest, np.zeros(array.shape, bool)) for name, array in flat]
    return _figure(w, panels, label, remarks)


def _numbers(value: Any) -> Any:
    """A float64 array of at least one dimension, at least one value; None where a picture makes no sense."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf" or array.ndim == 0 or array.size == 0:
            return None
        return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return None


def difference_of(one: Any, other: Any) -> Any:
    """The difference of two arrays, zero where both are the same infinity or no number."""
    with np.errstate(all="ignore"):
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        return np.where(same, 0.0, one - other)


def _magnitude(values: Any) -> Any:
    return np.where(np.isnan(values), np.inf, np.abs(values))


def largest_of(values: Any) -> float:
    """The largest finite magnitude, 1 where there is none."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0


def _three_panels(w: Words, one: Any, other: Any, difference: Any, mask: Any) -> list[_Panel]:
    shared = max(largest_of(one), largest_of(other))
    nothing = np.zeros(one.shape, bool)
    return [
        _Panel(w.returned, one, shared, nothing),
        _Panel(w.expected, other, shared, nothing),
        _Panel(w.difference, difference, largest_of(difference), mask),
    ]


def _figure(w: Words, panels: Sequence[_Panel], label: str, remarks: list[str]) -> str:
    rows, columns = (np.atleast_2d(panels[0].values)).shape
    down, across = -(-rows // MOST_SIDE), -(-columns // MOST_SIDE)
    if down * across > 1:
        remarks.append(w.picture_blocks.format(f"{down} × {across}"))
    # The picture is one thing to a screen reader: its numbers stand in the message above it.
    tables = "".join(f'<div class="gf-panel"><div class="gf-name">{escape(p.name)}</div>{_table(p)}</div>' for p in panels)
    told = "".join(f" {escape(remark)}" for remark in remarks)
    return (
        f'<div class="gf-picture"><div class="gf-panels" role="img" aria-label="{escape(label)}">{tables}</div>'
        f'<p class="gf-key">{escape(w.picture_key)}{told}</p></div>'
    )


def _table(panel: _Panel) -> str:
    values = np.atleast_2d(panel.values)
    marked = np.atleast_2d(panel.marked)
    down, across = -(-values.shape[0] // MOST_SIDE), -(-values.shape[1] // MOST_SIDE)
    difference = bool(marked.any())
    numbers = values.shape[1] <= NUMBERS_SIDE and values.shape[0] <= 2 * NUMBERS_SIDE
    lines = []
    for row in range(0, values.shape[0], down):
        cells = []
        for column in range(0, values.shape[1], across):
            block = values[row : row + down, column : column + across]
            value = block_value(block, difference)
            place = [column] if np.ndim(panel.values) == 1 else [row, column]
            off = bool(marked[row : row + down, column : column + across].any())
            cells.append(cell_html(value, panel.largest, _place(place), off, numbers))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    kind = "gf-numbers" if numbers else "gf-dots"
    return f'<table class="{kind}"><tbody>{"".join(lines)}</tbody></table>'


def block_value(block: Any, difference: bool) -> float:
    """What stands for a block of values: their mean, of differences the largest."""
    if block.size == 1:
        return float(block.flat[0])
    if difference:
        return float(block.flat[int(np.argmax(_magnitude(block)))])
    with np.errstate(all="ignore"):
        return float(block.mean())


def cell_html(value: float, largest: float, place: str, off: bool, numbers: bool) -> str:
    """One coloured cell: its number, or a sign where there are too many cells for numbers."""
    shown = f"{value + 0.0:.3g}"  # the sum makes a plain zero of -0.0
    share = min(abs(value) / largest, 1.0) if np.isfinite(value) else 0.0
    # Behind numbers the colour stays pale, so that they can be read on it in any theme.
    strength = round(share * _STEPS) / _STEPS * (0.5 if numbers else 0.95)
    style = f' style="background-color:rgba({_BELOW if value < 0 else _ABOVE},{strength:.2g})"' if strength else ""
    inside = shown if numbers else "×" if not np.isfinite(value) else "•" if off else ""
    mark = ' class="gf-off"' if off else ""
    return f'<td{mark}{style} title="{place} {shown}">{f"<b>{inside}</b>" if off else inside}</td>'


def size_text(array: Any) -> str:
    """The sides of an array: 3 × 4."""
    return " × ".join(map(str, array.shape))


def _place(index: Sequence[Any]) -> str:
    return "[" + ", ".join(str(int(i)) for i in index) + "]"
