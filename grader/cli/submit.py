"""`grader submit`: the zip that a student hands in, what is inside and what still fails."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from grader.catalog.course import find_course
from grader.catalog.problems import CourseError
from grader.cli.language import Language
from grader.cli.options import CourseOption
from grader.locales import later, tr


def submit(
    student: Annotated[
        str | None, typer.Option(help=later("Your id in the course; remembered for the next time."), show_default=False)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help=later("The zip to write, or its folder."), show_default=later("ID.zip in the course's folder")),
    ] = None,
    check: Annotated[bool, typer.Option("--check/--no-check", help=later("Run the visible tests on what is in it."))] = True,
    lang: Language = "en",
    course: CourseOption = None,
) -> None:
    """Make the zip to hand in; say what is inside and what still fails."""
    from grader.cli.submitting import make_submission

    found = find_course(course, lenient=True)
    make_submission(found, _given(student), output, check, lang)


def _given(student: str | None) -> str | None:
    """The id asked for: by the option, else by a course's server."""
    if student is not None and not student.strip():
        raise CourseError(tr("--student: the id is empty"))
    for name in (student, os.environ.get("GRADER_STUDENT"), os.environ.get("JUPYTERHUB_USER")):
        if name and name.strip():
            return name.strip()
    return None
