"""Draws the panels of a picture as HTML that reads without eyes: tables with headers, charts with their values beneath.

Text stands in no SVG: where JupyterLab takes a chart out of a notebook it does not trust, its table of values is still there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import numpy as np

from grader.pictures.panels import Heat, Lines, Panel, Picture, Rows, name_in
from grader.report.charts import chart_svg, sample_svg
from grader.report.pictures import (
    MOST_SIDE,
    NUMBERS_SIDE,
    block_value,
    cell_html,
    difference_of,
    largest_of,
    size_text,
)
from grader.report.picturewords import PictureWords, picture_words
from grader.report.translate import told
from grader.report.words import Words, words

_NO_WEIGHT = 1e-6


def drawing_html(picture: Picture | None, language: str) -> str:
    """A picture as a piece of HTML for an exercise's feedback; empty where there is no picture to speak of."""
    if picture is None:
        return ""
    w = picture_words(language)
    if picture.ours:
        return f'<p class="gf-soft">{escape(w.not_yours.format(picture.reason))}</p>'
    if picture.reason:
        reason = escape(told(picture.reason, w.lang))
        return f'<div class="gf-drawing"><p class="gf-soft">{escape(w.left_out)}</p><pre>{reason}</pre></div>'
    drawn = "".join(_panel(panel, w) for panel in picture.panels)
    return f'<div class="gf-drawing gf-picture"><h4>{escape(w.heading)}</h4>{drawn}</div>'


def _panel(panel: Panel, w: PictureWords) -> str:
    name = escape(name_in(panel.name, w.lang))
    if isinstance(panel, Heat):
        inside = _heat(panel, w)
    elif isinstance(panel, Lines):
        inside = _lines(panel, w)
    else:
        inside = _rows(panel, w)
    title = f'<p class="gf-title"><strong>{name}</strong></p>'
    return f'<div class="gf-figure" role="group" aria-label="{name}">{title}{inside}</div>'


# -- tables of coloured cells ----------------------------------------------------------------------------------------------------


def _heat(panel: Heat, w: PictureWords) -> str:
    frame = words(w.lang)
    values, expected = panel.values, panel.expected
    nothing = np.zeros(values.shape, bool)
    told: list[str] = []
    if expected is None:
        tables = _table(panel, "", values, largest_of(values), nothing, w)
    elif values.shape != expected.shape:
        shared = max(largest_of(values), largest_of(expected))
        told.append(w.other_shape.format(size_text(values), size_text(expected)))
        tables = _table(panel, frame.returned, values, shared, nothing, w)
        tables += _table(panel, frame.expected, expected, shared, np.zeros(expected.shape, bool), w)
    else:
        tables = _three(panel, frame, w)
        off = int(panel.wrong.sum())
        told.append(w.off.format(off, panel.wrong.size) if off else w.all_close)
    if panel.mask is not None and not panel.mask.all():
        told.append(w.masked)
    if (values < 0).any() or expected is not None:
        told.append(frame.picture_key)
    said = f'<p class="gf-key">{escape(" ".join(told))}</p>' if told else ""
    return f'<div class="gf-panels">{tables}</div>{said}'


def _three(panel: Heat, frame: Words, w: PictureWords) -> str:
    shared = max(largest_of(panel.values), largest_of(panel.expected))
    nothing = np.zeros(panel.values.shape, bool)
    # Rounding of the stored expectation is no difference to look at.
    difference = np.where(panel.wrong, difference_of(panel.values, panel.expected), 0.0)
    return (
        _table(panel, frame.returned, panel.values, shared, nothing, w)
        + _table(panel, frame.expected, panel.expected, shared, nothing, w)
        + _table(panel, frame.difference, difference, largest_of(difference), panel.wrong, w, masked=False)
    )


