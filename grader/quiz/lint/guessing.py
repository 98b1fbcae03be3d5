"""What somebody earns who knows nothing: by ticking at random, and by the best way of ticking blindly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.quiz.model import AnyQuestion, MatchingQuestion, MultipleQuestion, OrderingQuestion, form_of
from grader.quiz.scoring import TICK_RULES


@dataclass(frozen=True)
class Guess:
    """Expected credits of a guesser.

    Attributes:
        random: each box ticked by a coin, or any option, order or letter as likely as the others.
        best: the most that a blind way of answering earns, such as ticking a certain number of boxes.
    """

    random: float
    best: float


def guess(question: AnyQuestion) -> Guess:
    """What a guesser can expect of a question."""
    if isinstance(question, MultipleQuestion):
        values = [option.value for option in question.options]
        return _ticks(question.scoring, values.count("right"), values.count("wrong"))
    match form_of(question):
        case "true_false":
            share = 0.5
        case "single":
            share = 1 / len(getattr(question, "options", None) or (1,))
        case "ordering":
            assert isinstance(question, OrderingQuestion)  # for the type checker; the form says so
            count = len(question.items)
            # Of the count·(count − 1) ordered pairs a random order holds count − 1, so each neighbour is kept once in `count`.
            share = 1 / math.factorial(count) if question.scoring == "all" else 1 / count
        case "matching":
            assert isinstance(question, MatchingQuestion)  # for the type checker; the form says so
            rights = len(question.pairs) + len(question.distractors)
            share = 1 / (math.perm(rights, len(question.pairs)) if question.scoring == "all" else rights)
        case _:
            share = 0.0  # a number or a word is not met by chance
    return Guess(share, share)


def guess_bank(questions: Sequence[AnyQuestion]) -> dict[str, Guess]:
    """The shares of points by form, and under "all" of all of them."""
    forms = sorted({form_of(question) for question in questions})
    found: dict[str, Guess] = {
        form: _weighted([question for question in questions if form_of(question) == form]) for form in forms
    }
    return {**found, "all": _weighted(questions)}


def _weighted(questions: Sequence[AnyQuestion]) -> Guess:
    total = sum(question.points for question in questions)
    guesses = [(question.points, guess(question)) for question in questions]
    return Guess(sum(p * g.random for p, g in guesses) / total, sum(p * g.best for p, g in guesses) / total)


def _ticks(rule: str, right: int, wrong: int) -> Guess:
    """Exactly, by counting patterns; no tick at all is no answer and earns nothing."""
    credit = TICK_RULES[rule]
    by_count: dict[int, list[tuple[int, Fraction]]] = {}
    for hits in range(right + 1):
        for slips in range(wrong + 1):
            if hits + slips:
                ways = math.comb(right, hits) * math.comb(wrong, slips)
                by_count.setdefault(hits + slips, []).append((ways, credit(right, wrong, hits, slips)))
    earned = sum(ways * share for patterns in by_count.values() for ways, share in patterns)
    blind = (sum(ways * share for ways, share in patterns) / sum(ways for ways, _ in patterns) for patterns in by_count.values())
    return Guess(float(earned / 2 ** (right + wrong)), float(max(blind)))
