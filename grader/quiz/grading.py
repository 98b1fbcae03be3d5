"""Marks a whole quiz from the file of a student's answers; nothing that a student wrote can stop it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.catalog.problems import CourseError
from grader.quiz.answerfile import MOST_BYTES, problem_of
from grader.quiz.bank import Bank
from grader.quiz.filenotes import note
from grader.quiz.jsonfile import Unusable, brief, json_bytes, parse_json, read_bytes
from grader.quiz.marking import Marked, mark
from grader.quiz.model import AnyQuestion
from grader.quiz.relayout import Traced, trace
from grader.quiz.sheet import MOST_VARIANTS, VARIANTS, variant_of
from grader.quiz.unlatex import plain
from grader.record import Outcome, Record, TestResult, Versions, clean
from grader.record.model import TestOutcome

_LONGEST_TITLE = 90


@dataclass(frozen=True)
class QuizResult:
    """A marked quiz.

    Attributes:
        bank: its id.
        variant: the variant that was marked.
        marked: the questions in the bank's order.
        notes: what does not cost points but should be known.
        reason: why the whole quiz ended as it did, where one sentence says it.
        ours: whether the mark says nothing, because the sheet belongs to another secret or bank.
        titles, seeds: of the questions, for the record.
        submitted: whether the student said so.
        fingerprint, source_hash: of the bank and of the answers.
    """

    bank: str
    student: str
    variant: int
    score: float
    max_score: float
    marked: tuple[Marked, ...]
    notes: tuple[str, ...] = ()
    reason: str | None = None
    ours: bool = False
    titles: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    submitted: bool = False
    fingerprint: str = ""
    source_hash: str = ""


def mark_answers(
    bank: Bank, secret: str, data: Mapping[Any, Any] | Path, *, student: str, language: str = "en", variants: int = VARIANTS
) -> QuizResult:
    """Mark a student's answers; never raises for what a student wrote.

    Parameters:
        data: the content of an answer file, or its path.
        secret: of the course; practice banks are marked with the one that everybody knows.
        variants: how many the sheet was released with.

    Raises:
        CourseError: there is no such file, it is a folder, or a question of the bank cannot be drawn.
    """
    content = b""
    problem = ""
    if isinstance(data, Path):
        try:
            content = read_bytes(data, MOST_BYTES)
            data = parse_json(content)
        except Unusable as error:
            if not error.broken:
                raise CourseError(f"{data}: {error}") from None
            problem, data = str(error), {}
    else:
        try:
            content = json_bytes(dict(data))
        except (TypeError, ValueError, RecursionError):
            content = b""  # cells can hold what JSON cannot; the hash is only for who compares files
    problem = problem or problem_of(data, bank.id)
    if problem or not isinstance(data, Mapping):
        result = _mark(bank, secret, {}, student, language, variants)
        told = clean(note("unusable", language, reason=problem))
    else:
        result = _mark(bank, secret, data, student, language, variants)
        told = None
    return replace(result, reason=told or result.reason, source_hash=hashlib.sha256(content).hexdigest())


def _mark(bank: Bank, secret: str, data: Mapping[Any, Any], student: str, language: str, variants: int) -> QuizResult:
    answers = data.get("answers", {})
    layouts = data.get("layouts")
    layouts = layouts if isinstance(layouts, Mapping) else {}
    variant, notes = _variant(bank, data, student, language, variants)
    traced = [
        trace(bank, question, secret, variant, layouts.get(question.id) if question.id in answers else None, variants)
        for question in bank.questions
    ]
    marked = tuple(
        _marked(item, answers.get(question.id), language) for item, question in zip(traced, bank.questions, strict=True)
    )
    asked = {question.id for question in bank.questions}
    unknown = [brief(name).strip("'") for name in answers if name not in asked]
    if unknown:
        notes.append(note("mark-not-asked", language, ids=_some(unknown)))
    notes += _notes_of_layouts(traced, language)
    lost = [item for item in traced if item.how == "unknown"]
    ours = bool(lost) and len(lost) == sum(isinstance(layouts.get(name), str) for name in asked & answers.keys())
    return QuizResult(
        bank=bank.id,
        student=student,
        variant=variant,
        score=sum(item.points for item in marked),
        max_score=bank.max_points,
        marked=marked,
        notes=tuple(notes),
        reason=note("other-secret", language) if ours else None,
        ours=ours,
        titles=tuple(_title(item, language) for item in traced),
        seeds=tuple(item.drawn.seed for item in traced),
        submitted=data.get("submitted") is True,
        fingerprint=bank.fingerprint,
    )


def _marked(traced: Traced, answer: object, language: str) -> Marked:
    if traced.how != "unknown":
        return mark(traced.drawn, answer, language)
    return replace(mark(traced.drawn, None, language), status="invalid", reason=note("cannot-map", language))


def _variant(bank: Bank, data: Mapping[Any, Any], student: str, language: str, variants: int) -> tuple[int, list[str]]:
    """The variant to mark by, and what an instructor should know about it."""
    own = variant_of(bank.id, student, variants)
    given = data.get("variant")
    if given is None:
        return own, []
    if type(given) is not int or not 0 <= given < MOST_VARIANTS:
        return own, [note("variant-unknown", language, given=brief(given), own=own)]
    name = data.get("student")
    if given == own:
        return given, []
    if isinstance(name, str) and name != student and given == variant_of(bank.id, name, variants):
        return given, [note("begun-as", language, name=clean(name[:60]), variant=given)]
    return given, [note("variant-of-another", language, variant=given, own=own)]


def _notes_of_layouts(traced: list[Traced], language: str) -> list[str]:
    found = []
    kinds = Counter(item.how for item in traced)
    for how, name in (("variant", "layout-of-variant"), ("order", "layout-mapped"), ("unknown", "layout-unknown")):
        if kinds[how]:  # type: ignore[index]  # mypy takes the text of the loop for any text
            ids = [item.drawn.question.id for item in traced if item.how == how]
            others = sorted({item.variant for item in traced if item.how == how})
            found.append(note(name, language, ids=_some(ids), variants=", ".join(map(str, others))))
    return found


def _title(traced: Traced, language: str) -> str:
    question: AnyQuestion = traced.drawn.question
    text = " ".join(plain(traced.drawn.say(question.text, language)).split())
    return text if len(text) <= _LONGEST_TITLE else text[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + " …"


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:10]) + (f" … ({len(ids)})" if len(ids) > 10 else "")


def to_record(result: QuizResult, *, language: str = "en", versions: Versions | None = None) -> Record:
    """The result as the record that exercises have too: a test per question.

    Parameters:
        versions: what the mark was computed with; the caller knows them.
    """
    tests = tuple(
        TestResult(
            name=item.question,
            title=title,
            outcome="grader_error" if result.ours and item.status == "invalid" else outcome_of(item),
            points=item.points,
            max_points=item.max_points,
            message="" if item.status == "answered" and item.credit == 1 else message_of(item, language),
            seed=seed,
        )
        for item, title, seed in zip(result.marked, result.titles, result.seeds, strict=True)
    )
    notes = list(result.notes)
    outcome: Outcome
    reason = result.reason
    if result.ours:
        outcome = "grader_error"
    elif all(item.status == "unanswered" for item in result.marked):
        outcome, reason = "not_started", reason or note("nothing-answered", language)
    else:
        outcome = "passed" if all(test.outcome == "passed" for test in tests) else "failed"
        if not result.submitted:
            notes.append(note("not-submitted", language))
    return Record(
        exercise=f"quiz:{result.bank}",
        submission=result.student,
        outcome=outcome,
        score=result.score,
        max_score=result.max_score,
        tests=tests,
        reason=reason,
        notes=tuple(notes),
        source_hash=result.source_hash,
        versions=versions,
    )


def outcome_of(item: Marked) -> TestOutcome:
    """A question's outcome: nothing less than full credit is a pass, and no answer is no failure."""
    if item.status == "unanswered":
        return "not_started"
    return "passed" if item.status == "answered" and item.credit == 1 else "failed"


def message_of(item: Marked, language: str) -> str:
    """What the student is told: why nothing could be read, else the explanations that fit what was answered."""
    if item.status == "unanswered":
        return note("unanswered", language)
    lines = [item.reason] if item.reason else []
    if item.status == "answered":
        for told in item.told:
            slip = told.value != "right" if told.chosen else told.value == "right" and item.form == "multiple"
            if slip and told.explain:
                lines.append(f"{told.key}) {told.text}: {told.explain}")
        lines += item.explain
    return "\n".join(plain(line) for line in lines)
