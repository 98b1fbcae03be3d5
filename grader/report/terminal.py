"""What a student sees in the terminal: a line per exercise, the first thing to mend, one next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from grader.locales import spoken, tr, trn
from grader.record import Record, TestResult
from grader.report.translate import told, without_values

if TYPE_CHECKING:
    from grader.report.blocks import Map  # what is told without arrays needs no numpy

_MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "error": ("✗", "red"), "not_started": ("·", "dim")}
_OUTPUT_LINES = 12


def exercise_line(record: Record, width: int) -> Text:
    """One exercise: mark, name, tests passed, and the first test that is not."""
    mark, style = _MARKS.get(record.outcome, ("!", "yellow"))
    line = Text("  ").append(mark, style=style).append(f" {record.exercise:<{width}}  ")
    if record.outcome == "not_started":
        return line.append(f"     {tr('not started')}", style="dim")
    passed = sum(test.outcome == "passed" for test in record.tests)
    line.append(f"{passed}/{len(record.tests)}")
    first = first_problem(record)
    if first is not None and record.outcome != "passed":
        line.append(f"   {told(record.reason, spoken()) if record.reason else first.title}", style="dim")
    return line


def first_problem(record: Record) -> TestResult | None:
    """The first test that says something the student can act on."""
    return next((test for test in record.tests if test.outcome not in ("passed", "skipped", "not_started")), None)


def details(record: Record, file: Path, maps: Mapping[str, Map] | None = None) -> RenderableType | None:
    """What failed: the call, what came back, what was expected, a map by test, the hint, and the line to open."""
    maps = maps or {}
    failing = [test for test in record.tests if test.outcome not in ("passed", "skipped", "not_started")]
    if not failing or record.outcome == "passed":
        return None
    if record.reason:
        return Group(_heading(record.exercise), _body(told(record.reason, spoken())), _place(file, failing[0].line), Text())
    parts: list[RenderableType] = []
    for test in failing:
        drawn = maps.get(test.name)
        message = without_values(test.message) if drawn is not None and drawn.complete else test.message
        parts += [_heading(test.title), _body(told(message, spoken()))]
        if drawn is not None:
            parts.append(drawn.text)
        if test is failing[0]:
            parts += [_body(tr("looks like: {hint}", hint=found.hint), "yellow") for found in record.diagnosis[:1]]
        parts.append(_place(file, test.line))
        if test.output.strip():
            parts.append(_printed(test.output))
        parts.append(Text())
    return Group(*parts)


def _heading(title: str) -> Text:
    return Text("✗ ", style="red").append(title, style="bold")


class _Indented:
    """Lines that keep their indent where the window breaks them; a word that is too long for that begins at the edge."""

    def __init__(self, lines: Sequence[str], style: str = "") -> None:
        self.lines = lines
        self.style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.lines:
            text = Text(line, style=self.style)
            bare = line.lstrip()
            hang = len(line) - len(bare) + (2 if " " in bare else 0)
            if cell_len(line) <= options.max_width or not console.is_terminal:
                yield text
            elif " " not in bare or max(map(cell_len, bare.split())) > options.max_width - hang:
                yield Text(bare, style=self.style)
            else:
                first, *rest = Text(bare, style=self.style).wrap(console, options.max_width - hang, no_wrap=False)
                yield Text(" " * (len(line) - len(bare))).append_text(first)
                for each in rest:
                    yield Text(" " * hang).append_text(each)


def _body(text: str, style: str = "") -> _Indented:
    return _Indented([f"    {line}" for line in text.splitlines()], style)


def _place(file: Path, line: int | None) -> _Indented:
    return _Indented([f"    {file}{f':{line}' if line else ''}"], "cyan")


def _printed(output: str) -> Text:
    lines = output.rstrip().splitlines()
    shown = lines[:_OUTPUT_LINES]
    left = len(lines) - _OUTPUT_LINES
    more = [trn("… {n} more line", "… {n} more lines", left)] if left > 0 else []
    return Text("\n".join([f"    {tr('your code printed:')}", *(f"      {line}" for line in [*shown, *more])]), style="dim")


def next_step(records: Sequence[Record], files: dict[str, Path], requires: dict[str, tuple[str, ...]]) -> str:
    """One next step: mend what was begun, else begin what can be begun, else celebrate quietly."""
    by_name = {record.exercise: record for record in records}
    for record in records:
        if record.outcome in ("failed", "error"):
            return tr("Next: mend {exercise}, then `grader check {exercise}`", exercise=record.exercise)
    for record in records:
        if record.outcome == "grader_error":
            return tr("Something of ours is broken, see above; your points are safe")
    for record in records:
        open_before = [name for name in requires[record.exercise] if _not_passed(by_name.get(name))]
        if record.outcome == "not_started" and not open_before:
            return tr("Next: {file}, then `grader check {exercise}`", file=files[record.exercise], exercise=record.exercise)
    waiting = [record.exercise for record in records if record.outcome == "not_started"]
    return tr("Next: {file}", file=files[waiting[0]]) if waiting else tr("All of it passes.")


def _not_passed(record: Record | None) -> bool:
    return record is not None and record.outcome != "passed"
