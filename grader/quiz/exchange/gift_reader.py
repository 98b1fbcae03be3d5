"""Reads GIFT, Moodle's text format."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from grader.catalog.problems import CourseError
from grader.quiz.exchange import markup
from grader.quiz.exchange.answers import Changes, grouped, ticks
from grader.quiz.exchange.contract import Card, Found, Known, Part
from grader.quiz.exchange.credits import exact
from grader.quiz.exchange.names import card_id, unique_ids

# Escaped signs become ones that no text holds, and are themselves again in the end.
_SIGNS = "\\~=#{}:[]%"
_HIDDEN = {sign: chr(0xE100 + number) for number, sign in enumerate(_SIGNS)}
_SHOWN = str.maketrans({hidden: sign for sign, hidden in _HIDDEN.items()})
_NUMBER = r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?"
_SHARE = re.compile(rf"%({_NUMBER})%")


@dataclass
class _Block:
    """A question as it stands in the file."""

    line: int
    text: str
    comments: str


@dataclass
class _Piece:
    """An answer: its sign, share, text and feedback."""

    sign: str
    share: Fraction | None
    text: str
    explain: str


def read(source: str) -> Found:
    """The questions of a GIFT file, and what was not understood."""
    found = Found()
    blocks = _blocks(markup.without_private(source), found)
    for number, block in enumerate(blocks, 1):
        try:
            card = _card(block, number, found)
        except CourseError as error:
            found.missed(block.line, f"{block.text.strip()[:50]!r}: {error}; it is left out")
            continue
        if card is not None:
            found.cards.append(card)
    unique_ids(found)
    return found


def _blocks(source: str, found: Found) -> list[_Block]:
    """Questions stand between empty lines; an empty line within braces parts nothing."""
    blocks: list[_Block] = []
    current = _Block(0, "", "")
    for number, line in enumerate([*source.removeprefix("\ufeff").splitlines(), ""], 1):
        if line.lstrip().startswith("//"):
            current.comments += line
        elif line.startswith("$CATEGORY:"):
            found.title = found.title or re.split(r"(?<!/)/(?!/)", line.partition(":")[2].strip())[-1].replace("//", "/")
        elif line.strip():
            current.line = current.line or number
            current.text += line + "\n"
        elif current.text and not _is_open(current.text):
            blocks.append(current)
            current = _Block(0, "", "")
    if current.text:
        found.missed(current.line, f"{current.text.strip()[:50]!r}: a brace is never closed; what follows is left out")
    return blocks


def _is_open(text: str) -> bool:
    bare = re.sub(r"\\.", "", text)
    return bare.count("{") > bare.count("}")


def _card(block: _Block, number: int, found: Found) -> Card | None:
    text = re.sub(r"\\([\\~=#{}:\[\]%])", lambda sign: _HIDDEN[sign.group(1)], block.text).replace("\\n", "\n")
    title = re.match(r"\s*::(.*?)::", text, re.DOTALL)
    name = _plain(title.group(1)) if title else ""
    text = text[title.end() :] if title else text
    parts = re.match(r"(.*?)\{(.*?)\}(.*)", text, re.DOTALL)
    if not parts:
        raise CourseError("there are no answers in braces: a description")
    form, before = _format(parts.group(1), "moodle")
    gap = f"{before.rstrip()} _____ {parts.group(3).strip()}" if parts.group(3).strip() else before
    question, code = markup.split_code(gap.translate(_SHOWN)) if form in ("html", "moodle") else (gap.translate(_SHOWN), "")
    body, _, general = parts.group(2).partition("####")
    tags = re.findall(r"\[tag:([^\]]+)\]", block.comments)
    named = re.search(r"\[id:([^\]]+)\]", block.comments)
    level = next((tag.partition(":")[2] for tag in tags if tag.startswith("difficulty:")), "")
    card = Card(
        id=card_id(named.group(1) if named else name, number, bool(named)),
        form="single",
        text=_read(question, form),
        difficulty=int(level) if level in ("1", "2", "3") else 2,
        tags=tuple(tag for tag in tags if not tag.startswith(("difficulty:", "source:"))),
        source=next((tag.partition(":")[2] for tag in tags if tag.startswith("source:")), ""),
        code=code,
        explain=_text(general, form),
        line=block.line,
    )
    if not card.text and not card.code:
        raise CourseError("it has no text")
    changes = _answers(card, body.strip(), form, found)
    return replace(card, **changes) if changes is not None else None


def _answers(card: Card, body: str, form: str, found: Found) -> Changes | None:
    truth = re.fullmatch(r"(T|TRUE|F|FALSE)\s*(?:#(.*))?", body, re.DOTALL | re.IGNORECASE)
    if not body:
        raise CourseError("there is nothing in the braces: an essay")
    if truth:
        told = [_text(part, form) for part in (truth.group(2) or "").split("#")]
        explain = "\n\n".join(filter(None, (card.explain, *told)))
        return {"form": "true_false", "truth": truth.group(1)[0].upper() == "T", "explain": explain}
    if body.startswith("#"):
        return _numeric(card, body[1:].strip(), form, found)
    pieces = _pieces(body)
    if not pieces:
        raise CourseError("no answer in the braces begins with = or ~")
    if all("->" in piece.text for piece in pieces):
        return _matching(pieces, form)
    if any(piece.sign == "~" for piece in pieces):
        single = any(piece.sign == "=" for piece in pieces)
        options = [(_text(piece.text, form), _share(piece), _text(piece.explain, form)) for piece in pieces]
        return ticks(card, options, single, False, found)
    known = [
        Known(None, (_plain(piece.text).replace("\\*", "*"),), _share(piece), explain=_text(piece.explain, form))
        for piece in pieces
    ]
    answers = grouped(card, known, found)
    return {"form": "text", **answers} if answers else None


def _numeric(card: Card, body: str, form: str, found: Found) -> Changes | None:
    pieces = _pieces(body) if re.match(r"[=~]", body) else [_Piece("=", None, *_cut(body))]
    known = []
    for piece in pieces:
        told = _plain(piece.text).replace(",", ".")
        between = re.fullmatch(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})", told)
        around = re.fullmatch(rf"({_NUMBER})\s*(?::\s*({_NUMBER}))?", told)
        if between:
            low, high = float(between.group(1)), float(between.group(2))
            value, margin = (low + high) / 2, abs(high - low) / 2
        elif around:
            value, margin = float(around.group(1)), abs(float(around.group(2) or 0))
        else:
            found.missed(card.line, f"{card.id}: the answer {told!r} is no number; it is left out")
            continue
        whole = int(value) if value.is_integer() and abs(value) < 1e15 else value
        known.append(Known(whole, (), _share(piece), atol=margin, explain=_text(piece.explain, form)))
    answers = grouped(card, known, found)
    return {"form": "numeric", **answers} if answers else None


def _matching(pieces: list[_Piece], form: str) -> Changes:
    items = []
    for piece in pieces:
        left, _, right = piece.text.partition("->")
        items.append(Part("", _text(left, form), re.sub(r"\\\((.+?)\\\)", r"$\1$", _plain(right))))
    if len(items) < 2 or not all(item.text and item.match for item in items):
        raise CourseError("a matching needs two pairs, each with both sides")
    return {"form": "matching", "items": tuple(items), "scoring": "each"}


def _pieces(body: str) -> list[_Piece]:
    found = []
    for part in re.finditer(r"([=~])([^=~]*)", body):
        text = part.group(2).strip()
        share = _SHARE.match(text)
        text, explain = _cut(text[share.end() :] if share else text)
        found.append(_Piece(part.group(1), exact(share.group(1).replace(",", ".")) if share else None, text, explain))
    return found


def _cut(text: str) -> tuple[str, str]:
    answer, _, explain = text.partition("#")
    return answer.strip(), explain.strip()


def _share(piece: _Piece) -> Fraction:
    """The share of an answer; one that is not given is all or nothing."""
    if piece.share is not None:
        return piece.share
    return Fraction(piece.sign == "=")


def _format(text: str, otherwise: str) -> tuple[str, str]:
    found = re.match(r"\s*\[(html|markdown|plain|moodle)\]", text)
    return (found.group(1), text[found.end() :]) if found else (otherwise, text)


def _text(text: str, form: str) -> str:
    form, text = _format(text, form)
    return _read(text.translate(_SHOWN), form)


def _read(text: str, form: str) -> str:
    if form == "html" or (form == "moodle" and re.search(r"</?[a-z][^>]*>|&\w+;|\\\(", text, re.IGNORECASE)):
        return markup.markdown(text)
    return text.strip()


def _plain(text: str) -> str:
    return text.translate(_SHOWN).strip()
