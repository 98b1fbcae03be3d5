"""`grader similar`: submissions of a class that are alike beyond what the exercise explains."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.catalog.course import find_course
from grader.catalog.extras import install
from grader.catalog.problems import CourseError

if TYPE_CHECKING:  # the notebooks' side is imported when a class is read
    from grader.similarity.comparing import Found

_MOST_TOLD = 40


def similar(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="What was handed in, as for `grade-all`.")],
    exercises: Annotated[
        list[str] | None,
        typer.Option(help="Exercises or topics, a,b or given again; what anybody defines by default.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write pages, side by side, and JSON.", show_default=False)
    ] = None,
    against: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="Submissions of an earlier year; may be given again.")
    ] = None,
    student_pattern: Annotated[
        str | None,
        typer.Option(metavar="REGEX", help="Finds students in paths, by a group (?P<student>…).", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")] = False,
    course: Annotated[Path | None, typer.Option("--course", help="The course's folder.", show_default=False)] = None,
) -> None:
    """Find submissions that are alike beyond what the exercise explains; changes no mark."""
    if output is not None:
        from grader.cli.gradeall import refuse_inside

        for folder in (place, *(against or ())):
            refuse_inside(output, folder, "--output")
    found = _found(place, exercises or [], against or [], student_pattern, course)
    if output is not None:
        from grader.similarity.writing import write

        count = write(found, output)
        print(f"{output / 'index.html'}: {count} pairs side by side", file=sys.stderr if as_json else sys.stdout)
    if as_json:
        from grader.similarity.writing import as_dict

        print(json.dumps(as_dict(found), ensure_ascii=False))
    else:
        _print(found, output)


def _found(place: Path, exercises: list[str], against: list[Path], student_pattern: str | None, folder: Path | None) -> Found:
    if importlib.util.find_spec("sqlalchemy") is None:  # the intake's side needs it
        raise CourseError(f"similar needs SQLAlchemy: {install('class')}")
    from grader.cli.progress import Watch
    from grader.intake.students import pattern_of
    from grader.similarity.comparing import compare
    from grader.similarity.handed import works_of

    found = find_course(folder)
    names = [name.strip() for text in exercises for name in text.split(",") if name.strip()]
    pattern = pattern_of(student_pattern) if student_pattern is not None else None
    with Watch() as watch:

        def show(what: str, done: int, total: int) -> None:
            if done == 1:
                watch.begin(what, total)
            watch.advance()

        works = works_of(found, place, names, "en", pattern, show)
        taken = names or list(dict.fromkeys(work.exercise for work in works))
        for earlier in against:
            works += works_of(found, earlier, taken, "en", pattern, show, earlier=True)
        return compare(found.exercises, works, show)


def _print(found: Found, output: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from grader.quiz.stats.numbers import count
    from grader.similarity.page import repeated

    out = Console(highlight=False, soft_wrap=True)
    pairs = found.pairs
    if pairs:
        table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
        heads = ("exercise", "students", "form", "found by", "same comments", "same names", "in exercises")
        for head in heads:
            table.add_column(head, overflow="fold", justify="left" if head in ("exercise", "students", "found by") else "right")
        often = repeated(found)
        for pair in pairs[:_MOST_TOLD]:
            form = "too short" if pair.form is None else f"{pair.form:.2f}"
            counts = (len(pair.wording.comments), len(pair.wording.names), often[pair.students])
            cells = (pair.exercise, " and ".join(pair.students), form, " and ".join(pair.evidence), *map(str, counts))
            table.add_row(*map(Text, cells))
        Console(file=out.file, width=out.width if out.is_terminal else 10_000, highlight=False).print(table)
        if len(pairs) > _MOST_TOLD:
            out.print(f"and {len(pairs) - _MOST_TOLD} more; --output FOLDER or --json shows them all", markup=False)
    for one in found.exercises:
        told = one.short or (one.null and f"{one.judged} with a form of their own, threshold {one.null.threshold:.2f}")
        out.print(f"{one.exercise}: {count(one.programs, 'program')}, {told}", markup=False)
    for student, exercise, reason in found.left:
        out.print(f"not compared: {student}, {exercise}: {reason}", markup=False)
    programs = sum(one.programs for one in found.exercises)
    told = f"{count(len(pairs), 'pair')} in {count(len(found.groups), 'group')}, of {count(programs, 'program')}"
    out.print(f"{told}; no mark was changed", markup=False)
    if pairs:
        advice = "" if output is not None else "; --output FOLDER shows them side by side"
        out.print(f"Alike is not copied: look at both, then ask both{advice}.", markup=False)
