"""`grader check --html FILE`: the results as one page, written whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError
from grader.locales import tr
from grader.quiz.jsonfile import write_whole
from grader.record import Record
from grader.testing.failure import Compared

if TYPE_CHECKING:
    from grader.pictures.panels import Picture

_SUFFIXES = {".html", ".htm"}


@dataclass(frozen=True)
class Checked:
    """What the page tells about one exercise; the arrays are those of a public test, by its name."""

    exercise: Exercise
    record: Record
    compared: tuple[str, Compared] | None
    picture: Picture | None


def check_target(path: Path) -> None:
    """Say before a long check that its page could not be written; `CourseError` with the remedy."""
    if path.is_dir():
        raise CourseError(
            tr("--html {path}: this is a folder; name a file in it, such as {file}", path=path, file=path / "check.html")
        )
    if path.suffix.lower() not in _SUFFIXES:
        # A slip of the hand must not cost a student the file with the work.
        raise CourseError(tr("--html {path}: the page needs a name that ends in .html", path=path))
    if not path.absolute().parent.is_dir():
        raise CourseError(tr("--html {path}: there is no folder {folder}; make it first", path=path, folder=path.parent))


def write_page(path: Path, checked: Sequence[Checked], language: str) -> None:
    """Write the page; what stood there before stays until the new one is whole.

    Raises:
        CourseError: it cannot be written.
    """
    from grader.report.checkpage import check_page
    from grader.report.feedback import exercise_html
    from grader.report.panels import drawing_html
    from grader.report.pictures import picture_html
    from grader.report.words import words

    pieces = []
    for one in checked:
        under = {}
        if one.compared is not None:
            name, arrays = one.compared
            under[name] = picture_html(arrays.got, arrays.expected, arrays.wrong, language)
        drawing = drawing_html(one.picture, language)
        pieces.append(exercise_html(one.record, language, marks=False, pictures=under, drawing=drawing))
    done = sum(one.record.outcome == "passed" for one in checked)
    page = check_page(language, [words(language).exercises(done, len(checked))], pieces)
    try:
        write_whole(path, page.encode("utf-8", "replace"))
    except OSError as error:
        raise CourseError(tr("--html {path}: cannot be written: {why}", path=path, why=error.strerror)) from None


def link_to(path: Path) -> Text:
    """The path as a link that terminals open."""
    return Text(tr("The page: {path}", path="")).append(str(path), style=Style(link=path.absolute().as_uri()))
