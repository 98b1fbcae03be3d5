"""Ids for what comes without them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from grader.quiz.exchange.contract import Card, Choice, Found, Part

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 60


def card_id(wished: str, number: int, is_id: bool = False) -> str:
    """The id that was wished for where it looks like one, else one by number.

    Parameters:
        is_id: it stood where ids stand; otherwise a single word is taken for a title.
    """
    fits = _ID.fullmatch(wished) and (is_id or "-" in wished) and len(wished) <= _LONGEST
    return wished if fits else f"question-{number}"


def numbered(texts: Sequence[str]) -> list[int]:
    """A number for each text, from 1, in an order that says nothing of the key: what a page's source shows, students see."""
    ranked = sorted(range(len(texts)), key=lambda place: sha256(f"{place}/{texts[place]}".encode()).digest())
    numbers = [0] * len(texts)
    for number, place in enumerate(ranked, 1):
        numbers[place] = number
    return numbers


def unique_ids(found: Found) -> None:
    """Give every question, option and item an id of its own."""
    taken: set[str] = set()
    for place, card in enumerate(found.cards):
        name = _free(card.id, taken)
        found.cards[place] = replace(
            _with_part_ids(card), id=name, choices=_named(card.choices, "option") if card.choices else ()
        )


def _with_part_ids(card: Card) -> Card:
    kind = "pair" if card.form == "matching" else "item"
    parts = _named_parts((*card.items, *card.distractors), kind)
    return replace(card, items=parts[: len(card.items)], distractors=parts[len(card.items) :])


def _named(choices: tuple[Choice, ...], kind: str) -> tuple[Choice, ...]:
    taken: set[str] = set()
    return tuple(
        replace(choice, id=_free(choice.id or _slug(choice.text, kind, n), taken)) for n, choice in enumerate(choices, 1)
    )


def _named_parts(parts: tuple[Part, ...], kind: str) -> tuple[Part, ...]:
    taken: set[str] = set()
    return tuple(replace(part, id=_free(part.id or _slug(part.text, kind, n), taken)) for n, part in enumerate(parts, 1))


def _slug(text: str, kind: str, number: int) -> str:
    """The text as an id where it is a short name, else the kind with its number."""
    name = re.sub(r"[^a-z0-9]+", "-", text.strip("`*$ ").casefold()).strip("-")
    is_name = text.isascii() and 2 <= len(name) <= 30 and re.search(r"[a-z]", name)
    return name if is_name else f"{kind}-{number}"


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name[: _LONGEST - 3]}-{number}", number + 1
    taken.add(free)
    return free
