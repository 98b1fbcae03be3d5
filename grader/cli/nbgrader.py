"""`grader nbgrader …`: the commands of instructors who grade through nbgrader."""

from __future__ import annotations

import importlib.util
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.catalog.extras import install
from grader.catalog.problems import CourseError

if TYPE_CHECKING:  # nothing of notebooks is imported until one of these commands runs
    from grader.notebooks.coursefolder import Plan
    from grader.notebooks.merging import Change

nbgrader_app = typer.Typer(
    help="Grade through nbgrader: course folder, autograding.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_SIGNS = {"added": "+", "changed": "~", "removed": "-", "kept": "="}


def need_nbgrader() -> None:
    """Tell how to get nbgrader where it is not installed: `CourseError`."""
    if importlib.util.find_spec("nbgrader") is None:
        raise CourseError(f"nbgrader is not installed: {install('notebooks')}; `grader doctor` tells more")


@nbgrader_app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The course folder, new or made by this command.")],
    lang: Annotated[
        str | None, typer.Option(help="Language of statements and feedback: en, ru or hi.", show_default=False)
    ] = None,
    topics: Annotated[
        list[str] | None, typer.Option(help="These topics: a,b or given again; all: every one.", show_default=False)
    ] = None,
    exercises: Annotated[
        list[str] | None, typer.Option(help="Only these exercises of their topics: a,b or given again.", show_default=False)
    ] = None,
    course: Annotated[Path | None, typer.Option(help="The folder of the kit.", show_default=False)] = None,
    course_id: Annotated[
        str | None, typer.Option(help="The course's name in the exchange; DIR's name by default.", show_default=False)
    ] = None,
    quizzes: Annotated[
        bool | None,
        typer.Option("--quizzes/--no-quizzes", help="The topics' quizzes; with them by default.", show_default=False),
    ] = None,
    hints: Annotated[
        bool | None,
        typer.Option("--hints/--no-hints", help="Known mistakes told by `check`; they are by default.", show_default=False),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files and cells of the kit that were edited by hand.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change, write nothing.")] = False,
) -> None:
    """Make a course folder of nbgrader from the kit, or bring one up to date; options left out stay as they were."""
    need_nbgrader()
    from grader.cli.progress import mistakes_tried
    from grader.notebooks.choosing import Choice
    from grader.notebooks.coursefolder import plan
    from grader.notebooks.writing import write

    choice = Choice(course, lang, listed_names(topics), listed_names(exercises), course_id, quizzes, hints)
    with mistakes_tried() as step:
        made = plan(folder, choice, force, step)
    if not dry_run:
        write(made)
    for line in _told(made, dry_run):
        print(line)


def listed_names(given: list[str] | None) -> tuple[str, ...] | None:
    """The names of an option that may be repeated and may hold commas; None where it was left out."""
    if not given:
        return None
    return tuple(dict.fromkeys(name.strip().rstrip("/") for text in given for name in text.split(",") if name.strip()))


def _told(made: Plan, dry_run: bool) -> list[str]:
    lines = _changes(made.changes)
    if not made.changed:
        lines.append(f"{made.folder}: nothing has changed")
    lines += [f"note: {note}" for note in made.notes]
    if dry_run:
        return [*lines, "nothing was written (--dry-run)"]
    return lines + _next(made)


def _changes(changes: list[Change]) -> list[str]:
    """A line per file that changes as a whole, and under a notebook one per cell."""
    lines: list[str] = []
    heading = ""
    for change in changes:
        line = f"{_SIGNS[change.what]} {change.cell or change.file}{f'  {change.detail}' if change.detail else ''}"
        if not change.cell:
            heading = change.file
            lines.append(line)
            continue
        if heading != change.file:
            heading = change.file
            lines.append(f"~ {heading}")
        lines.append(f"    {line}")
    return lines


def _next(made: Plan) -> list[str]:
    todo = [topic for topic in made.touched if topic in made.ledger.cells]
    released = [topic for topic in todo if (made.folder / "release" / topic).exists()]
    if released:
        return ["Next, for what students have not received yet:"] + [
            f"  nbgrader generate_assignment {topic} --force && nbgrader release_assignment {topic} --force" for topic in released
        ]
    if todo and made.new:
        return [
            f"Next: cd {shlex.quote(str(made.folder))} && nbgrader generate_assignment {todo[0]}; docs/nbgrader.md tells the rest"
        ]
    return []


@nbgrader_app.command()
def autograde(
    assignment: Annotated[str, typer.Argument(help="The assignment, which is a topic of the kit.")],
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Submissions judged at once; as many as pay by default.", show_default=False)
    ] = None,
    student: Annotated[str, typer.Option(help="Only this student; a pattern like `a*` for several.")] = "*",
    force: Annotated[bool, typer.Option("--force", help="Judge and write again what is up to date.")] = False,
    course_dir: Annotated[Path, typer.Option(help="The course folder.")] = Path("."),
) -> None:
    """Autograde all submissions of an assignment side by side; nbgrader writes notebooks and gradebook as it always does."""
    need_nbgrader()
    from grader.cli.autograding import autograde_assignment

    raise typer.Exit(autograde_assignment(course_dir.resolve(), assignment, student, jobs, force))
