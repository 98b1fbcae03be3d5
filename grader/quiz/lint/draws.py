"""Draws every question many times and looks at what students would meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank
from grader.quiz.drawing import Drawn, arrange, draw
from grader.quiz.expressions import ExpressionError, Value
from grader.quiz.keys import answer_values, right_ids, tolerances
from grader.quiz.lint.findings import Finding, error, warning
from grader.quiz.model import LANGUAGES, AnyQuestion, MultipleQuestion, Option, form_of
from grader.quiz.parameters import all_values, combinations
from grader.quiz.scoring import is_close, normalised
from grader.quiz.seeds import PRACTICE_SECRET, question_seed
from grader.quiz.texts import answers_of, strings_of

SEEDS = 200
MOST_COMBINATIONS = 500
_RULE_OUT = "mend the expression, or rule the draw out by `where`"


@dataclass(frozen=True)
class Drawing:
    """What drawing a question many times has shown."""

    findings: tuple[Finding, ...]
    draws: int


def seeds_of(bank: str, question: str, count: int = SEEDS) -> list[int]:
    """The seeds of made-up students."""
    return [question_seed(PRACTICE_SECRET, f"student-{number}", bank, question) for number in range(count)]


def draw_often(bank: Bank, question: AnyQuestion) -> Drawing:
    """Draw a question over many seeds, and over all combinations of its parameters where they are few."""
    seeds = seeds_of(bank.id, question.id)
    try:
        drawn = [draw(question, seed) for seed in seeds]
    except CourseError as problem:
        return Drawing((error(question.id, _without_id(problem, question), _RULE_OUT),), 0)
    findings = [*_places(question, drawn), *_rare_failure(question)]
    looked_at = _different(question, drawn)
    for one in looked_at:
        told = [*_problems(one)]
        if told:
            findings += told
            break  # the same slip shows in most draws
    if question.parameters and len({_told(one.values) for one in drawn}) == 1:
        what = "parameters: every student gets the same values"
        findings.append(warning(question.id, what, "widen them, or write the numbers out"))
    return Drawing(tuple(findings), len(looked_at))


def _different(question: AnyQuestion, drawn: list[Drawn]) -> list[Drawn]:
    """Draws that differ in their values: all that there are, or those of the seeds."""
    if not question.parameters:
        return drawn[:1]
    if combinations(question.parameters) <= MOST_COMBINATIONS:
        try:
            return [arrange(question, drawn[0].seed, values) for values in all_values(question.parameters, question.where)]
        except ExpressionError:
            return drawn  # told by `_rare_failure`
    return list({_told(one.values): one for one in drawn}.values())


def _rare_failure(question: AnyQuestion) -> Iterator[Finding]:
    """A combination of few that cannot be computed, though no seed met it."""
    if question.parameters and combinations(question.parameters) <= MOST_COMBINATIONS:
        try:
            for _ in all_values(question.parameters, question.where):
                pass
        except ExpressionError as problem:
            yield error(question.id, f"parameters: {problem}", "rule the combination out by `where`")


def _problems(drawn: Drawn) -> Iterator[Finding]:
    question = drawn.question
    with_values = f" (drawn: {_told(drawn.values)})" if question.parameters else ""
    try:
        for _, text in strings_of(question):
            drawn.fill(text)
        for one, other, language in _equal_texts(drawn):
            what = f"{one} and {other} read the same in {language}{with_values}"
            yield error(question.id, what, "change one, or keep such draws out by `where`")
        if form_of(question) == "numeric":
            yield from _overlaps(drawn, with_values)
        elif form_of(question) == "text":
            yield from _shared_forms(drawn, with_values)
        else:
            right_ids(drawn)
    except CourseError as problem:
        yield error(question.id, _without_id(problem, question), _RULE_OUT)


def _equal_texts(drawn: Drawn) -> Iterator[tuple[str, str, str]]:
    for language in LANGUAGES:
        for group in (drawn.choices, drawn.prompts):
            seen: dict[str, str] = {}
            for choice in group:
                text = " ".join(drawn.say(choice.text, language).split())
                if text in seen:
                    yield seen[text], choice.id, language
                seen.setdefault(text, choice.id)


def _overlaps(drawn: Drawn, with_values: str) -> Iterator[Finding]:
    answers, values = answers_of(drawn.question), answer_values(drawn)
    for later in range(1, len(answers)):
        value = values[later]
        parts = [Fraction(part) for part in (value if isinstance(value, tuple) else (value,))]
        if isinstance(value, tuple) != isinstance(values[0], tuple):
            what = f"answers.{later + 1}: {value!r} and the key {values[0]!r} are not of the same kind{with_values}"
            yield error(drawn.question.id, what, "give numbers or tuples throughout")
            continue
        for earlier in range(later):
            differ = answers[earlier].credit != answers[later].credit
            if differ and is_close(parts, values[earlier], *tolerances(drawn, answers[earlier], values[earlier])):
                what = f"answers.{later + 1}: {value!r} is taken for answers.{earlier + 1}, {values[earlier]!r}{with_values}"
                yield error(drawn.question.id, what, "narrow the tolerance, or keep such draws out by `where`")


def _shared_forms(drawn: Drawn, with_values: str) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, answer in enumerate(answers_of(drawn.question), 1):
        for form in answer.forms or ():
            text = normalised(drawn.fill(form))
            if not text:
                yield error(drawn.question.id, f"answers.{number}: nothing of {form!r} is compared{with_values}", "write a word")
            elif seen.get(text, number) != number:
                what = f"answers.{number}: {form!r} is taken for answers.{seen[text]}{with_values}"
                yield error(drawn.question.id, what, "leave it in one of them")
            seen.setdefault(text, number)


def _places(question: AnyQuestion, drawn: list[Drawn]) -> Iterator[Finding]:
    """Whether the right option, alone right and not fixed with all others, moves about."""
    options: tuple[Option, ...] = getattr(question, "options", None) or ()
    if isinstance(question, MultipleQuestion) or sum(not option.fixed for option in options) < 2:
        return
    places = {next(n for n, c in enumerate(one.choices) if c.id == right_ids(one)[0]) for one in drawn}
    if len(places) == 1:
        yield error(question.id, f"the right option is always number {places.pop() + 1}", "take `fixed` off it")


def _without_id(problem: CourseError, question: AnyQuestion) -> str:
    return str(problem).removeprefix(f"{question.id}: ")


def _told(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in values.items())
