"""The argument `draw` of an author's `picture.py`: takes arrays, checks them, keeps panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.pictures.panels import Curve, Heat, Lines, Name, Panel, Rows
from grader.testing.assertions import kind_of, numpy_of
from grader.testing.failure import Failure

LANGUAGES = ("en", "ru", "hi")
MOST_PANELS = 8
MOST_CURVES = 6
MOST_POINTS = 200
MOST_ROWS = 40
MOST_SIDE = 64


class PictureError(Exception):
    """The author's part of a picture is wrong: a name without a language, an expected array of the wrong kind."""


class Draw:
    """Collects the panels of one picture.

    The first values of each method are the submission's; where they are not what can be drawn, `Failure` is raised and the
    picture is left out with that reason. Whatever else is wrong raises `PictureError`, which `grader verify` tells the author.
    """

    def __init__(self) -> None:
        self.panels: list[Panel] = []

    def given(self, name: Name, values: Any) -> None:
        """An input of the author's own, such as the image."""
        self._keep(Heat(_name(name), _ours(values, "values")))

    def map(self, name: Name, values: Any, expected: Any = None, atol: float = 1e-3) -> None:
        """An array of the submission's; with `expected` also that one and the difference.

        Parameters:
            name: what it shows: a text, or texts by language.
            values: what came back.
            expected: a closed expectation, small and stored beside the drawing; never computed as a solution would.
            atol: values further off than this are marked; expectations are rounded.
        """
        self.heat(name, values, expected=expected, atol=atol)

    def heat(
        self,
        name: Name,
        values: Any,
        mask: Any = None,
        rows: Sequence[str] = (),
        columns: Sequence[str] = (),
        expected: Any = None,
        atol: float = 1e-3,
    ) -> None:
        """Weights or shares, with names at rows and columns; cells where the mask is false are shown as excluded."""
        got = _theirs(values)
        want = None if expected is None else _ours(expected, "expected")
        seen = None if mask is None else _ours(mask, "mask").astype(bool)
        try:
            seen = None if seen is None else np.broadcast_to(seen, got.shape)
        except ValueError:
            seen = None  # the submission's shape is another one, which the comparison tells
        wrong = None
        if want is not None and want.shape == got.shape:
            with np.errstate(all="ignore"):
                wrong = ~(np.abs(got - want) <= atol)
        self._keep(Heat(_name(name), got, want, wrong, seen, tuple(map(str, rows)), tuple(map(str, columns))))

    def lines(
        self, name: Name, series: Mapping[str, Any], x: Any, x_name: Name, expected: Mapping[str, Any] | None = None
    ) -> None:
        """Curves over one axis.

        Parameters:
            name, x_name: of the chart and of its axis.
            series: the submission's values by the name of the curve, as many as there are in x.
            x: increasing numbers.
            expected: closed expectations by the names of `series`.
        """
        axis = _ours(x, "x")
        if axis.ndim != 1 or not 2 <= axis.size <= MOST_POINTS or not (np.diff(axis) > 0).all():
            raise PictureError(f"x: 2 to {MOST_POINTS} increasing numbers are needed")
        if not 1 <= len(series) <= MOST_CURVES:
            raise PictureError(f"series: 1 to {MOST_CURVES} curves can be told apart, {len(series)} were given")
        unknown = (expected or {}).keys() - series.keys()
        if unknown:
            raise PictureError(f"expected: there is no curve {sorted(unknown)[0]!r}")
        curves = []
        for curve, values in series.items():
            want = _ours(expected[curve], "expected") if expected and curve in expected else None
            if want is not None and want.shape != axis.shape:
                raise PictureError(f"expected[{curve!r}]: {want.size} numbers for {axis.size} in x")
            got = _theirs(values)
            if got.shape != axis.shape:
                raise Failure("shape", f"the shape is {got.shape}, another one is right")
            curves.append(Curve(_name(curve), got, want))
        self._keep(Lines(_name(name), tuple(curves), axis, _name(x_name)))

    def table(self, name: Name, heads: Sequence[Name], rows: Sequence[Sequence[Any]]) -> None:
        """A table of short texts and numbers; the first column names the rows."""
        if not heads or not 1 <= len(rows) <= MOST_ROWS or any(len(row) != len(heads) for row in rows):
            raise PictureError(f"rows: 1 to {MOST_ROWS} rows are needed, each with {len(heads)} cells as the heads have")
        texts = tuple(tuple(_text(cell) for cell in row) for row in rows)
        self._keep(Rows(_name(name), tuple(map(_name, heads)), texts))

    def _keep(self, panel: Panel) -> None:
        if len(self.panels) >= MOST_PANELS:
            raise PictureError(f"a picture has at most {MOST_PANELS} panels")
        self.panels.append(panel)


def _name(name: Any) -> Name:
    if isinstance(name, str) and name:
        return name
    if not isinstance(name, Mapping):
        raise PictureError(f"a name is a text or texts by language, not {name!r}")
    lacking = [language for language in LANGUAGES if not name.get(language)]
    if lacking:
        raise PictureError(f"the name {name.get('en') or dict(name)!r} is missing in {', '.join(lacking)}")
    return {language: str(name[language]) for language in LANGUAGES}


def _ours(values: Any, key: str) -> Any:
    array = _numbers(values)
    if array is None or array.ndim > 2 or max(array.shape) > max(MOST_SIDE, MOST_POINTS):
        raise PictureError(f"{key}: numbers in one or two dimensions are needed, not {kind_of(values)}")
    return array


def _theirs(values: Any) -> Any:
    array = _numbers(values)
    if array is None or array.ndim > 2:
        raise Failure("type", f"{kind_of(values)} came back, which cannot be drawn in rows and columns")
    return array


def _numbers(values: Any) -> Any:
    """A float64 array of one or more dimensions with at least one value, else None."""
    try:
        listed = isinstance(values, (list, tuple))
        array = np.asarray([numpy_of(value) for value in values]) if listed else numpy_of(values)
        if array.dtype.kind not in "biuf" or array.ndim == 0 or array.size == 0:
            return None
        return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return None


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.4g}"
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return str(cell)[:80]
