"""The key of a drawn question: what is right, which known answer an answer meets, and how the key reads."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.catalog.problems import CourseError
from grader.quiz.drawing import Drawn
from grader.quiz.expressions import ExpressionError, Value, evaluate
from grader.quiz.model import (
    Answer,
    CodeQuestion,
    MatchingQuestion,
    NumericQuestion,
    OrderingQuestion,
    TextQuestion,
    TrueFalseQuestion,
    form_of,
)
from grader.quiz.scoring import is_close, normalised, tolerance
from grader.quiz.templates import shown
from grader.quiz.texts import answers_of
from grader.quiz.words import TRUE_FALSE

Number = int | float


def right_ids(drawn: Drawn) -> tuple[str, ...]:
    """The ids of right options, or "true" or "false", or all items in the right order."""
    question = drawn.question
    if isinstance(question, TrueFalseQuestion):
        truth = question.answer if isinstance(question.answer, bool) else _evaluated(drawn, question.answer)
        return ("true" if truth else "false",)
    if isinstance(question, OrderingQuestion):
        return tuple(item.id for item in question.items)
    if isinstance(question, MatchingQuestion):
        return tuple(pair.id for pair in question.pairs)
    return tuple(option.id for option in getattr(question, "options", None) or () if option.value == "right")


def answer_values(drawn: Drawn) -> list[Number | tuple[Number, ...]]:
    """The values of a numeric question's known answers; the first is the key.

    Raises:
        CourseError: an expression has no value, or one that is no number.
    """
    found: list[Number | tuple[Number, ...]] = []
    for answer in answers_of(drawn.question):
        value: Any = _evaluated(drawn, answer.value) if isinstance(answer.value, str) else answer.value
        parts = value if isinstance(value, tuple) else (value,)
        if not parts or not all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in parts):
            raise CourseError(f"{drawn.question.id}: answers: {answer.value!r} is {value!r}, which is no number")
        found.append(value)
    return found


def tolerances(drawn: Drawn, answer: Answer, value: Number | tuple[Number, ...]) -> tuple[float, float]:
    """rtol and atol of a known answer: its own, else the question's, else by its value."""
    question = drawn.question
    assert isinstance(question, (NumericQuestion, CodeQuestion))  # for the type checker; only they have values
    own = answer.rtol is not None or answer.atol is not None
    return tolerance(value, answer.rtol if own else question.rtol, answer.atol if own else question.atol)


def number_match(drawn: Drawn, meanings: Sequence[tuple[Fraction, ...]]) -> Answer | None:
    """The known answer that a number meets: of all that it may mean, the one with most credit; in order where they tie."""
    best: Answer | None = None
    values = answer_values(drawn)
    for meaning in meanings:
        for answer, value in zip(answers_of(drawn.question), values, strict=True):
            if is_close(meaning, value, *tolerances(drawn, answer, value)):
                if best is None or answer.credit > best.credit:
                    best = answer
                break
    return best


def text_match(drawn: Drawn, text: str) -> Answer | None:
    """The first known answer one of whose forms a text is."""
    given = normalised(text)
    for answer in answers_of(drawn.question):
        if any(normalised(drawn.fill(form)) == given for form in answer.forms or ()):
            return answer
    return None


def solution(drawn: Drawn, language: str) -> tuple[str, ...]:
    """The key as a reader sees it: one line for each right option, item, pair, number or form."""
    question = drawn.question
    form = form_of(question)
    if form == "numeric":
        return (shown(answer_values(drawn)[0]),)
    if form == "text":
        assert isinstance(question, (TextQuestion, CodeQuestion))  # for the type checker; the form says so
        return (drawn.fill((answers_of(question)[0].forms or ("",))[0]),)
    if isinstance(question, TrueFalseQuestion):
        words = TRUE_FALSE[right_ids(drawn)[0]]
        return (words.get(language, words["en"]),)
    if isinstance(question, MatchingQuestion):
        return tuple(f"{drawn.say(pair.left, language)} — {drawn.say(pair.right, language)}" for pair in question.pairs)
    texts = {choice.id: choice.text for choice in drawn.choices}
    return tuple(drawn.say(texts[name], language) for name in right_ids(drawn))


def _evaluated(drawn: Drawn, source: str) -> Value:
    try:
        return evaluate(source, drawn.values)
    except ExpressionError as error:
        raise CourseError(f"{drawn.question.id}: {error}") from None
