"""What printed sheets show of a question: lettered choices, and the key in words."""

from __future__ import annotations

import string
from dataclasses import dataclass

from grader.quiz.exchange.contract import Booklet, Card, Known, Part
from grader.quiz.exchange.sheet_words import word
from grader.quiz.seeds import Stream
from grader.quiz.templates import shown

SIGNS = {"right": "✅", "wrong": "❌", "either": "⚠️"}


@dataclass(frozen=True)
class Laid:
    """A question without options as a sheet shows it: what to choose from, and the answer."""

    prompts: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    answer: str = ""


def laid(booklet: Booklet, card: Card) -> Laid:
    """Prompts, lettered choices and the answer in words; items and right sides are mixed."""
    if card.form == "ordering":
        mixed = _mixed(booklet, card, card.items)
        letters = {part.id: letter for letter, part in zip(string.ascii_lowercase, mixed, strict=False)}
        answer = " ".join(letters[item.id] for item in card.items)
        return Laid(choices=tuple((letters[part.id], part.text) for part in mixed), answer=answer)
    if card.form == "matching":
        rights = tuple(Part(item.id, item.match) for item in card.items) + card.distractors
        mixed = _mixed(booklet, card, rights)
        letters = {part.id: letter for letter, part in zip(string.ascii_lowercase, mixed, strict=False)}
        answer = " ".join(f"{number}{letters[item.id]}" for number, item in enumerate(card.items, 1))
        return Laid(tuple(item.text for item in card.items), tuple((letters[part.id], part.text) for part in mixed), answer)
    if card.form == "true_false":
        return Laid(answer=word("true" if card.truth else "false", booklet.language))
    return Laid(answer=said(card.answers[0])) if card.answers else Laid()


def said(known: Known) -> str:
    """A known answer in words."""
    return shown(known.value) if known.value is not None else known.forms[0]


def explained_answers(card: Card) -> list[tuple[str, str]]:
    """Further known answers with what is told about them."""
    return [(f"{said(known)} ({float(known.credit):.0%})", known.explain) for known in card.answers[1:] if known.explain]


def _mixed(booklet: Booklet, card: Card, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts in an order that says nothing of the key and stays as it is from print to print."""
    seed = sum(ord(sign) * 31**place for place, sign in enumerate(f"{booklet.id}/{card.id}/{card.drawn}")) % (1 << 62)
    order = Stream(seed, "sheet").shuffled(parts)
    return tuple(order) if tuple(order) != parts else tuple(order[1:] + order[:1])
