"""Writes a printable HTML page that needs no network: formulas are MathML, images are in it."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from grader.quiz.exchange import pictures
from grader.quiz.exchange.contract import Booklet, Card, Losses
from grader.quiz.exchange.markup import block, inline, question_html
from grader.quiz.exchange.sheet_words import word
from grader.quiz.exchange.sheets import explained_answers, laid

# Emoji need a font that not every machine has.
_SIGNS = {"right": "✓", "wrong": "✗", "either": "±"}

_STYLE = """
body { font: 11pt/1.5 "Noto Sans", "Noto Sans Devanagari", "DejaVu Sans", system-ui, sans-serif; color: #111; background: #fff;
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
section { break-inside: avoid; } article + article { break-before: page; }
pre { background: #f4f4f4; border: 1px solid #ccc; padding: .6rem; white-space: pre-wrap; font-size: .9em; }
ul.options, ol.prompts { padding-left: 1.6rem; } ul.options { list-style: none; }
.rule, .drawn { color: #444; font-size: .9em; } .explain { margin-left: 1.6rem; font-size: .95em; }
.key { border-left: 3px solid #555; padding-left: .7rem; } img { max-width: 100%; } .line { letter-spacing: .1em; }
@page { size: A4; margin: 18mm; } @media print { body { margin: 0; max-width: none; } }
"""


def write(booklets: Sequence[Booklet], with_key: bool, losses: Losses) -> bytes:
    """All banks as one page, each beginning on a sheet of its own."""
    language = booklets[0].language if booklets else "en"
    title = html.escape(" · ".join(booklet.title for booklet in booklets))
    body = "\n".join(_article(booklet, with_key) for booklet in booklets)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    ).encode()


def _article(booklet: Booklet, with_key: bool) -> str:
    head = (
        word("key", booklet.language) if with_key else f'{word("name", booklet.language)}: <span class="line">{"_" * 30}</span>'
    )
    sections = "\n".join(_section(booklet, card, number, with_key) for number, card in enumerate(booklet.cards, 1))
    return f"<article>\n<h1>{html.escape(booklet.title)}</h1>\n<p>{head}</p>\n{sections}\n</article>"


def _section(booklet: Booklet, card: Card, number: int, with_key: bool) -> str:
    head = f"{word('question', booklet.language)} {number} · {word('points', booklet.language)}: {card.points:g}"
    parts = [f"<h2>{head}</h2>", question_html(card.text, card.code, "mathml")]
    if card.picture:
        parts.append(f'<p><img src="{pictures.data_address(card)}" alt="{html.escape(card.picture.alt)}"></p>')
    parts.append(f'<p class="rule">{html.escape(card.rule)}</p>')
    parts += _options(booklet, card, with_key) if card.choices else _others(booklet, card, with_key)
    if with_key and card.explain:
        parts.append(f'<div class="key">{block(card.explain, "mathml")}</div>')
    return "<section>\n" + "\n".join(parts) + "\n</section>"


def _options(booklet: Booklet, card: Card, with_key: bool) -> Iterator[str]:
    yield '<ul class="options">'
    for choice in card.choices:
        sign = _SIGNS[choice.value] if with_key else ("○" if card.form == "single" else "☐")
        explain = f'<div class="explain">{block(choice.explain, "mathml")}</div>' if with_key and choice.explain else ""
        if with_key and choice.explain_unticked:
            told = f"*({word('unticked', booklet.language)})* {choice.explain_unticked}"
            explain += f'<div class="explain">{block(told, "mathml")}</div>'
        yield f"<li>{sign} {inline(choice.text, 'mathml')}{explain}</li>"
    yield "</ul>"


def _others(booklet: Booklet, card: Card, with_key: bool) -> Iterator[str]:
    shown = laid(booklet, card)
    if card.form == "true_false" and not with_key:
        yield f"<p>○ {word('true', booklet.language)} &nbsp; ○ {word('false', booklet.language)}</p>"
    if shown.prompts:
        yield '<ol class="prompts">' + "".join(f"<li>{inline(text, 'mathml')}</li>" for text in shown.prompts) + "</ol>"
    if shown.choices:
        items = "".join(f"<li>({letter}) {inline(text, 'mathml')}</li>" for letter, text in shown.choices)
        yield f'<ul class="options">{items}</ul>'
    answer = word("answer", booklet.language)
    unit = inline(card.unit, "mathml") if card.unit else ""
    if not with_key:
        if card.form != "true_false":
            yield f'<p>{answer}: <span class="line">{"_" * 20}</span> {unit}</p>'
        return
    yield f'<p class="key"><strong>{answer}:</strong> {html.escape(shown.answer)} {unit}</p>'
    for text, explain in [*explained_answers(card), *((part.text, part.explain) for part in card.items if part.explain)]:
        yield f'<div class="explain">{inline(text, "mathml")}: {inline(explain, "mathml")}</div>'
