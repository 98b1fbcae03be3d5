"""Turns banks into booklets: one draw in one language, every expression evaluated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from grader.catalog.manifest import Text
from grader.quiz.bank import Bank
from grader.quiz.drawing import Drawn, draw
from grader.quiz.exchange.contract import Booklet, Card, Choice, Known, Part, Picture
from grader.quiz.keys import answer_values, right_ids, tolerances
from grader.quiz.model import AnyQuestion, MatchingQuestion, OrderingQuestion, TrueFalseQuestion, form_of
from grader.quiz.templates import shown
from grader.quiz.texts import answers_of
from grader.quiz.view import rule_of

Seeds = Callable[[str, str], int]


def booklets_of(banks: Sequence[Bank], language: str, seeds: Seeds, shuffled: bool) -> list[Booklet]:
    """The banks as plain data.

    Parameters:
        seeds: the seed of a bank's id and a question's id.
        shuffled: options, items and right sides in the order that the seed gives, instead of the bank's.

    Raises:
        CourseError: a question cannot be drawn.
    """
    return [
        Booklet(
            bank.id,
            bank.title.get(language),
            language,
            bank.kind == "graded",
            tuple(_card(bank, question, seeds(bank.id, question.id), language, shuffled) for question in bank.questions),
        )
        for bank in banks
    ]


def _card(bank: Bank, question: AnyQuestion, seed: int, language: str, shuffled: bool) -> Card:
    drawn = draw(question, seed)

    def say(text: Text | None) -> str:
        return drawn.say(text, language).strip()

    items, distractors = _parts(question, say)
    image = question.image
    return Card(
        id=question.id,
        form=form_of(question),
        text=say(question.text),
        points=question.points,
        difficulty=question.difficulty,
        tags=question.tags,
        source=question.source,
        code=drawn.fill(question.code or "").rstrip("\n"),
        picture=Picture(bank.path.parent / image.file, say(image.alt)) if image else None,
        choices=_choices(drawn, say, shuffled),
        truth=right_ids(drawn) == ("true",) if isinstance(question, TrueFalseQuestion) else None,
        answers=_answers(drawn, say),
        items=_in_order(items, drawn, shuffled),
        distractors=distractors,
        scoring=getattr(question, "scoring", ""),
        unit=say(getattr(question, "unit", None)),
        explain=say(question.explain),
        rule=rule_of(drawn, language),
        drawn=", ".join(f"{name} = {shown(value)}" for name, value in drawn.values.items()),
    )


def _choices(drawn: Drawn, say: Callable[[Text | None], str], shuffled: bool) -> tuple[Choice, ...]:
    options: dict[str, Any] = {option.id: option for option in getattr(drawn.question, "options", None) or ()}
    order = [choice.id for choice in drawn.choices] if shuffled and options else list(options)
    return tuple(
        Choice(
            name,
            say(options[name].text),
            options[name].value,
            say(options[name].reason or options[name].explain),
            say(options[name].explain_unticked),
            options[name].fixed,
        )
        for name in order
    )


def _answers(drawn: Drawn, say: Callable[[Text | None], str]) -> tuple[Known, ...]:
    known = answers_of(drawn.question)
    if not known:
        return ()
    if known[0].forms is not None:
        return tuple(
            Known(None, tuple(drawn.fill(form) for form in a.forms or ()), Fraction(str(a.credit)), explain=say(a.explain))
            for a in known
        )
    values = answer_values(drawn)
    bounds = [tolerances(drawn, answer, value) for answer, value in zip(known, values, strict=True)]
    return tuple(
        Known(value, (), Fraction(str(answer.credit)), rtol, atol, say(answer.explain))
        for answer, value, (rtol, atol) in zip(known, values, bounds, strict=True)
    )


def _parts(question: AnyQuestion, say: Callable[[Text | None], str]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if isinstance(question, OrderingQuestion):
        return tuple(Part(item.id, say(item.text)) for item in question.items), ()
    if isinstance(question, MatchingQuestion):
        pairs = (Part(pair.id, say(pair.left), say(pair.right), say(pair.explain)) for pair in question.pairs)
        return tuple(pairs), tuple(Part(item.id, say(item.text)) for item in question.distractors)
    return (), ()


def _in_order(items: tuple[Part, ...], drawn: Drawn, shuffled: bool) -> tuple[Part, ...]:
    """Left sides as the seed has them; the items of an order stay in the right one, which is the key."""
    if not shuffled or not drawn.prompts:
        return items
    by_id = {item.id: item for item in items}
    return tuple(by_id[prompt.id] for prompt in drawn.prompts)
