"""Reads Moodle XML."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import PurePosixPath

from lxml import etree

from grader.catalog.problems import CourseError
from grader.quiz.exchange import markup
from grader.quiz.exchange.answers import grouped, ticks
from grader.quiz.exchange.contract import Card, Found, Known, Part
from grader.quiz.exchange.credits import exact
from grader.quiz.exchange.names import card_id, unique_ids

_ORDER_RULES = {"ALL_OR_NOTHING": "all", "-1": "all", "ABSOLUTE_POSITION": "position", "0": "position"}
_FORMS = {
    "multichoice": "single",
    "truefalse": "true_false",
    "shortanswer": "text",
    "numerical": "numeric",
    "matching": "matching",
    "ordering": "ordering",
}


def read(source: bytes) -> Found:
    """The questions of a Moodle XML file, and what was not understood.

    Raises:
        CourseError: it is not XML, not Moodle's, or declares a document type, which may hide an attack.
    """
    root = _parsed(source)
    if root.tag != "quiz":
        raise CourseError(f"the file begins with <{root.tag}>; Moodle XML begins with <quiz>")
    found = Found()
    for number, node in enumerate(root.findall("question"), 1):
        kind = node.get("type", "")
        line = node.sourceline or 0
        if kind == "category":
            path = (node.findtext("category/text") or "").replace("//", "\ue000")
            found.title = found.title or path.rpartition("/")[2].replace("\ue000", "/")
        elif kind not in _FORMS:
            found.missed(line, f"{_name(node)!r}: questions of the type {kind!r} are not known here; it is left out")
        else:
            _read_question(node, kind, number, line, found)
    unique_ids(found)
    return found


def _parsed(source: bytes) -> etree._Element:
    # A document type is where entities that grow without end, and addresses to fetch, are declared.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise CourseError(f"not valid XML: {error.msg}") from None
    if root.getroottree().docinfo.doctype:
        raise CourseError("the file declares a document type (<!DOCTYPE …>), which Moodle never writes; it is refused")
    return root


def _read_question(node: etree._Element, kind: str, number: int, line: int, found: Found) -> None:
    text, code = markup.split_code(_html(node.find("questiontext")))
    tags = [tag.findtext("text") or "" for tag in node.findall("tags/tag")]
    kept = tuple(tag for tag in tags if tag and not tag.startswith(("difficulty:", "source:")))
    given = (node.findtext("idnumber") or "").strip()
    points = _number(node.findtext("defaultgrade"), 1.0)
    level = _tagged(tags, "difficulty")
    card = Card(
        id=card_id(given or _name(node), number, bool(given)),
        form="single",
        text=_markdown(text, node.find("questiontext")),
        points=points if 0 < points <= 1000 else 1.0,
        difficulty=int(level) if level in ("1", "2", "3") else 2,
        tags=kept,
        source=_tagged(tags, "source"),
        code=code,
        explain=_text(node.find("generalfeedback")),
        line=line,
    )
    if node.find("questiontext/file") is not None:
        names = ", ".join(PurePosixPath(file.get("name", "")).name for file in node.findall("questiontext/file"))
        found.missed(
            line, f"{_name(node)!r}: the files {names} are not taken over; put them into quizzes/ and name them in `image`"
        )
    changes = _READERS[kind](node, card, found)
    if changes is None:
        return
    data = {**card.__dict__, "form": _FORMS[kind], **changes}
    if not data["text"] and not code:
        found.missed(line, f"{_name(node)!r}: it has no text; it is left out")
        return
    found.cards.append(Card(**data))


def _multichoice(node: etree._Element, card: Card, found: Found) -> dict[str, object] | None:
    single = (node.findtext("single") or "true").strip() in ("true", "1")
    options = [(_text(answer), _fraction(answer), _text(answer.find("feedback"))) for answer in node.findall("answer")]
    fixed = (node.findtext("shuffleanswers") or "true").strip() in ("false", "0")
    return ticks(card, options, single, fixed, found)


def _truefalse(node: etree._Element, card: Card, found: Found) -> dict[str, object] | None:
    right = [answer for answer in node.findall("answer") if _fraction(answer) == 1]
    explains = [card.explain, *(_text(answer.find("feedback")) for answer in node.findall("answer"))]
    if len(right) != 1:
        found.missed(card.line, f"{card.id}: neither true nor false has 100 %; it is left out")
        return None
    truth = (right[0].findtext("text") or "").strip().casefold() in ("true", "1")
    return {"truth": truth, "explain": "\n\n".join(filter(None, explains))}


def _shortanswer(node: etree._Element, card: Card, found: Found) -> dict[str, object] | None:
    if (node.findtext("usecase") or "0").strip() == "1":
        found.missed(card.line, f"{card.id}: case mattered there and does not here")
    known = []
    for answer in node.findall("answer"):
        form = (answer.findtext("text") or "").strip()
        if re.search(r"(?<!\\)\*", form):
            found.missed(
                answer.sourceline or card.line, f"{card.id}: the pattern {form!r}: a star for any text is not known here"
            )
            continue
        known.append(Known(None, (form.replace("\\*", "*"),), _fraction(answer), explain=_text(answer.find("feedback"))))
    return grouped(card, known, found)


def _numerical(node: etree._Element, card: Card, found: Found) -> dict[str, object] | None:
    known = []
    for answer in node.findall("answer"):
        told = (answer.findtext("text") or "").strip()
        value = _read_number(told)
        if value is None:
            found.missed(answer.sourceline or card.line, f"{card.id}: the answer {told!r} is no number; it is left out")
            continue
        margin = _number(answer.findtext("tolerance"), 0.0)
        whole = int(value) if value.is_integer() else value
        known.append(Known(whole, (), _fraction(answer), atol=margin, explain=_text(answer.find("feedback"))))
    answers = grouped(card, known, found)
    return {**answers, "unit": node.findtext("units/unit/unit_name") or ""} if answers else None


def _matching(node: etree._Element, card: Card, found: Found) -> dict[str, object] | None:
    pairs: list[Part] = []
    others: list[Part] = []
    for sub in node.findall("subquestion"):
        left, right = _text(sub), _menu(sub.findtext("answer/text") or "")
        (pairs if left else others).append(Part("", left or right, right if left else ""))
    if len(pairs) < 2:
        found.missed(card.line, f"{card.id}: a matching needs two pairs; it is left out")
        return None
    return {"items": tuple(pairs), "distractors": tuple(others), "scoring": "each"}


def _ordering(node: etree._Element, card: Card, found: Found) -> dict[str, object] | None:
    answers = sorted(node.findall("answer"), key=lambda answer: _number(answer.get("fraction"), 0.0))
    if len(answers) < 3:
        found.missed(card.line, f"{card.id}: an order needs three items; it is left out")
        return None
    rule = (node.findtext("gradingtype") or "").strip()
    if rule not in _ORDER_RULES and rule not in ("RELATIVE_NEXT_EXCLUDE_LAST", "1"):
        found.missed(card.line, f"{card.id}: the rule {rule or 'that is not named'} becomes `adjacent`")
    return {"items": tuple(Part("", _text(answer)) for answer in answers), "scoring": _ORDER_RULES.get(rule, "adjacent")}


_READERS = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
}


def _name(node: etree._Element) -> str:
    return (node.findtext("name/text") or "").strip()


def _html(node: etree._Element | None) -> str:
    return (node.findtext("text") or "") if node is not None else ""


def _text(node: etree._Element | None) -> str:
    return _markdown(_html(node), node)


def _markdown(text: str, node: etree._Element | None) -> str:
    form = node.get("format", "html") if node is not None else "html"
    return text.strip() if form in ("markdown", "plain_text") else markup.markdown(text)


def _menu(text: str) -> str:
    return re.sub(r"\\\((.+?)\\\)", r"$\1$", text).strip()


def _fraction(node: etree._Element) -> Fraction:
    try:
        return exact((node.get("fraction") or "0").strip())
    except (ValueError, ZeroDivisionError):
        return Fraction(0)


def _number(text: str | None, otherwise: float) -> float:
    value = _read_number(text)
    return otherwise if value is None else value


def _read_number(text: str | None) -> float | None:
    try:
        value = float((text or "").strip().replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None


def _tagged(tags: list[str], kind: str) -> str:
    return next((tag.partition(":")[2] for tag in tags if tag.startswith(f"{kind}:")), "")
