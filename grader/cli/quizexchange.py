"""`grader quiz import` and `grader quiz export`: banks from and to the formats of other systems."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.catalog.course import find_course
from grader.catalog.problems import CourseError

if TYPE_CHECKING:  # nothing of quizzes is imported until one of these commands runs
    from grader.quiz.exchange.contract import Found

LANGUAGES = ("en", "ru", "hi")


class Source(StrEnum):
    """What `import` reads."""

    markdown = "markdown"
    gift = "gift"
    moodle = "moodle"


class Target(StrEnum):
    """What `export` writes."""

    moodle = "moodle"
    gift = "gift"
    qti21 = "qti21"
    qti30 = "qti30"
    canvas = "canvas"
    markdown = "markdown"
    html = "html"
    pdf = "pdf"


CourseOption = Annotated[Path | None, typer.Option("--course", help="The course's folder.", show_default=False)]
Language = Annotated[str, typer.Option("--lang", help="en, ru or hi.", envvar="GRADER_LANG")]


def register(quiz_app: typer.Typer) -> None:
    """Add the two commands to `grader quiz`."""
    quiz_app.command("import")(import_bank)
    quiz_app.command("export")(export_banks)


def import_bank(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    form: Annotated[Source, typer.Option("--from", help="Its format.")],
    to: Annotated[Path, typer.Option("--to", help="The bank to write, e.g. quizzes/layers.yaml.")],
    lang: Annotated[str, typer.Option("--lang", help="The language of the file: en, ru or hi.")] = "en",
    topic: Annotated[str | None, typer.Option(help="The topic; by default the bank's name.", show_default=False)] = None,
    graded: Annotated[bool, typer.Option("--graded", help="A bank whose keys never reach students.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a draft of a bank from a file; tell by line what was understood and what was not."""
    from grader.quiz.bank import read_bank
    from grader.quiz.exchange.draft import draft
    from grader.quiz.exchange.formats import read

    _check_language(lang)
    _check_target(to, (".yaml", ".yml"), force)
    found = read(file, form.value)
    if not found.cards:
        told = "".join(f"\n{file}:{note.line}: {note.what}" for note in found.notes)
        raise CourseError(f"{file}: no question was understood; docs/quiz-exchange.md tells what is{told}")
    name = re.sub(r"[^a-z0-9]+", "_", to.stem.casefold()).strip("_") or "draft"
    text = draft(found, to.stem, lang, topic or (name if name[0].isalpha() else f"topic_{name}"), graded)
    _write(to, text.encode())
    _tell(file, found)
    read_bank(to)
    others = " and ".join(each for each in LANGUAGES if each != lang)
    print(f"{to}: {len(found.cards)} questions; {others} are TODO. Next: write them, then `grader quiz verify {to}`")


def export_banks(
    banks: Annotated[list[str], typer.Argument(help="Banks or their files.")],
    form: Annotated[Target, typer.Option("--as", help="The format.")],
    to: Annotated[Path, typer.Option("--to", help="The file to write.")],
    lang: Language = "en",
    with_key: Annotated[
        bool | None,
        typer.Option("--with-key/--without-key", help="By default systems get it, sheets do not.", show_default=False),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing and exit 1 if anything would be lost.")] = False,
    student: Annotated[str, typer.Option(help="Draw parameters and order as for this student.", show_default=False)] = "",
    seed: Annotated[int | None, typer.Option(help="Draw from this number instead.", show_default=False)] = None,
    secret: Annotated[
        str | None, typer.Option("--course-secret", help="For --student; or GRADER_COURSE_SECRET.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    course: CourseOption = None,
) -> None:
    """Write banks for another system or on paper; tell which question loses what."""
    from grader.cli.grading import course_secret
    from grader.quiz.bank import find_banks, read_bank
    from grader.quiz.exchange.booklets import booklets_of
    from grader.quiz.exchange.contract import Losses
    from grader.quiz.exchange.formats import SHEETS, write
    from grader.quiz.seeds import question_seed

    _check_language(lang)
    _check_target(to, _ENDINGS[form], force)
    if seed is not None and student:
        raise CourseError("--seed and --student cannot both be; leave one out")
    chosen = [read_bank(path) for path in find_banks(find_course(course).root, banks)]
    key = course_secret(secret)

    def seed_of(bank: str, question: str) -> int:
        return question_seed(key, student, bank, question) if seed is None else seed

    booklets = booklets_of(chosen, lang, seed_of, shuffled=form.value in SHEETS)
    losses = Losses()
    data = write(booklets, form.value, form.value not in SHEETS if with_key is None else with_key, losses)
    for loss in losses:
        print(loss.line())
    count = sum(len(booklet.cards) for booklet in booklets)
    lost = len({(loss.bank, loss.question) for loss in losses})
    if strict and lost:
        print(f"{lost} of {count} questions would lose something: nothing is written")
        raise typer.Exit(1)
    _write(to, data)
    print(f"{to}: {count} questions, {f'{lost} with a loss' if lost else 'nothing lost'}")


_ENDINGS = {
    **dict.fromkeys((Target.qti21, Target.qti30, Target.canvas), (".zip",)),
    Target.moodle: (".xml",),
    Target.gift: (".gift", ".txt"),
    Target.markdown: (".md",),
    Target.html: (".html", ".htm"),
    Target.pdf: (".pdf",),
}


def _check_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise CourseError(f"--lang {lang}: it is one of {', '.join(LANGUAGES)}")


def _check_target(to: Path, endings: tuple[str, ...], force: bool) -> None:
    if to.suffix not in endings:
        raise CourseError(f"--to {to}: the name must end in {' or '.join(endings)}")
    if to.exists() and not force:
        raise CourseError(f"{to} is there already; name another file, or add --force to replace it")


def _write(to: Path, data: bytes) -> None:
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(data)
    except OSError as error:
        raise CourseError(f"{to}: cannot be written: {error.strerror}") from None


def _tell(file: Path, found: Found) -> None:
    """Every question that was understood and everything that was not, by line."""
    lines = [(note.line, note.what) for note in found.notes]
    for card in found.cards:
        parts = [f"{len(card.choices)} options" * bool(card.choices), f"{len(card.answers)} answers" * bool(card.answers)]
        parts += [f"{len(card.items)} items" * bool(card.items)]
        explained = sum(bool(choice.explain) for choice in card.choices)
        parts += [f"{explained} explanations" * bool(card.choices)]
        lines.append((card.line, f"✓ {card.id}: {', '.join(filter(None, (card.form, *parts)))}"))
    for line, what in sorted(lines, key=lambda each: (each[0], not each[1].startswith("✓"))):
        print(f"{file}:{line}: {what}")
