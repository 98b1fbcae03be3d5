"""Item statistics in a terminal of 80 columns: a table of questions, then what to look at."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.quiz.stats.groups import OptionFigures
from grader.quiz.stats.numbers import NONE, short, span
from grader.quiz.stats.statistics import Statistics
from grader.quiz.stats.summary import COLUMNS, groups, trust, who

_SIGNS = {"look": ("!", "bold red"), "maybe": ("·", "yellow")}
_OF_OPTIONS = {"negative", "strong-distractor", "avoided-right", "idle-distractor"}


def rendered(found: Statistics) -> Iterator[RenderableType]:
    """Everything to print, from top to bottom."""
    yield Text(found.title or found.bank, style="bold")
    yield Text(who(found))
    for line in trust(found):
        yield Text(line)
    for line in found.warnings:
        yield _hanging("!", "yellow", line)
    if not found.students:
        return
    yield Text()
    yield _questions(found)
    yield Text()
    for name, meaning in COLUMNS.items():
        yield Text(f"{name:<9} {meaning}", style="dim")
    flagged = [row for row in found.rows if row.flags]
    if not flagged:
        yield Text("\nNothing stands out.")
        return
    yield Text("\nLook at (! hardly luck, · may be luck or meant so)")
    for row in flagged:
        yield Text(f"\n{row.figures.item.id}", style="bold")
        for flag in row.flags:
            yield _hanging(*_SIGNS[flag.weight], flag.text)
        if row.options and _OF_OPTIONS & {flag.code for flag in row.flags}:
            yield Padding(_options(row.options), (0, 0, 0, 4))
    if groups(found):
        yield Text(f"\n{groups(found)}", style="dim")


def _questions(found: Statistics) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("question", overflow="fold")
    for name in ("facility", "guess", "blank", "discr."):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    for row in found.rows:
        one, link = row.figures, row.figures.discrimination
        sign, style = _SIGNS[row.flags[0].weight] if row.flags else ("", "")
        table.add_row(
            Text(sign, style=style),
            one.item.id,
            short(one.facility),
            short(one.item.guess) if one.item.guess else NONE,
            str(one.unanswered) if one.unanswered else NONE,
            Text(short(link.value), style="red" if (link.value or 0) < 0 else ""),
            Text(span(link.low, link.high), style="dim"),
        )
    return table


def _options(options: tuple[OptionFigures, ...]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    table.add_column("option", overflow="fold")
    table.add_column("")
    for name in ("all", "strong", "weak"):
        table.add_column(name, justify="right")
    for one in options:
        numbers = (str(number) if number is not None else NONE for number in (one.count, one.upper, one.lower))
        table.add_row(one.choice.id, Text(one.choice.value, style="green" if one.choice.value == "right" else "dim"), *numbers)
    return table


def _hanging(sign: str, style: str, text: str) -> Table:
    """A line with its sign; what is too long goes on under its first word."""
    grid = Table.grid(padding=(0, 1))
    grid.add_row(Text(f"  {sign}", style=style), Text(text.replace("`", "")))
    return grid
