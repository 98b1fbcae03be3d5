"""What a class handed in, exercise by exercise: the one place where similarity touches the intake."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from grader.catalog.course import Course
from grader.intake.planning import Entry, Progress, plan


@dataclass(frozen=True)
class Work:
    """The module of a student that answers an exercise.

    Attributes:
        student: the id.
        exercise: its name.
        source: the module, as it would be judged.
        earlier: handed in in an earlier year; such works are compared with this year's, not with each other.
    """

    student: str
    exercise: str
    source: bytes
    earlier: bool = False

    @property
    def shown(self) -> str:
        """The student, with a mark for an earlier year."""
        return f"{self.student} (earlier)" if self.earlier else self.student


def works_of(
    course: Course,
    place: Path,
    names: Sequence[str],
    language: str,
    pattern: re.Pattern[str] | None,
    progress: Progress,
    earlier: bool = False,
) -> list[Work]:
    """Everything in a folder that can be compared; `CourseError` where nothing in it defines an exercise.

    Parameters: as for `grader.intake.planning.plan`.
    """
    found = plan(course, place, names, language, pattern, progress)
    with closing(found):
        return list(_works(found.entries, earlier))


def _works(entries: Sequence[Entry], earlier: bool) -> Iterator[Work]:
    for entry in entries:
        for source in entry.submitted.sources:
            task = source.task
            for name in source.exercises:
                yield Work(source.student, name, task.source, earlier)