def _table(
    panel: Heat, name: str, values: Any, largest: float, wrong: Any, w: PictureWords, masked: bool = True
) -> str:
    grid, off = np.atleast_2d(values), np.atleast_2d(wrong)
    down, across = -(-grid.shape[0] // MOST_SIDE), -(-grid.shape[1] // MOST_SIDE)
    numbers = grid.shape[1] <= NUMBERS_SIDE and grid.shape[0] <= 2 * NUMBERS_SIDE
    seen = np.atleast_2d(panel.mask) if masked and panel.mask is not None and panel.mask.shape == values.shape else None
    rows = panel.rows if len(panel.rows) == grid.shape[0] else ()
    columns = panel.columns if len(panel.columns) == grid.shape[1] else ()
    lines = []
    for row in range(0, grid.shape[0], down):
        cells = []
        for column in range(0, grid.shape[1], across):
            part = slice(row, row + down), slice(column, column + across)
            value, place = block_value(grid[part], bool(off.any())), f"[{row}, {column}]"
            if numbers and seen is not None and not seen[row, column] and abs(value) < _NO_WEIGHT:
                cells.append(f'<td class="gf-none" title="{place} 0">–</td>')
            else:
                cells.append(cell_html(value, largest, place, bool(off[part].any()), numbers))
        head = f'<th scope="row">{escape(rows[row])}</th>' if numbers and rows else ""
        lines.append(f"<tr>{head}{''.join(cells)}</tr>")
    label = f'<div class="gf-name">{escape(name)}</div>' if name else ""
    body = f"<tbody>{''.join(lines)}</tbody>"
    if not numbers:
        said = escape(f"{name} {w.large.format(size_text(grid), _short(grid.min()), _short(grid.max()))}".strip())
        table = f'<table class="gf-dots">{body}</table>'
        return f'<div class="gf-panel">{label}<div role="img" aria-label="{said}">{table}</div></div>'
    top = ""
    if columns:
        corner = "<td></td>" if rows else ""
        heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in columns)
        top = f"<thead><tr>{corner}{heads}</tr></thead>"
    said = escape(f"{name_in(panel.name, w.lang)}{': ' if name else ''}{name}")
    return f'<div class="gf-panel">{label}<table class="gf-numbers" aria-label="{said}">{top}{body}</table></div>'


# -- charts and plain tables -----------------------------------------------------------------------------------------------------


def _lines(panel: Lines, w: PictureWords) -> str:
    axis = name_in(panel.x_name, w.lang)
    finite = np.concatenate([array[np.isfinite(array)] for curve in panel.curves for array in _arrays(curve)])
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    said = [w.chart.format(axis, _short(panel.x[0]), _short(panel.x[-1]))]
    said += [w.curve.format(name_in(c.name, w.lang), _short(c.values[0]), _short(c.values[-1])) for c in panel.curves]
    compared = any(curve.expected is not None for curve in panel.curves)
    legend = "".join(
        f"<li>{sample_svg(number)} {escape(name_in(curve.name, w.lang))}</li>" for number, curve in enumerate(panel.curves)
    )
    return (
        f'<div class="gf-chart"><div class="gf-high">{_short(high)}</div>'
        f"{chart_svg(panel, (low, high), ' '.join(said))}"
        f'<div class="gf-low">{_short(low)}</div>'
        f'<div class="gf-axis"><span>{_short(panel.x[0])}</span><span>{escape(axis)}</span>'
        f"<span>{_short(panel.x[-1])}</span></div></div>"
        f'<ul class="gf-legend">{legend}</ul>'
        + (f'<p class="gf-key">{escape(w.dashed)}</p>' if compared else "")
        + f"<details><summary>{escape(w.values)}</summary>{_values(panel, axis, w)}</details>"
    )


def _arrays(curve: Any) -> Iterator[Any]:
    yield curve.values
    if curve.expected is not None:
        yield curve.expected


def _values(panel: Lines, axis: str, w: PictureWords) -> str:
    heads, columns = [axis], [panel.x]
    for curve in panel.curves:
        name = name_in(curve.name, w.lang)
        heads.append(name)
        columns.append(curve.values)
        if curve.expected is not None:
            heads.append(w.expected_of.format(name))
            columns.append(curve.expected)
    rows = [[_short(value) for value in row] for row in zip(*columns, strict=True)]
    return _plain(name_in(panel.name, w.lang), heads, rows)


def _rows(panel: Rows, w: PictureWords) -> str:
    return _plain(name_in(panel.name, w.lang), [name_in(head, w.lang) for head in panel.heads], panel.rows)


def _plain(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    inside = f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody>"
    return f'<table class="gf-numbers gf-rows" aria-label="{escape(name)}">{inside}</table>'


def _short(value: Any) -> str:
    return f"{float(value) + 0.0:.3g}"
