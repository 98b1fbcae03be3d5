"""`grader show`: the statement of an exercise, where the student is: in the terminal."""

from __future__ import annotations

from grader.catalog.problems import CourseError
from grader.cli.language import Language
from grader.cli.options import CourseOption, ExerciseArgument, near, one_exercise
from grader.locales import tr

# Rich's own have a black ground, which hurts on a light screen.
_STYLES = {"markdown.code": "cyan", "markdown.code_block": "cyan", "markdown.h1": "bold underline", "markdown.h2": "bold"}


def show(exercise: ExerciseArgument, lang: Language = "en", course: CourseOption = None) -> None:
    """Show the statement of an exercise, with formulas that can be read."""
    from rich.console import Console
    from rich.theme import Theme

    from grader.cli.statements import statement_text

    _, chosen = one_exercise(course, exercise)
    path = chosen.statement(lang)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(tr("{file}: cannot be read: {why}", file=path, why=error.strerror)) from None
    except UnicodeDecodeError as error:
        raise CourseError(tr("{file}: is not UTF-8: byte {byte}", file=path, byte=error.start + 1)) from None
    print(statement_text(text, Console(highlight=False, theme=Theme(_STYLES))))
    if chosen.manifest.requires:
        print(tr("Do first: {names}", names=", ".join(chosen.manifest.requires)))
    print(tr("Your file: {file}", file=near(chosen.stub)))
    print(tr("Next: `grader check {exercise}`; when stuck, `grader hint {exercise}`", exercise=chosen.name))
