"""`grader quiz …`: the commands of authors and takers of quizzes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.catalog.course import find_course
from grader.cli.quizexchange import register as register_exchange

if TYPE_CHECKING:  # nothing of quizzes is imported until one of these commands runs
    from grader.quiz.lint.verify import Proof

quiz_app = typer.Typer(
    help="Quizzes: verify, import and export banks, print their schema.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
register_exchange(quiz_app)

CourseOption = Annotated[Path | None, typer.Option("--course", help="The course's folder.", show_default=False)]
Banks = Annotated[list[str] | None, typer.Argument(help="Banks or their files; all where none is named.", show_default=False)]


@quiz_app.callback()
def quiz() -> None:
    """Quizzes: verify banks, print their schema."""


@quiz_app.command("verify")
def verify_banks(
    banks: Banks = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per bank on stdout, nothing else.")] = False,
    course: CourseOption = None,
) -> None:
    """Prove banks: schema, keys recomputed, draws, lengths and places, explanations, translations, guessing."""
    from grader.quiz.bank import find_banks
    from grader.quiz.lint.verify import verify_banks as verify

    proofs = verify(find_banks(find_course(course).root, banks or ()), _print_json if as_json else _print_proof)
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
