"""Writes Markdown: a sheet of questions, or with the key the form that the import reads."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

from grader.quiz.exchange import pictures
from grader.quiz.exchange.contract import Booklet, Card, Losses
from grader.quiz.exchange.sheet_words import word
from grader.quiz.exchange.sheets import SIGNS, explained_answers, laid


def write(booklets: Sequence[Booklet], with_key: bool, losses: Losses) -> bytes:
    """The banks one after the other."""
    lines = [line for booklet in booklets for line in _booklet(booklet, with_key)]
    return ("\n\n".join(lines) + "\n").encode()


def _booklet(booklet: Booklet, with_key: bool) -> Iterator[str]:
    yield f"# {booklet.title}"
    for number, card in enumerate(booklet.cards, 1):
        yield f"## {word('question', booklet.language)} {number}"
        yield card.text
        if card.code:
            yield f"```python\n{card.code}\n```"
        if card.picture:
            kind = card.picture.path.suffix.lstrip(".") or "png"
            data = base64.b64encode(pictures.content(card)).decode()
            yield f"![{card.picture.alt}](data:image/{kind};base64,{data})"
        if not with_key or not card.choices:  # the import would take it for a part of the text
            yield f"*{card.rule} {word('points', booklet.language)}: {card.points:g}*"
        if card.choices:
            yield from _options(booklet, card, with_key)
        else:
            yield from _others(booklet, card, with_key)


def _options(booklet: Booklet, card: Card, with_key: bool) -> Iterator[str]:
    signs = [f"{SIGNS[choice.value]} " if with_key else "☐ " for choice in card.choices]
    yield "\n".join(f"- {sign}{_indented(choice.text)}" for sign, choice in zip(signs, card.choices, strict=True))
    if not with_key:
        return
    for choice in card.choices:
        if choice.explain:
            yield f"### {SIGNS[choice.value]} {' '.join(choice.text.split())}"
            yield choice.explain
        if choice.explain_unticked:
            yield f"*({word('unticked', booklet.language)})* {choice.explain_unticked}"
    if card.explain:
        yield f"### {word('explanation', booklet.language)}"
        yield card.explain


def _others(booklet: Booklet, card: Card, with_key: bool) -> Iterator[str]:
    shown = laid(booklet, card)
    if card.form == "true_false":
        yield "\n".join(f"- ☐ {word(name, booklet.language)}" for name in ("true", "false"))
    if shown.prompts:
        yield "\n".join(f"{number}. {_indented(text)}" for number, text in enumerate(shown.prompts, 1))
    if shown.choices:
        yield "\n".join(f"- ({letter}) {_indented(text)}" for letter, text in shown.choices)
    if not with_key:
        yield f"{word('answer', booklet.language)}: \\_\\_\\_\\_\\_\\_\\_\\_ {card.unit}".rstrip()
        return
    yield f"**{word('answer', booklet.language)}:** {shown.answer} {card.unit}".rstrip()
    told = [*explained_answers(card), *((part.text, part.explain) for part in card.items if part.explain)]
    if told:
        yield "\n".join(f"- {_indented(text)}: {_indented(explain)}" for text, explain in told)
    if card.explain:
        yield f"### {word('explanation', booklet.language)}"
        yield card.explain


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
