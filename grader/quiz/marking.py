"""Marks an answer: credit by the question's rule, and what to tell the student about each option."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from grader.quiz.answers import Status, read_answer
from grader.quiz.drawing import Drawn, draw
from grader.quiz.keys import number_match, right_ids, solution, text_match
from grader.quiz.model import (
    Answer,
    AnyQuestion,
    MatchingQuestion,
    MultipleQuestion,
    Option,
    OrderingQuestion,
    TrueFalseQuestion,
    form_of,
)
from grader.quiz.scoring import match_credit, order_credit, tick_credit


@dataclass(frozen=True)
class Told:
    """What to say about one option, item or pair.

    Attributes:
        key, id: as the student and as the bank call it.
        text: what it reads; for a pair the left side.
        value: of an option right, wrong or either; of an item or pair whether it was put right.
        chosen: whether it was ticked; for an item or pair whether it was placed at all.
        given: of a pair, the right side that was chosen.
        explain: the explanation that fits; empty where there is none.
    """

    key: str
    id: str
    text: str
    value: Literal["right", "wrong", "either"]
    chosen: bool
    explain: str = ""
    given: str = ""


@dataclass(frozen=True)
class Marked:
    """A marked answer.

    Attributes:
        status: an answer that cannot be read is `invalid`: an honest zero with its reason.
        credit: 0 to 1, by the rule.
        points, max_points: credit times the question's points.
        answer: what was answered in ids, whatever the order shown: a list, a mapping, or the text or number as given; None
            unless answered.
        told: options in the order shown, items in the right order, pairs in the order shown.
        explain: the explanation of the known answer that was met, then the question's own.
        solution: the key, one line each.
        layout: of the draw that was marked; see `Drawn.layout`.
    """

    question: str
    form: str
    status: Status
    credit: float
    points: float
    max_points: float
    answer: Any
    reason: str
    told: tuple[Told, ...]
    explain: tuple[str, ...]
    solution: tuple[str, ...]
    layout: str


def marked(question: AnyQuestion, seed: int, answer: object, language: str = "en") -> Marked:
    """Draw a question from its seed and mark an answer to it.

    Never raises for an answer, whatever it is.

    Raises:
        CourseError: the question itself cannot be drawn.
    """
    return mark(draw(question, seed), answer, language)


def mark(drawn: Drawn, answer: object, language: str = "en") -> Marked:
    """Mark an answer to a drawn question."""
    question = drawn.question
    reading = read_answer(drawn, answer, language)
    met: Answer | None = None
    credit = Fraction(0)
    if reading.status == "answered":
        credit, met = _credit(drawn, reading.value)
    explanations = (drawn.say(met.explain if met else None, language), drawn.say(question.explain, language))
    return Marked(
        question=question.id,
        form=form_of(question),
        status=reading.status,
        credit=float(credit),
        points=float(credit * Fraction(str(question.points))),
        max_points=question.points,
        answer=_canonical(reading.value, answer) if reading.status == "answered" else None,
        reason=reading.reason,
        told=_told(drawn, reading.value, language),
        explain=tuple(text for text in explanations if text),
        solution=solution(drawn, language),
        layout=drawn.layout,
    )


def _credit(drawn: Drawn, value: Any) -> tuple[Fraction, Answer | None]:
    question = drawn.question
    match form_of(question):
        case "numeric" | "text" as form:
            met = number_match(drawn, value) if form == "numeric" else text_match(drawn, value)
            return (Fraction(str(met.credit)) if met else Fraction(0)), met
    if isinstance(question, MultipleQuestion):
        right, wrong = ({o.id for o in question.options if o.value == kind} for kind in ("right", "wrong"))
        return tick_credit(question.scoring, right, wrong, set(value)), None
    if isinstance(question, OrderingQuestion):
        return order_credit(question.scoring, right_ids(drawn), value), None
    if isinstance(question, MatchingQuestion):
        return match_credit(question.scoring, right_ids(drawn), value), None
    return Fraction(value == right_ids(drawn)), None


def _canonical(value: Any, answer: object) -> Any:
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return list(value)
    if isinstance(value, str):
        return value
    # A number stays as it was written: a regrade reads it again.
    return answer if isinstance(answer, (str, int, float)) else [float(part) for part in value[0]]


def _told(drawn: Drawn, value: Any, language: str) -> tuple[Told, ...]:
    question = drawn.question
    if isinstance(question, OrderingQuestion):
        return _told_of_items(drawn, question, value, language)
    if isinstance(question, MatchingQuestion):
        return _told_of_pairs(drawn, question, value or {}, language)
    if isinstance(question, TrueFalseQuestion):
        right = right_ids(drawn)
        return tuple(
            Told(c.key, c.id, drawn.say(c.text, language), "right" if c.id in right else "wrong", c.id in (value or ()))
            for c in drawn.choices
        )
    options: dict[str, Option] = {option.id: option for option in getattr(question, "options", None) or ()}
    return tuple(_told_of_option(drawn, choice.key, options[choice.id], value or (), language) for choice in drawn.choices)


def _told_of_option(drawn: Drawn, key: str, option: Option, ticked: tuple[str, ...], language: str) -> Told:
    chosen = option.id in ticked
    words = option.reason or option.explain
    if not chosen and option.explain_unticked is not None:
        words = option.explain_unticked
    return Told(key, option.id, drawn.say(option.text, language), option.value, chosen, drawn.say(words, language))


def _told_of_items(drawn: Drawn, question: OrderingQuestion, order: Any, language: str) -> tuple[Told, ...]:
    placed = dict(enumerate(order or ()))
    return tuple(
        Told(
            drawn.key_of(item.id),
            item.id,
            drawn.say(item.text, language),
            "right" if placed.get(place) == item.id else "wrong",
            bool(order),
        )
        for place, item in enumerate(question.items)
    )


def _told_of_pairs(drawn: Drawn, question: MatchingQuestion, given: dict[str, str], language: str) -> tuple[Told, ...]:
    pairs = {pair.id: pair for pair in question.pairs}
    texts = {choice.id: choice.text for choice in drawn.choices}
    return tuple(
        Told(
            prompt.key,
            prompt.id,
            drawn.say(prompt.text, language),
            "right" if given.get(prompt.id) == prompt.id else "wrong",
            prompt.id in given,
            drawn.say(pairs[prompt.id].explain, language),
            drawn.say(texts[given[prompt.id]], language) if prompt.id in given else "",
        )
        for prompt in drawn.prompts
    )
