"""A small heat map for the terminal: what came back, what was expected, and where they differ, in blocks of grey."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.text import Text

from grader.locales import tr

MOST_ROWS, MOST_COLUMNS = 8, 16
_BLOCKS, _SIGNS = " ░▒▓█", " .:=#"
_LEAST = 6


def heat_map(got: Any, expected: Any, wrong: Any, plain: bool) -> Text | None:
    """Three maps side by side; None where numbers tell as much: other shapes, rows of numbers, very few values.

    Parameters:
        got, expected: arrays of numbers; of more than two dimensions the part with the largest error is shown.
        wrong: bool array of their shape, true where the difference is too large; None where the shapes differ.
        plain: whether the terminal shows no more than ASCII.
    """
    if wrong is None or np.shape(got) != np.shape(expected) or np.ndim(got) < 2:
        return None
    try:
        one, other = np.asarray(got).astype(np.float64), np.asarray(expected).astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return None
    off = np.asarray(wrong, dtype=bool)
    with np.errstate(all="ignore"):
        error = np.where(off, np.nan_to_num(np.abs(one - other), nan=np.inf, posinf=np.inf), 0.0)
    if not off.any():
        return None
    part = tuple(int(i) for i in np.unravel_index(int(np.argmax(error)), one.shape))[:-2]
    one, other, error = one[part], other[part], error[part]
    if min(one.shape) < 2 or one.size < _LEAST:
        return None
    return _side_by_side(_small(one, np.mean), _small(other, np.mean), _small(error, np.max), _SIGNS if plain else _BLOCKS)


def _small(values: Any, by: Any) -> Any:
    """The array, or one value for each block of a larger one."""
    down, across = -(-values.shape[0] // MOST_ROWS), -(-values.shape[1] // MOST_COLUMNS)
    rows = range(0, values.shape[0], down)
    columns = range(0, values.shape[1], across)
    with np.errstate(all="ignore"):
        return np.array([[by(values[r : r + down, c : c + across]) for c in columns] for r in rows])


def _side_by_side(one: Any, other: Any, error: Any, ramp: str) -> Text:
    finite = np.concatenate([array[np.isfinite(array)] for array in (one, other)])
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    worst = float(error[np.isfinite(error)].max(initial=0.0))
    titles = [tr("returned"), tr("expected"), tr("difference")]
    width = max(2 * one.shape[1], *map(len, titles)) + 3
    text = Text("    " + "".join(f"{title:<{width}}" for title in titles).rstrip(), style="dim")
    for row in range(one.shape[0]):
        text.append("\n    ")
        for values in (one[row], other[row]):
            cells = "".join(_shade(value, low, high, ramp) for value in values)
            text.append(f"{cells:<{width}}", style="not dim")
        for value in error[row]:
            # Whatever is wrong is seen, also where another value is much more so.
            shown = _shade(value, 0.0, worst, ramp, least=1) if value else ramp[0] * 2
            text.append(shown, style="not dim red" if value else "")
    return text


def _shade(value: float, low: float, high: float, ramp: str, least: int = 0) -> str:
    """Two characters, which together are about a square."""
    if not np.isfinite(value):
        return "??"
    share = (value - low) / (high - low) if high > low else 1.0
    return ramp[max(least, min(int(share * len(ramp)), len(ramp) - 1))] * 2
