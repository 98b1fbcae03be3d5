"""Recomputes keys: `check` by its last line, snippets by running them, each against what the bank says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank
from grader.quiz.drawing import Drawn, draw
from grader.quiz.keys import answer_values, right_ids, tolerances
from grader.quiz.lint.draws import seeds_of
from grader.quiz.lint.findings import Finding, error
from grader.quiz.lint.runner import Ran, Runner, Slow
from grader.quiz.model import AnyQuestion, CodeQuestion, Option, form_of
from grader.quiz.numbers import readings, tuple_readings
from grader.quiz.scoring import DEFAULT_RTOL, is_close, normalised
from grader.quiz.texts import answers_of

# A layer takes milliseconds, arithmetic nothing.
_DRAWS_WITH_TORCH, _DRAWS = 8, 50
# Keys that come out of float32.
_RTOL = 1e-5


@dataclass(frozen=True)
class Checked:
    """What recomputing a bank's keys has shown: findings, and how many questions were recomputed."""

    findings: tuple[Finding, ...]
    questions: int
    runs: int


def check_keys(bank: Bank, runner: Runner) -> Checked:
    """Recompute every key that can be."""
    findings: list[Finding] = []
    count = runs = 0
    for question in bank.questions:
        if question.check is None and not isinstance(question, CodeQuestion):
            continue
        try:
            told, done = _check(bank, question, runner)
        except CourseError:
            continue  # the draws tell it
        count, runs = count + 1, runs + done
        findings += told[:1]
    return Checked(tuple(findings), count, runs)


def _check(bank: Bank, question: AnyQuestion, runner: Runner) -> tuple[list[Finding], int]:
    source = (question.check or question.code or "").strip()
    words = set("".join(sign if sign.isalnum() else " " for sign in source).split())
    count = (_DRAWS_WITH_TORCH if words & {"torch", "nn", "F"} else _DRAWS) if question.parameters else 1
    drawn = [draw(question, seed) for seed in seeds_of(bank.id, question.id, count)]
    key = "check" if question.check is not None else "code"
    try:
        if isinstance(question, CodeQuestion):
            # Parameters stand in the snippet itself, as students read it.
            results = runner.run([one.fill(question.code) for one in drawn], [{} for _ in drawn], _run_of(question, drawn[0]))
        else:
            results = runner.run([source] * len(drawn), [one.values for one in drawn], last_is_value=True)
    except Slow as problem:
        return [error(question.id, f"{key}: {problem}", "make it smaller")], 0
    findings = [finding for one, ran in zip(drawn, results, strict=True) for finding in _compared(one, ran)]
    return findings, len(results)


def _run_of(question: CodeQuestion, drawn: Drawn) -> str | None:
    return drawn.fill(question.run) if question.run is not None else None


def _compared(drawn: Drawn, ran: Ran) -> Iterator[Finding]:
    question = drawn.question
    with_values = f" (drawn: {', '.join(f'{n} = {v!r}' for n, v in drawn.values.items())})" if question.parameters else ""
    if isinstance(question, CodeQuestion):
        given = ran.error or (ran.text if question.run is not None else ran.output)
        what, remedy = f"code: running it gives {_short(given)}", "correct the key, or the snippet"
        if ran.error and not _is_expected(drawn, ran.error):
            yield error(question.id, f"code: raises {ran.error}: {ran.message}{with_values}", "correct it, or make that the key")
            return
    elif ran.error:
        yield error(question.id, f"check: {ran.error}: {ran.message}{with_values}", "correct the check")
        return
    else:
        given = ran.value
        what, remedy = f"check: gives {_short(given)}", "correct the key, or the check"
    for problem in _disagreements(drawn, given):
        yield error(question.id, f"{what}, and {problem}{with_values}", remedy)


def _short(value: object) -> str:
    text = repr(value.strip() if isinstance(value, str) else value)
    return text if len(text) <= 80 else text[:79] + "…"


def _is_expected(drawn: Drawn, name: str) -> bool:
    """Whether some known answer or option is the name of the exception."""
    if form_of(drawn.question) == "text":
        return any(normalised(form) == normalised(name) for answer in answers_of(drawn.question) for form in answer.forms or ())
    return any(_same(_output(drawn, option), name) for option in getattr(drawn.question, "options", None) or ())


def _disagreements(drawn: Drawn, given: Any) -> Iterator[str]:
    """Where the key, or a wrong option, does not fit what came out."""
    match form_of(drawn.question):
        case "numeric":
            key = answer_values(drawn)[0]
            rtol, atol = tolerances(drawn, answers_of(drawn.question)[0], key)
            rtol = rtol or (0.0 if _is_exact(given) else _RTOL)
            if not any(is_close(meaning, key, rtol, atol) for meaning in _meanings(given, isinstance(key, tuple))):
                yield f"the key is {key!r}"
        case "text":
            forms = [drawn.fill(form) for form in answers_of(drawn.question)[0].forms or ()]
            if normalised(str(given)) not in {normalised(form) for form in forms}:
                yield f"the key is {forms[0]!r}"
        case "true_false":
            key_is_true = right_ids(drawn)[0] == "true"
            if not isinstance(given, bool) or given != key_is_true:
                yield f"the key is {key_is_true}"
        case _:
            for option in getattr(drawn.question, "options", None) or ():
                agrees = _same(_output(drawn, option), given)
                if agrees != (option.value == "right"):
                    yield f"the {option.value} option {option.id} reads {_output(drawn, option)!r}"


def _output(drawn: Drawn, option: Option) -> str:
    return drawn.fill(option.output if option.output is not None else option.text.en)


def _is_exact(given: Any) -> bool:
    parts = given if isinstance(given, list) else [given]
    return all(isinstance(part, (int, str)) for part in parts)


def _meanings(given: Any, is_tuple: bool) -> Sequence[tuple[Fraction, ...]]:
    if isinstance(given, str):
        return tuple_readings(given) if is_tuple else [(number,) for number in readings(given)]
    parts = given if isinstance(given, list) else [given]
    if isinstance(given, list) != is_tuple or not all(isinstance(part, (int, float)) for part in parts):
        return []
    return [tuple(Fraction(str(part)) if isinstance(part, float) else Fraction(part) for part in parts)]


def _same(text: str, given: Any) -> bool:
    """Whether an option's text is what came out: as a number, as a tuple, or sign by sign but for spaces."""
    bare = text.strip("`$ \n")
    if isinstance(given, bool):
        return normalised(bare) == normalised(str(given))
    if isinstance(given, str) and " ".join(bare.split()) == " ".join(given.split()):
        return True
    is_tuple = bare.startswith(("(", "[", "torch.Size"))
    ours = tuple_readings(bare) if is_tuple else [(number,) for number in readings(bare)]
    # A decimal in an option is rounded; whole numbers are what they are.
    rtol = 0.0 if _is_exact(given) and all(number.denominator == 1 for meaning in ours for number in meaning) else DEFAULT_RTOL
    theirs = [tuple(float(number) for number in meaning) for meaning in _meanings(given, is_tuple)]
    return any(is_close(our, their, rtol, 0.0) for our in ours for their in theirs)
