"""`grader hint`: a nudge, the idea, the shape of the answer, one step at a time, and never the solution."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from grader.catalog.course import Course, Exercise
from grader.cli.early import Early
from grader.cli.language import Language
from grader.cli.options import CourseOption, ExerciseArgument, near, one_exercise
from grader.locales import later, tr, trn
from grader.sandbox.contract import Unavailable

if TYPE_CHECKING:  # slow to import, and not needed where a stub is untouched
    from rich.console import Console

    from grader.progress.hints import Steps
    from grader.record import Record

_WIDEST = 96


def hint(
    context: typer.Context,
    exercise: ExerciseArgument,
    everything: Annotated[bool, typer.Option("--all", help=later("All hints at once."))] = False,
    lang: Language = "en",
    course: CourseOption = None,
) -> None:
    """Show the next hint of an exercise."""
    from rich.console import Console

    from grader.progress.hints import next_steps
    from grader.progress.kept import Remembered
    from grader.progress.stubs import started

    found, chosen = one_exercise(course, exercise)
    out = Console(highlight=False, soft_wrap=True)
    kept = Remembered.of(found.root)
    early: Early | None = context.obj
    record = _checked(found, chosen, lang, early) if started(chosen) else None
    if record is not None and record.outcome == "passed" and not everything:
        out.print(tr("{exercise} passes all its visible tests: there is nothing to hint at.", exercise=chosen.name), markup=False)
    else:
        steps = next_steps(chosen, record, kept, lang, everything)
        _print(out, chosen, record, steps)
        kept.save()
    for note in kept.notes:
        print(f"grader: {note}", file=sys.stderr)


def _checked(course: Course, exercise: Exercise, language: str, early: Early | None) -> Record | None:
    """The record of the visible tests; None, with a word on stderr, where they cannot be run: hints do not depend on it."""
    from grader.cli.checking import check_quietly

    try:
        record = check_quietly(course, [exercise], language, early)[0]
    except Unavailable as error:
        print(f"grader: {tr('the check did not run: {why}; `grader doctor` tells more', why=error)}", file=sys.stderr)
        return None
    return None if record.outcome == "grader_error" else record


def _print(out: Console, exercise: Exercise, record: Record | None, steps: Steps) -> None:
    from rich.text import Text

    from grader.quiz.terminal.screen import wrapped

    if record is not None and record.outcome != "passed":
        from grader.report.terminal import first_problem

        first = first_problem(record)
        what = record.reason or (first.title if first is not None else "")
        line = tr("First to mend: {what} (`grader check {exercise}` shows it)", what=what, exercise=exercise.name)
        out.print(Text(line, style="dim"))
        out.print()
    for step in steps.shown:
        out.print(Text(step.title, style="bold" if step.new else "dim"))
        for part in wrapped(step.text, min(out.width, _WIDEST) - 2):
            out.print(Text(f"  {part}", style="" if step.new else "dim"))
        out.print()
    if steps.left:
        left = trn(
            "{n} more hint: try first, then `grader hint {exercise}`",
            "{n} more hints: try first, then `grader hint {exercise}`",
            steps.left,
            exercise=exercise.name,
        )
        out.print(Text(left, style="dim"))
    else:
        told = tr(
            "These are all the hints. `grader show {exercise}` has the statement; your file is {file}.",
            exercise=exercise.name,
            file=near(exercise.stub),
        )
        out.print(Text(told, style="dim"))
