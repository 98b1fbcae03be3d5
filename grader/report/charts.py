"""Curves as a small SVG without any text in it; what it shows is told by its label and by the words around it."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import Any

import numpy as np

from grader.pictures.panels import Lines

_WIDE, _HIGH, _EDGE = 420, 170, 6
# Told apart without colours, too.
_DASHES = ("", "9 4", "3 3", "12 4 3 4", "16 5", "6 2 2 2 2 2")
_DOTTED = 'stroke-width="1.5" stroke-dasharray="1 4"'


def chart_svg(panel: Lines, span: tuple[float, float], label: str) -> str:
    """The curves of a panel.

    Parameters:
        panel: at most as many curves as there are dash patterns.
        span: lowest and highest value.
        label: everything that it shows, in words.
    """
    expected = "".join(
        f'<g class="gf-want">{_strokes(panel.x, curve.expected, span, _DOTTED)}</g>'
        for curve in panel.curves
        if curve.expected is not None
    )
    drawn = "".join(
        f'<g class="gf-s{number}">{_strokes(panel.x, curve.values, span, _style(number))}</g>'
        for number, curve in enumerate(panel.curves)
    )
    frame = f"M{_EDGE} {_EDGE}V{_HIGH - _EDGE}H{_WIDE - _EDGE}"
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" height="{_HIGH}" '
        f'fill="none" stroke="currentColor"><path d="{frame}" stroke-opacity=".5"/>{expected}{drawn}</svg>'
    )


def sample_svg(number: int) -> str:
    """A piece of a curve's line for the legend."""
    return (
        f'<svg aria-hidden="true" class="gf-s{number}" viewBox="0 0 36 8" width="36" height="8" fill="none" '
        f'stroke="currentColor"><path d="M0 4H36" {_style(number)}/></svg>'
    )


def _style(number: int) -> str:
    dashes = _DASHES[number % len(_DASHES)]
    return 'stroke-width="2"' + (f' stroke-dasharray="{dashes}"' if dashes else "")


def _strokes(x: Any, y: Any, span: tuple[float, float], style: str) -> str:
    """A path for each unbroken piece; values that are no finite numbers leave a gap."""
    low, high = span
    room = (high - low) or 1.0
    across = _EDGE + (x - x[0]) / (x[-1] - x[0]) * (_WIDE - 2 * _EDGE)
    with np.errstate(all="ignore"):
        up = _HIGH - _EDGE - (y - low) / room * (_HIGH - 2 * _EDGE)
    paths = []
    for finite, group in groupby(range(len(x)), key=lambda i: bool(np.isfinite(y[i]))):
        points = [f"{across[i]:.1f} {up[i]:.1f}" for i in group]
        if finite:
            paths.append(f'<path d="M{"L".join([*points, points[0]] if len(points) == 1 else points)}" {style}/>')
    return "".join(paths)
