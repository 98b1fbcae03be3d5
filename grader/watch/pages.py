"""What the window shows: a result, the list of exercises, a statement."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from grader.catalog.course import Exercise
from grader.locales import tr
from grader.progress.outline import outline
from grader.progress.standing import Place, standing
from grader.progress.state import load
from grader.progress.view import exercise_lines, summary, topic_lines
from grader.report.blocks import maps
from grader.report.terminal import details, exercise_line
from grader.watch.events import Finished

_KEYS = ("h", "n", "l", "o", "r", "q")


@dataclass(frozen=True)
class Shown:
    """The last run of an exercise, and when it ended."""

    finished: Finished
    at: float


def head(exercise: Exercise | None, shown: Shown | None, running: float | None) -> Text:
    """The first line: which exercise, when it was checked and how long that took.

    Parameters:
        exercise: that is shown.
        shown: its last run.
        running: the seconds that a run is under way, if it is worth a word.
    """
    line = Text(tr("watching"), style="dim")
    if exercise is not None:
        line.append(f"  {exercise.topic}/").append(exercise.name, style="bold")
    if running is not None:
        line.append("  ").append(tr("running, {seconds} s", seconds=round(running)), style="yellow")
    elif shown is not None:
        clock = time.strftime("%H:%M:%S", time.localtime(shown.at))
        line.append(f"  {clock}  {shown.finished.seconds:.2f} s", style="dim")
    return line


def foot(view: str) -> Text:
    """The last line: the keys."""
    words = {
        "h": tr("hint"), "n": tr("next"), "l": tr("list"), "o": tr("statement"), "r": tr("run again"), "q": tr("quit"),
    }  # fmt: skip
    if view != "result":
        words["l" if view == "list" else "o"] = tr("back")
    line = Text()
    for key in _KEYS:
        line.append(f" {key}", style="bold").append(f" {words[key]} ", style="dim")
    return line


def result(
    shown: Shown | None, file: Path, hints: Sequence[str], trouble: str, options: ConsoleOptions
) -> RenderableType:
    """The page of a result.

    Parameters:
        shown: the last run, if there is one.
        file: of the exercise, as people call it.
        hints: that were asked for.
        trouble: with the course, if there is any.
        options: of the terminal.
    """
    parts: list[RenderableType] = []
    if trouble:
        parts += [Text(trouble, style="yellow"), Text()]
    if shown is None:
        if not trouble:
            parts.append(Text(tr("Starting: the libraries and the tests are being loaded."), style="dim"))
    else:
        parts += _of_run(shown.finished, file, options)
    parts += [Padding(Text(text, style="yellow"), (0, 0, 0, 2)) for text in hints]
    return Group(*parts)


def _of_run(finished: Finished, file: Path, options: ConsoleOptions) -> list[RenderableType]:
    if finished.record is None:
        return [Text("✗ ", style="red").append(finished.problem), Text()]
    record = finished.record
    line = exercise_line(record, len(record.exercise))
    line.no_wrap, line.overflow = True, "ellipsis"
    parts: list[RenderableType] = [line, Text()]
    found = details(record, file, maps(finished.arrays, options))
    if found is not None:
        parts.append(found)
    elif record.outcome == "grader_error":
        parts += [Text(record.reason or "", style="yellow"), Text()]
    if record.outcome == "passed":
        parts += [Text(tr("All its tests pass. n goes to the next exercise."), style="green"), Text()]
    elif record.outcome == "not_started":
        parts += [Text(tr("Write {file} and save it; o shows what is to be done.", file=file)), Text()]
    if finished.protection:
        text = tr("(protection in force: {name}; code runs with your own rights)", name=finished.protection)
        parts += [Text(text, style="dim"), Text()]
    return parts


def places_of(root: Path, language: str, watched: Sequence[Exercise]) -> list[Place]:
    """The standing of the watched exercises, in the order of the course."""
    names = {exercise.name for exercise in watched}
    found = standing(outline(root, language), load(root))
    return [place for _, group in found for place in group if place.step.name in names]


def listing(root: Path, language: str, watched: Sequence[Exercise], current: str, width: int) -> RenderableType:
    """The page of the list: how far each topic is, and each exercise."""
    names = {exercise.name for exercise in watched}
    found = []
    for section, places in standing(outline(root, language), load(root)):
        chosen = [place for place in places if place.step.name in names]
        if chosen:
            found.append((section, chosen))
    every = [place for _, places in found for place in places]
    lines: list[RenderableType] = [Text(text, style=style) for text, style in topic_lines(found, width)]
    lines += [Text(), Text(summary(every)), Text()]
    lines += [Text(text, style=style) for text, style in exercise_lines(found, width, current)]
    return Group(*lines)
