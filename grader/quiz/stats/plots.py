"""The two pictures of the page, as SVG that takes its colours and its font from the page around it."""

from __future__ import annotations

import io
import math
import re
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from grader.quiz.stats.flags import EASY, HARD
from grader.quiz.stats.numbers import short
from grader.quiz.stats.statistics import Statistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours that nobody uses stand for the page's own until the SVG is written.
_TEXT, _LINE, _ACCENT, _BAD = "#010203", "#040506", "#070809", "#0a0b0c"
_VARIABLES = {_TEXT: "var(--soft)", _LINE: "var(--line)", _ACCENT: "var(--accent)", _BAD: "var(--bad)"}


def scatter(found: Statistics) -> str:
    """Questions by facility and discrimination; empty where none has both."""
    points: dict[tuple[int, int], list[int]] = {}
    for number, row in enumerate(found.rows, 1):
        facility, value = row.figures.facility, row.figures.discrimination.value
        if facility is not None and value is not None:
            # Numbers that would stand on top of each other share a label.
            points.setdefault((round(facility * 30), round(value * 20)), []).append(number)
    if not points:
        return ""
    figure, axes = _empty("facility (mean credit)", "discrimination")
    values = [row.figures.discrimination.value or 0.0 for row in found.rows]
    axes.set(xlim=(-0.02, 1.04), ylim=(min(-0.15, *values) - 0.1, max(0.6, *values) + 0.15))
    axes.axhspan(axes.get_ylim()[0], 0, color=_BAD, alpha=0.1, linewidth=0)
    axes.text(0, axes.get_ylim()[0] + 0.03, "look at the key", color=_BAD)
    for place, name, side in ((HARD, "hard", "right"), (EASY, "easy", "left")):
        axes.axvline(place, color=_LINE, linestyle=(0, (4, 4)), linewidth=1)
        space = -0.01 if side == "right" else 0.01
        axes.text(place + space, axes.get_ylim()[1] - 0.02, name, color=_TEXT, ha=side, va="top")
    spots = [_spot(found, number) for numbers in points.values() for number in numbers]
    for numbers in points.values():
        for number in numbers:
            grave = any(flag.weight == "look" for flag in found.rows[number - 1].flags)
            marker, colour = ("D", _BAD) if grave else ("o", _ACCENT)
            axes.plot(*_spot(found, number), marker=marker, color=colour, markersize=6, linestyle="")
        _label(axes, ", ".join(map(str, numbers)), _spot(found, numbers[-1]), spots)
    told = "Questions by facility and discrimination; the numbers are those of the table, which holds the same figures."
    return _svg(figure, "items", told)


def _spot(found: Statistics, number: int) -> tuple[float, float]:
    one = found.rows[number - 1].figures
    return one.facility or 0.0, one.discrimination.value or 0.0


def _label(axes: Axes, text: str, spot: tuple[float, float], spots: list[tuple[float, float]]) -> None:
    """Write beside a spot, on the side where the next one is farthest."""
    wide, high = axes.get_xlim()[1] - axes.get_xlim()[0], axes.get_ylim()[1] - axes.get_ylim()[0]

    def room(side: tuple[int, int]) -> float:
        x, y = spot[0] + side[0] * 0.025 * wide, spot[1] + side[1] * 0.04 * high
        return min(math.hypot((x - u) / wide, (y - v) / high) for u, v in spots)

    across, up = max(((1, 1), (-1, 1), (1, -1), (-1, -1)), key=room)
    axes.annotate(
        text,
        spot,
        xytext=(5 * across, 3 * up),
        textcoords="offset points",
        color=_TEXT,
        ha="left" if across > 0 else "right",
        va="bottom" if up > 0 else "top",
    )


def histogram(found: Statistics) -> str:
    """How many students have how many points; empty without students."""
    if not found.totals or found.mean is None:
        return ""
    figure, axes = _empty("total points", "students")
    step = max(1.0, float(np.ceil(found.max_points / 20)))
    counts, _, _ = axes.hist(
        found.totals, bins=np.arange(-step / 2, found.max_points + step, step).tolist(), color=_ACCENT, rwidth=0.86
    )
    axes.axvline(found.mean, color=_TEXT, linewidth=1.5, linestyle=(0, (4, 3)))
    axes.locator_params(axis="y", integer=True)
    axes.set_ylim(0, float(np.max(counts)) * 1.18 + 0.2)
    axes.text(found.mean, axes.get_ylim()[1] * 0.97, f"  mean {short(found.mean)}", color=_TEXT, va="top")
    told = (
        f"Distribution of total points of {len(found.totals)} students; mean {short(found.mean)}, maximum {found.max_points:g}."
    )
    return _svg(figure, "totals", told)


def _empty(across: str, up: str) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.2, 3.9), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    axes.set_xlabel(across, color=_TEXT)
    axes.set_ylabel(up, color=_TEXT)
    axes.tick_params(colors=_LINE, labelcolor=_TEXT)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_LINE)
    return figure, axes


def _svg(figure: Figure, name: str, told: str) -> str:
    import matplotlib

    text = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r" ?font-family: [^;\"]*;?", "", svg)
    # Two pictures on a page must not share ids.
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'(<svg\b[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg\b[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(told)}"', 1)
