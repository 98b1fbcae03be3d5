"""The hint that a key shows: the next step of `grader hint`, remembered as seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.catalog.course import Exercise
from grader.progress.hints import next_steps
from grader.progress.kept import Remembered
from grader.record import Record

Hint = Callable[[Exercise, Record | None, str], str]


def hints_of(root: Path) -> Hint:
    """What gives the next hint of an exercise of this course, the last one where there are no more."""

    def hint(exercise: Exercise, record: Record | None, language: str) -> str:
        kept = Remembered.of(root)
        steps = next_steps(exercise, record, kept, language)
        kept.save()
        if not steps.shown:
            return ""
        step = next((step for step in steps.shown if step.new), steps.shown[-1])
        return f"{step.title}: {step.text}"

    return hint
