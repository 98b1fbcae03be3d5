"""Writes GIFT, Moodle's text format."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.quiz.exchange import markup
from grader.quiz.exchange.contract import Booklet, Card, Losses
from grader.quiz.exchange.credits import answer_fraction, choice_losses, draw_loss, percent, shuffles, tick_fractions
from grader.quiz.exchange.moodle import matching_losses
from grader.quiz.exchange.spellings import accepted, forms_of
from grader.quiz.templates import shown

_SPECIAL = re.compile(r"[\\~=#{}:]")


def write(booklets: Sequence[Booklet], with_key: bool, losses: Losses) -> bytes:
    """The banks as one file, a category each; the key is always in it."""
    blocks: list[str] = []
    for booklet in booklets:
        blocks.append(f"$CATEGORY: $course$/top/{booklet.title.replace('/', '//')}")
        for card in booklet.cards:
            draw_loss(booklet, card, losses)
            _general_losses(booklet, card, losses)
            blocks.append(_question(booklet, card, losses))
    return ("\n\n".join(blocks) + "\n").encode()


def escaped(text: str) -> str:
    """A text in which nothing is taken for GIFT: `\\nabla` would begin with a line break, `=` with an answer."""
    return _SPECIAL.sub(lambda found: "\\" + found.group(), text).replace("\r", "").replace("\n", "\\n")


def _question(booklet: Booklet, card: Card, losses: Losses) -> str:
    body = {
        "single": _choices,
        "multiple": _choices,
        "true_false": _true_false,
        "numeric": _answers,
        "text": _answers,
        "ordering": _places,
        "matching": _matching,
    }[card.form](booklet, card, losses)
    tags = [*card.tags, f"difficulty:{card.difficulty}", *([f"source:{card.source}"] if card.source else [])]
    told = "// " + " ".join((f"[id:{card.id}]", *(f"[tag:{_bare(tag)}]" for tag in tags)))
    text = escaped(markup.question_html(card.text, card.code, "brackets"))
    return f"{told}\n::{escaped(card.id)}:: [html]{text} {body}"


def _choices(booklet: Booklet, card: Card, losses: Losses) -> str:
    choice_losses(booklet, card, losses)
    if any(choice.fixed for choice in card.choices) or not shuffles(card.choices):
        losses.add(booklet, card, "fixed options may be shuffled: GIFT says nothing of order")
    shares = tick_fractions(booklet, card, losses) if card.form == "multiple" else {}
    lines = []
    for choice in card.choices:
        sign = "=" if choice.value == "right" else "~"
        if shares:
            sign = f"~%{percent(shares[choice.id])}%"
        lines.append(f"\t{sign}{escaped(markup.inline(choice.text, 'brackets'))}{_feedback(choice.explain)}")
    return _braces(lines, card)


def _true_false(booklet: Booklet, card: Card, losses: Losses) -> str:
    return "{" + ("TRUE" if card.truth else "FALSE") + _general(card) + "}"


def _answers(booklet: Booklet, card: Card, losses: Losses) -> str:
    numeric = card.form == "numeric" and not card.is_tuple
    if card.is_tuple:
        losses.add(booklet, card, "the tuple is compared as text: only the usual spellings count, and no tolerance")
    if card.unit:
        losses.add(booklet, card, "the unit is left out: GIFT has none, and refuses a number with one")
    lines = []
    for known in card.answers:
        credit = answer_fraction(booklet, card, known.credit, losses)
        share = "" if credit == 1 else f"%{percent(credit)}%"
        if numeric:
            value, margin = accepted(known)
            lines.append(f"\t={share}{value}:{margin}{_feedback(known.explain)}")
        else:
            forms = [escaped(form.replace("*", "\\*")) for form in forms_of(card, known)]
            lines += [f"\t={share}{form}{_feedback(known.explain)}" for form in forms]
    return _braces(lines, card, "#" if numeric else "")


def _places(booklet: Booklet, card: Card, losses: Losses) -> str:
    losses.add(
        booklet, card, f"the ordering becomes a matching of items and places, scored by position instead of {card.scoring!r}"
    )
    lines = [f"\t={_matched(item.text)} -> {shown(number)}" for number, item in enumerate(card.items, 1)]
    return _braces(lines, card)


def _matching(booklet: Booklet, card: Card, losses: Losses) -> str:
    matching_losses(booklet, card, losses)
    if card.distractors:
        losses.add(booklet, card, f"left out on the right: {', '.join(p.text for p in card.distractors)}; GIFT knows pairs only")
    return _braces([f"\t={_matched(part.text)} -> {escaped(markup.plain(part.match))}" for part in card.items], card)


def _matched(text: str) -> str:
    """A left side, in which no arrow may stand."""
    return escaped(markup.inline(text, "brackets").replace("->", "-&gt;"))


def _general_losses(booklet: Booklet, card: Card, losses: Losses) -> None:
    if card.picture is not None:
        losses.add(booklet, card, f"the image {card.picture.path.name} is left out: GIFT holds no files")
    if card.points != 1:
        losses.add(booklet, card, f"worth {card.points:g} points: GIFT says nothing of points, and Moodle takes 1")


def _braces(lines: list[str], card: Card, start: str = "") -> str:
    general = _general(card)
    return "{" + start + "\n" + "\n".join(lines) + ("\n\t" + general if general else "") + "\n}"


def _feedback(explain: str) -> str:
    return f"#{escaped(markup.block(explain, 'brackets'))}" if explain else ""


def _general(card: Card) -> str:
    explain = [card.explain, *(f"{part.text}: {part.explain}" for part in card.items if part.explain)]
    text = escaped(markup.block("\n\n".join(filter(None, explain)), "brackets"))
    return f"####{text}" if text else ""


def _bare(tag: str) -> str:
    return tag.replace("[", "(").replace("]", ")")
