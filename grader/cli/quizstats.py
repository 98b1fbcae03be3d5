"""`grader quiz stats`: what the answers of a class say about the questions."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.catalog.course import find_course
from grader.catalog.extras import install
from grader.catalog.problems import CourseError
from grader.cli.language import RecordLanguage

if TYPE_CHECKING:  # nothing of statistics is imported until the command runs
    from grader.quiz.stats.statistics import Statistics

_MOST_TOLD = 12


def stats(
    answers: Annotated[list[Path], typer.Argument(help="Files of answers, or folders that hold them.")],
    bank: Annotated[str | None, typer.Option(help="The bank, where files of several are named.", show_default=False)] = None,
    secret: Annotated[
        str | None, typer.Option("--course-secret", help="As for `mark`; or GRADER_COURSE_SECRET.", show_default=False)
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a row per question.", show_default=False)] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with everything.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")] = False,
    each_file: Annotated[bool, typer.Option("--each-file", help="Every file is another student, whatever it says.")] = False,
    variants: Annotated[int, typer.Option(min=1, max=256, help="How many variants the sheet had.")] = 16,
    lang: RecordLanguage = "en",
    course: Annotated[Path | None, typer.Option("--course", help="The course's folder.", show_default=False)] = None,
) -> None:
    """Item statistics: which questions are too hard, too easy, unclear, mistranslated or wrongly keyed."""
    found, notes = _compute(answers, bank, secret, each_file, variants, lang, course)
    _tell(notes)
    if csv is not None:
        _write(csv, _csv(found))
    if html is not None:
        _write(html, _html(found, lang))
    if as_json:
        print(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        _print(found)


def _compute(
    paths: Sequence[Path], name: str | None, secret: str | None, each_file: bool, variants: int, lang: str, course: Path | None
) -> tuple[Statistics, tuple[str, ...]]:
    from grader.cli.grading import course_secret
    from grader.cli.notices import warn_of_practice
    from grader.quiz.bank import find_banks, read_bank
    from grader.quiz.stats.reading import bank_of, find_files, load, read_matrix
    from grader.quiz.stats.statistics import statistics

    root = find_course(course).root
    files = [load(path) for path in find_files(paths)]
    bank = read_bank(find_banks(root, [name or bank_of(files)])[0])
    own = course_secret(secret)
    if bank.kind == "graded":
        warn_of_practice(own)
    matrix, notes = read_matrix(bank, own, files, each_file=each_file, variants=variants, language=lang)
    return statistics(matrix, bank.id, bank.title.get(lang), notes), notes


def _print(found: Statistics) -> None:
    from rich.console import Console

    from grader.quiz.stats.table import rendered

    out = Console(highlight=False)
    for part in rendered(found):
        out.print(part)


def _csv(found: Statistics) -> str:
    from grader.quiz.stats.rows import COLUMNS, rows
    from grader.report.exports import Table, as_csv

    return as_csv(Table(COLUMNS, list(rows(found))))


def _html(found: Statistics, lang: str) -> str:
    from grader.quiz.stats.page import page

    plots: tuple[str, ...] = ()
    try:
        from grader.quiz.stats.plots import histogram, scatter

        plots = (scatter(found), histogram(found))
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] != "matplotlib":
            raise
        _tell([f"no matplotlib, so the page has no plots: {install('plots')}"])
    return page(found, lang, plots)


def _write(path: Path, text: str) -> None:
    from grader.quiz.jsonfile import write_whole

    try:
        write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise CourseError(f"{path}: cannot be written: {error.strerror}; name a file in a folder that exists") from None


def _tell(sentences: Sequence[str]) -> None:
    for sentence in sentences[:_MOST_TOLD]:
        print(f"grader: {sentence}", file=sys.stderr)
    if len(sentences) > _MOST_TOLD:
        print(f"grader: … and {len(sentences) - _MOST_TOLD} more of these", file=sys.stderr)
