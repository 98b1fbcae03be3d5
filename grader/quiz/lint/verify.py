"""Proves banks: puts together what the parts of the linter find and measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank, read_bank
from grader.quiz.lint.bias import Bias, Row, biases, findings_of, rows_of
from grader.quiz.lint.checks import check_keys
from grader.quiz.lint.drafts import unwritten
from grader.quiz.lint.draws import draw_often
from grader.quiz.lint.findings import Finding, warning
from grader.quiz.lint.guessing import Guess, guess, guess_bank
from grader.quiz.lint.runner import Runner
from grader.quiz.lint.structure import forms_of, structure
from grader.quiz.lint.translation import drift
from grader.quiz.stats.numbers import count

# Ticking blindly should not carry anybody far.
_MOST_FOR_A_GUESSER = 0.5


@dataclass(frozen=True)
class Proof:
    """What verifying a bank has shown.

    Attributes:
        bank, file: its id and where it lies.
        broken: why it cannot be read, one line each; the rest is empty then.
        forms: questions by how they are answered.
        recomputed: questions whose key was recomputed.
        draws: different draws that were looked at.
        guesses: a guesser's expected share of the points, by form and for "all".
    """

    bank: str
    file: str
    broken: tuple[str, ...] = ()
    questions: int = 0
    points: float = 0.0
    parametric: int = 0
    recomputed: int = 0
    draws: int = 0
    forms: tuple[tuple[str, int], ...] = ()
    biases: tuple[Bias, ...] = ()
    guesses: tuple[tuple[str, Guess], ...] = ()
    findings: tuple[Finding, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing must be mended."""
        return not self.broken and not any(finding.severity == "error" for finding in self.findings)

    def lines(self) -> list[str]:
        """One line per finding, errors first."""
        ordered = sorted(self.findings, key=lambda finding: finding.severity != "error")
        return [*self.broken, *(finding.line(self.file) for finding in ordered)]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        data = asdict(self)
        del data["rows"]
        return {**data, "holds": self.holds, "forms": dict(self.forms), "guesses": {name: asdict(g) for name, g in self.guesses}}


def verify_banks(paths: Sequence[Path], told: Callable[[Proof], None] = lambda proof: None) -> list[Proof]:
    """Prove banks one after another, then all of them together where there are several.

    Parameters:
        told: is called with each proof as soon as it is there.
    """
    proofs: list[Proof] = []
    with Runner() as runner:
        for path in paths:
            proofs.append(verify_bank(path, runner))
            told(proofs[-1])
    if len(proofs) > 1:
        proofs.append(_together(proofs))
        told(proofs[-1])
    return proofs


def verify_bank(path: Path, runner: Runner) -> Proof:
    """Prove a bank."""
    try:
        bank = read_bank(path)
    except CourseError as error:
        return Proof(path.stem, str(path), broken=tuple(str(error).splitlines()))
    unready = tuple(unwritten(bank))
    if unready:  # a text that is TODO says nothing about lengths, equal options and translations
        forms = tuple(sorted(forms_of(bank).items()))
        return Proof(bank.id, str(path), (), len(bank.questions), bank.max_points, forms=forms, findings=unready)
    findings = [*structure(bank)]
    draws, undrawable = 0, False
    for question in bank.questions:
        drawing = draw_often(bank, question)
        findings += [*drift(question), *drawing.findings]
        draws += drawing.draws
        undrawable = undrawable or not drawing.draws
    checked = check_keys(bank, runner)
    findings += checked.findings
    rows = () if undrawable else _rows(bank)
    measured = tuple(biases(rows))
    findings += [*findings_of(measured), *_guessable(bank)]
    return Proof(
        bank=bank.id,
        file=str(path),
        questions=len(bank.questions),
        points=bank.max_points,
        parametric=sum(bool(question.parameters) for question in bank.questions),
        recomputed=checked.questions,
        draws=draws,
        forms=tuple(sorted(forms_of(bank).items())),
        biases=measured,
        guesses=tuple(guess_bank(bank.questions).items()),
        findings=tuple(findings),
        rows=rows,
    )


def _rows(bank: Bank) -> tuple[Row, ...]:
    try:
        return tuple(rows_of(bank))
    except CourseError:
        return ()  # a text that cannot be filled, told by the draws


def _guessable(bank: Bank) -> list[Finding]:
    found = []
    for question in bank.questions:
        best = guess(question).best
        if best > _MOST_FOR_A_GUESSER:
            what = f"blind ticking earns {best:.0%} of the points"
            found.append(warning(question.id, what, "choose `scoring: net`, or add wrong options"))
    return found


def _together(proofs: Sequence[Proof]) -> Proof:
    """What shows only over all banks: a small bias in each adds up."""
    rows = tuple(
        Row(f"{proof.bank}/{row.question}", row.lengths, row.right, row.fixed) for proof in proofs for row in proof.rows
    )
    measured = tuple(biases(rows))
    totals: dict[str, int] = {}
    for proof in proofs:
        for form, number in proof.forms:
            totals[form] = totals.get(form, 0) + number
    return Proof(
        bank="all banks",
        file="all banks",
        questions=sum(proof.questions for proof in proofs),
        points=sum(proof.points for proof in proofs),
        parametric=sum(proof.parametric for proof in proofs),
        recomputed=sum(proof.recomputed for proof in proofs),
        draws=sum(proof.draws for proof in proofs),
        forms=tuple(sorted(totals.items())),
        biases=measured,
        guesses=_guesses_together(proofs),
        findings=tuple(findings_of(measured)),
        rows=rows,
    )


def _guesses_together(proofs: Sequence[Proof]) -> tuple[tuple[str, Guess], ...]:
    parts = [(proof.points, dict(proof.guesses)["all"]) for proof in proofs if proof.guesses]
    total = sum(points for points, _ in parts)
    if not total:
        return ()
    return (("all", Guess(sum(p * g.random for p, g in parts) / total, sum(p * g.best for p, g in parts) / total)),)


def summary(proof: Proof) -> list[str]:
    """The numbers of a bank, for a reader."""
    if proof.broken:
        return ["cannot be read"]
    forms = ", ".join(f"{number} {form}" for form, number in proof.forms)
    lines = [
        f"{count(proof.questions, 'question')}, {proof.points:g} {'point' if proof.points == 1 else 'points'}: {forms}",
        f"keys recomputed {proof.recomputed}, parametric {proof.parametric}, draws looked at {proof.draws}",
    ]
    for name in ("longest", "shortest"):
        parts = [f"{b.language} {b.hits}/{b.of} (luck {b.expected:.1f})" for b in proof.biases if b.name == name and b.of]
        if parts:
            lines.append(f"right option {name:<9} {'   '.join(parts)}")
    parts = [f"{b.name} {b.hits}/{b.of} (luck {b.expected:.1f})" for b in proof.biases if not b.language and b.of]
    if parts:
        lines.append(f"right option fixed     {'   '.join(parts)}")
    lines.append("guesser, random/best   " + "   ".join(f"{name} {g.random:.0%}/{g.best:.0%}" for name, g in proof.guesses))
    return lines
