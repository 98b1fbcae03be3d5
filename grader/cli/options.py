"""Options that several of a student's commands share, and what a shell may complete; imports nothing slow."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from grader.catalog.course import Course, Exercise, find_course
from grader.catalog.place import named_root, nearest_root
from grader.catalog.problems import CourseError
from grader.locales import later, tr


def complete_exercise(context: typer.Context, incomplete: str) -> list[str]:
    """Names of exercises that begin so; read off the folders, for a shell waits."""
    return [name for name in _folders(context)[0] if name.startswith(incomplete)]


def complete_name(context: typer.Context, incomplete: str) -> list[str]:
    """Names of exercises and topics that begin so."""
    exercises, topics = _folders(context)
    return [name for name in [*exercises, *topics] if name.startswith(incomplete)]


def _folders(context: typer.Context) -> tuple[list[str], list[str]]:
    # Where a shell asks, nobody would see an error.
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        root = named_root(context.params.get("course")) or nearest_root()
        if root is not None:
            manifests = list((root / "exercises").glob("*/*/exercise.yaml"))
            return sorted(path.parent.name for path in manifests), sorted({path.parent.parent.name for path in manifests})
    return [], []


CourseOption = Annotated[Path | None, typer.Option("--course", help=later("The course's folder."), show_default=False)]
ExerciseArgument = Annotated[
    str, typer.Argument(metavar="EXERCISE", help=later("The exercise."), show_default=False, autocompletion=complete_exercise)
]


def one_exercise(folder: Path | None, name: str) -> tuple[Course, Exercise]:
    """The course and the exercise that a command is about."""
    course = find_course(folder, lenient=True)
    if name.rstrip("/") in {exercise.topic for exercise in course.exercises}:
        names = ", ".join(exercise.name for exercise in course.select([name]))
        raise CourseError(tr("{name} is a topic; name one of its exercises: {names}", name=name, names=names))
    return course, course.exercise(name)


def near(path: Path) -> Path:
    """A path as it is shortest to type from here."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
