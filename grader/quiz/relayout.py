"""Finds the draw that a student saw, where the bank or the sheet was changed between the release and the mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, permutations
from typing import Literal

from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank
from grader.quiz.drawing import Choice, Drawn, draw, layout_of
from grader.quiz.model import AnyQuestion, OrderingQuestion
from grader.quiz.sheet import variant_seed

# Enough for eight options in any order, and no more than a moment per question for layouts that somebody made up.
_MOST_TRIES = 60_000
How = Literal["same", "variant", "order", "unknown"]


@dataclass(frozen=True)
class Traced:
    """The draw that an answer belongs to.

    Attributes:
        drawn: the draw; where it could not be found, that of the variant as the bank is now.
        how: the same as recorded; that of another variant; found by the order of the options; or not found.
        variant: the variant that it is.
    """

    drawn: Drawn
    how: How
    variant: int


def trace(bank: Bank, question: AnyQuestion, secret: str, variant: int, layout: object, variants: int) -> Traced:
    """The draw of a layout; without a layout, that of the variant.

    Raises:
        CourseError: the question cannot be drawn.
    """
    drawn = draw(question, variant_seed(bank, secret, variant, question.id))
    if not isinstance(layout, str) or drawn.layout == layout:
        return Traced(drawn, "same", variant)
    for other in range(variants):
        try:
            seen = draw(question, variant_seed(bank, secret, other, question.id))
        except CourseError:
            continue
        if seen.layout == layout:
            return Traced(seen, "variant", other)
    for left, order in islice(_orders(drawn), _MOST_TRIES):
        if layout_of(drawn.seed, drawn.values, (*left, *order)) == layout:
            seen = replace(drawn, choices=_keyed(drawn.choices, order), prompts=_keyed(drawn.prompts, left))
            return Traced(seen, "order", variant)
    return Traced(drawn, "unknown", variant)


def _orders(drawn: Drawn) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Left sides and choices in every order, then with choices that may have been added since left out."""
    ids = [choice.id for choice in drawn.choices]
    # An order is only an answer if it holds every item.
    fewest = len(ids) if isinstance(drawn.question, OrderingQuestion) else 2
    for left in permutations(prompt.id for prompt in drawn.prompts):
        for count in range(len(ids), fewest - 1, -1):
            for order in permutations(ids, count):
                yield left, order


def _keyed(choices: Sequence[Choice], order: Sequence[str]) -> tuple[Choice, ...]:
    """The choices of some ids in an order, with the keys in theirs."""
    texts = {choice.id: choice.text for choice in choices}
    return tuple(Choice(choice.key, name, texts[name]) for choice, name in zip(choices, order, strict=False))
