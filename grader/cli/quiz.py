"""`grader quiz …`: the commands of authors and takers of quizzes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.catalog.course import find_course
from grader.cli.language import Language, RecordLanguage
from grader.cli.quizexchange import register as register_exchange
from grader.cli.quizstats import stats
from grader.locales import later

if TYPE_CHECKING:  # nothing of quizzes is imported until one of these commands runs
    from grader.quiz.lint.verify import Proof

quiz_app = typer.Typer(
    help=later("Quizzes: take and mark them, prove their banks, bring them from and to other systems."),
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
register_exchange(quiz_app)

CourseOption = Annotated[Path | None, typer.Option("--course", help=later("The course's folder."), show_default=False)]
Banks = Annotated[list[str] | None, typer.Argument(help="Banks or their files; all where none is named.", show_default=False)]
Variants = Annotated[int, typer.Option(min=1, max=256, help="How many variants a sheet has.")]
Secret = Annotated[
    str | None, typer.Option("--course-secret", help="For the draws; or GRADER_COURSE_SECRET.", show_default=False)
]


quiz_app.command("stats")(stats)


@quiz_app.callback()
def quiz() -> None:
    """Quizzes: take them, mark them, prove their banks."""


@quiz_app.command("take", help=later("Take a quiz: answers are kept at every step, leave and come back as you like."))
def take_quiz(
    quiz: Annotated[str, typer.Argument(help=later("A sheet, quiz_….json, or a practice bank by name."))],
    student: Annotated[str | None, typer.Option(help=later("Who you are, if not the login name."), show_default=False)] = None,
    folder: Annotated[
        Path | None, typer.Option(help=later("Where answers are kept; beside the sheet, or here."), show_default=False)
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help=later("Text from top to bottom, for screen readers."))] = False,
    lang: Language = "en",
    course: CourseOption = None,
) -> None:
    """Take a quiz: answers are kept at every step, leave and come back as you like."""
    from grader.cli.quiztake import take

    raise typer.Exit(take(quiz, student, lang, folder, plain, lambda: find_course(course).root))


@quiz_app.command("release")
def release(
    banks: Annotated[list[str], typer.Argument(help="Banks or their files.")],
    to: Annotated[Path, typer.Option("--to", help="The folder that students receive.")],
    lang: Annotated[str, typer.Option("--lang", help="Languages inside, with commas.")] = "en,ru,hi",
    variants: Variants = 16,
    secret: Secret = None,
    course: CourseOption = None,
) -> None:
    """Write sheets for students: variants with their own numbers and orders, and no key."""
    from grader.cli.grading import course_secret
    from grader.cli.quizmarks import release_sheets
    from grader.quiz.bank import read_banks

    languages = [word.strip() for word in lang.split(",") if word.strip()]
    chosen = read_banks(find_course(course).root, banks)
    raise typer.Exit(release_sheets(chosen, to, languages, variants, course_secret(secret)))


@quiz_app.command("mark")
def mark(
    files: Annotated[list[Path], typer.Argument(help="Files of answers.")],
    secret: Secret = None,
    student: Annotated[str | None, typer.Option(help="The student of one file, if not as recorded.", show_default=False)] = None,
    variants: Variants = 16,
    lang: RecordLanguage = "en",
    as_json: Annotated[bool, typer.Option("--json", help="One record per line on stdout, nothing else.")] = False,
    course: CourseOption = None,
) -> None:
    """Mark files of answers."""
    from grader.cli.grading import course_secret
    from grader.cli.quizmarks import mark_files

    root = find_course(course).root
    raise typer.Exit(mark_files(root, files, course_secret(secret), student, variants, lang, as_json))


@quiz_app.command("verify")
def verify_banks(
    banks: Banks = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per bank on stdout, nothing else.")] = False,
    course: CourseOption = None,
) -> None:
    """Prove banks: schema, keys recomputed, draws, lengths and places, explanations, translations, guessing."""
    from grader.quiz.bank import find_banks
    from grader.quiz.lint.verify import verify_banks as verify
    from grader.quiz.topics import check_topics

    found = find_course(course)
    check_topics(found)
    proofs = verify(find_banks(found.root, banks or ()), _print_json if as_json else _print_proof)
    if not as_json:
        _sum_up(proofs)
    raise typer.Exit(0 if all(proof.holds for proof in proofs) else 1)


@quiz_app.command("schema")
def schema() -> None:
    """Print the JSON Schema of a bank, for editors."""
    from grader.quiz.bank import json_schema

    print(json_schema(), end="")


def _print_json(proof: Proof) -> None:
    print(json.dumps(proof.as_dict(), ensure_ascii=False), flush=True)


def _print_proof(proof: Proof) -> None:
    from grader.quiz.lint.verify import summary

    first, *more = summary(proof)
    print(f"{'✓' if proof.holds else '✗'} {proof.bank}   {first}")
    for line in [*(f"  {line}" for line in more), *proof.lines()]:
        print(line, flush=True)


def _sum_up(proofs: list[Proof]) -> None:
    severities = [finding.severity for proof in proofs for finding in proof.findings]
    errors = severities.count("error") + sum(len(proof.broken) for proof in proofs)
    warnings = severities.count("warning")
    print(f"{errors or 'nothing'} to mend, {warnings or 'no'} {'warning' if warnings == 1 else 'warnings'}")
