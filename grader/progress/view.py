"""The standing as lines of text: a bar for each topic, a line for each exercise, one next step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.locales import tr, trn
from grader.progress.outline import Section
from grader.progress.standing import Place, next_place

_BAR = 10
_MARKS = {"passed": "✓", "failing": "✗", "not_started": "·", "unknown": "·", "missing": "?"}
Line = tuple[str, str]


def topic_lines(standing: Sequence[tuple[Section, list[Place]]], width: int, ascii_only: bool = False) -> list[Line]:
    """A line for each topic, with its bar; each line with its style."""
    names = max((len(section.name) for section, _ in standing), default=0)
    lines = []
    for section, places in standing:
        passed = sum(_passes(place) for place in places)
        bar = _bar(passed, len(places), ascii_only)
        title = "" if section.title.casefold() == section.name.casefold() else f"   {section.title}"
        line = f"  {section.name:<{names}}  {bar}  {passed}/{len(places)}{title}"
        lines.append((_cut(line, width), "green" if passed == len(places) else ""))
    return lines


def exercise_lines(standing: Sequence[tuple[Section, list[Place]]], width: int, current: str = "") -> list[Line]:
    """A line for each exercise under its topic."""
    places = [place for _, found in standing for place in found]
    names = max((len(place.step.name) for place in places), default=0)
    lines: list[Line] = []
    for section, found in standing:
        lines.append((_cut(section.title, width), "bold"))
        for place in found:
            lead = ">" if place.step.name == current else " "
            mark = "✗" if place.condition == "failing" else "·" if place.changed else _MARKS[place.condition]
            line = f"{lead} {mark} {place.step.name:<{names}}  {condition(place)}".rstrip()
            lines.append((_cut(line, width), _style(place)))
    return lines


def condition(place: Place) -> str:
    """What is known of an exercise, in words."""
    kept = place.kept
    if place.condition == "missing":
        return tr("the file is not there")
    if place.condition == "unknown" or kept is None:
        return tr("not checked yet")
    if place.condition == "not_started":
        return tr("changed since the last check") if place.changed else tr("not started")
    score = f"{kept.passed}/{kept.tests}"
    if place.changed:
        return tr("{score}, changed since", score=score)
    return f"{score}  {kept.problem}".rstrip()


def summary(places: Sequence[Place]) -> str:
    """How much is done, in a sentence."""
    passed = sum(_passes(place) for place in places)
    text = trn("{done} of {n} exercise passes", "{done} of {n} exercises pass", len(places), done=passed)
    stale = sum(place.changed for place in places)
    if stale:
        text += "; " + trn("{n} file changed since its check", "{n} files changed since their check", stale)
    return text


def next_line(places: Sequence[Place], here: Path) -> str:
    """The one next step."""
    place = next_place(places)
    if place is None:
        return tr("All of it passes.")
    file, name = _relative(place.step.file, here), place.step.name
    if place.condition == "missing":
        return tr("Next: {file} is not there; `grader reset {name}` brings it back", file=file, name=name)
    if place.changed:
        return tr("Next: `grader check {name}`, since you changed {file}", name=name, file=file)
    if place.condition == "failing":
        return tr("Next: mend {file}, then `grader check {name}`", name=name, file=file)
    return tr("Next: write {file}, then `grader check {name}`", name=name, file=file)


def _passes(place: Place) -> bool:
    return place.condition == "passed" and not place.changed


def _style(place: Place) -> str:
    if place.changed:
        return "yellow"
    return {"passed": "green", "failing": "red"}.get(place.condition, "dim")


def _bar(done: int, total: int, ascii_only: bool) -> str:
    full = done * _BAR // total if total else 0
    if done and not full:
        full = 1
    return ("#" * full + "." * (_BAR - full)) if ascii_only else ("█" * full + "░" * (_BAR - full))


def _cut(line: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return line if cell_len(line) <= width else set_cell_size(line, max(1, width - 1)).rstrip() + "…"


def _relative(path: Path, here: Path) -> str:
    try:
        return str(path.relative_to(here))
    except ValueError:
        return str(path)
