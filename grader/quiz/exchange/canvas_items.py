"""What a question is to Canvas: its type, its responses, what scores and what is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from grader.quiz.exchange import markup
from grader.quiz.exchange.contract import Booklet, Card, Choice, Losses
from grader.quiz.exchange.credits import choice_losses
from grader.quiz.exchange.moodle import matching_losses
from grader.quiz.exchange.names import numbered
from grader.quiz.exchange.sheet_words import word
from grader.quiz.exchange.spellings import accepted, decimal, forms_of

When = tuple[Any, ...]


@dataclass(frozen=True)
class Response:
    """Something to choose or to type."""

    ident: str
    choices: tuple[tuple[str, str], ...] = ()
    prompt: str = ""
    several: bool = False
    typed: bool = False
    plain: bool = False


@dataclass(frozen=True)
class Feedback:
    """What is told, and when."""

    ident: str
    when: When
    text: str


@dataclass(frozen=True)
class Score:
    """What scores, and when: of a hundred."""

    when: When
    value: str = "100"
    adds: bool = False


@dataclass
class Item:
    """A question of Canvas."""

    ident: str
    title: str
    text: str
    fields: dict[str, str]
    responses: list[Response] = field(default_factory=list)
    feedbacks: list[Feedback] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)


def item_of(booklet: Booklet, card: Card, text: str, losses: Losses) -> Item:
    """A question, with what Canvas cannot say of it in `losses`."""
    builders = {
        "single": ("multiple_choice_question", _single),
        "multiple": ("multiple_answers_question", _multiple),
        "true_false": ("true_false_question", _true_false),
        "numeric": ("short_answer_question", _text) if card.is_tuple else ("numerical_question", _numeric),
        "text": ("short_answer_question", _text),
        "ordering": ("matching_question", _ordering),
        "matching": ("matching_question", _matching),
    }
    kind, build = builders[card.form]
    # Its reader takes ids apart by what they hold: ours are digests, without any words.
    ident = "g" + hashlib.sha256(f"{booklet.id}/{card.id}".encode()).hexdigest()[:31]
    fields = {"question_type": kind, "points_possible": f"{card.points:g}", "assessment_question_identifierref": f"{ident}q"}
    item = Item(ident, card.id, text, fields)
    if card.explain:
        item.feedbacks.append(Feedback("general_fb", ("other",), markup.block(card.explain, "brackets")))
    build(item, booklet, card, losses)
    if item.responses and item.responses[0].choices:
        idents = [ident for ident, _ in item.responses[0].choices]
        item.fields["original_answer_ids"] = ",".join(idents)
    return item


def _idents(choices: list[Choice]) -> dict[str, str]:
    """Whole numbers as ids of options: others make its reader drop the key without a word."""
    numbers = numbered([choice.text for choice in choices])
    return {choice.id: str(1000 + number) for choice, number in zip(choices, numbers, strict=True)}


def _single(item: Item, booklet: Booklet, card: Card, losses: Losses) -> None:
    _fixed(booklet, card, losses)
    idents = _idents([*card.choices])
    _choices(item, [*card.choices], idents, several=False)
    right = next(idents[choice.id] for choice in card.of("right"))
    item.scores.append(Score(("varequal", "response1", right)))


def _multiple(item: Item, booklet: Booklet, card: Card, losses: Losses) -> None:
    choice_losses(booklet, card, losses)
    _fixed(booklet, card, losses)
    if card.scoring != "net":
        losses.add(booklet, card, f"scoring {card.scoring!r} becomes 'net', the one rule of Canvas for several right answers")
    for choice in card.of("either"):
        losses.add(booklet, card, f"the option {choice.text!r} is left out: Canvas knows no option that counts neither way")
    kept = [choice for choice in card.choices if choice.value != "either"]
    idents = _idents(kept)
    _choices(item, kept, idents, several=True)
    each: list[When] = [
        ("varequal", "response1", idents[c.id]) if c.value == "right" else ("not", ("varequal", "response1", idents[c.id]))
        for c in kept
    ]
    item.scores.append(Score(("and", *each)))


def _fixed(booklet: Booklet, card: Card, losses: Losses) -> None:
    if any(choice.fixed for choice in card.choices):
        losses.add(booklet, card, "fixed options are shuffled with the others: a Canvas quiz shuffles all or none")


def _choices(item: Item, choices: list[Choice], idents: dict[str, str], several: bool) -> None:
    shown = tuple((idents[choice.id], markup.inline(choice.text, "brackets")) for choice in choices)
    item.responses.append(Response("response1", shown, several=several))
    for choice in choices:
        if choice.explain:
            ident = idents[choice.id]
            item.feedbacks.append(
                Feedback(f"{ident}_fb", ("varequal", "response1", ident), markup.block(choice.explain, "brackets"))
            )


def _true_false(item: Item, booklet: Booklet, card: Card, losses: Losses) -> None:
    words = [("1001", word("true", booklet.language)), ("1002", word("false", booklet.language))]
    item.responses.append(Response("response1", tuple(words), plain=True))
    item.scores.append(Score(("varequal", "response1", "1001" if card.truth else "1002")))


def _partial(booklet: Booklet, card: Card, losses: Losses) -> None:
    partly = [known for known in card.answers if 0 < known.credit < 1]
    if partly:
        losses.add(booklet, card, f"{len(partly)} answers with part of the credit earn nothing: Canvas gives all or nothing here")
    if any(known.credit == 0 and known.explain for known in card.answers):
        losses.add(booklet, card, "what is told about known wrong answers is left out")


def _numeric(item: Item, booklet: Booklet, card: Card, losses: Losses) -> None:
    _partial(booklet, card, losses)
    if card.unit:
        losses.add(booklet, card, f"the unit {markup.plain(card.unit)!r} is left out: Canvas takes a bare number")
    item.responses.append(Response("response1", typed=True))
    for known in card.answers:
        if known.credit != 1:
            continue
        value, margin = accepted(known)
        low, high = (decimal(float(value) + sign * float(margin)) for sign in (-1, 1))
        within: When = ("and", ("vargte", "response1", low), ("varlte", "response1", high))
        item.scores.append(Score(("or", ("varequal", "response1", value), within)))


def _text(item: Item, booklet: Booklet, card: Card, losses: Losses) -> None:
    _partial(booklet, card, losses)
    if card.is_tuple:
        losses.add(booklet, card, "the tuple is compared as text: only the usual spellings count, and no tolerance")
    item.responses.append(Response("response1", typed=True))
    forms = [form for known in card.answers if known.credit == 1 for form in forms_of(card, known)]
    item.scores.append(Score(("or", *(("varequal", "response1", form) for form in forms))))


def _ordering(item: Item, booklet: Booklet, card: Card, losses: Losses) -> None:
    told = f"the ordering becomes a matching of items and places, scored by position instead of {card.scoring!r}"
    losses.add(booklet, card, told)
    places = [(part.text, str(number)) for number, part in enumerate(card.items, 1)]
    mixed = sorted(zip(numbered([text for text, _ in places]), places, strict=True))
    _matched(item, [place for _, place in mixed], [])


def _matching(item: Item, booklet: Booklet, card: Card, losses: Losses) -> None:
    matching_losses(booklet, card, losses)
    if any(markup.has_markup(part.text) for part in card.items):
        losses.add(booklet, card, "formulas on the left side show as LaTeX source: Canvas takes plain text there")
    if any(part.explain for part in card.items):
        told = "\n\n".join(f"{part.text}: {part.explain}" for part in card.items if part.explain)
        item.feedbacks.append(Feedback("general_fb", ("other",), markup.block(told, "brackets")))
        if card.explain:  # one general feedback is all that is read
            both = f"{card.explain}\n\n{told}"
            item.feedbacks[:] = [Feedback("general_fb", ("other",), markup.block(both, "brackets"))]
    _matched(
        item, [(part.text, markup.plain(part.match)) for part in card.items], [markup.plain(p.text) for p in card.distractors]
    )


def _matched(item: Item, pairs: list[tuple[str, str]], others: list[str]) -> None:
    rights = [*dict.fromkeys([*(right for _, right in pairs), *others])]
    idents = {right: str(2000 + number) for right, number in zip(rights, numbered(rights), strict=True)}
    menu = tuple(sorted((ident, right) for right, ident in idents.items()))
    share = f"{100 / len(pairs):.4f}".rstrip("0").rstrip(".")
    for number, (left, right) in enumerate(pairs, 1001):
        ident = f"response_{number}"
        item.responses.append(Response(ident, menu, prompt=markup.plain(left), plain=True))
        item.scores.append(Score(("varequal", ident, idents[right]), share, adds=True))
