"""Writes Moodle XML."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from fractions import Fraction

from lxml import etree

from grader.quiz.exchange import markup
from grader.quiz.exchange.archive import as_xml
from grader.quiz.exchange.contract import Booklet, Card, Losses
from grader.quiz.exchange.credits import answer_fraction, choice_losses, draw_loss, percent, shuffles, tick_fractions
from grader.quiz.exchange.pictures import content
from grader.quiz.exchange.spellings import accepted, forms_of

_ORDER_RULES = {"adjacent": "RELATIVE_NEXT_EXCLUDE_LAST", "position": "ABSOLUTE_POSITION", "all": "ALL_OR_NOTHING"}


def write(booklets: Sequence[Booklet], with_key: bool, losses: Losses) -> bytes:
    """The banks as one file, a category each; the key is always in it."""
    quiz = etree.Element("quiz")
    for booklet in booklets:
        category = etree.SubElement(quiz, "question", type="category")
        _text(etree.SubElement(category, "category"), f"$course$/top/{booklet.title.replace('/', '//')}")
        _html(category, "info", "")
        etree.SubElement(category, "idnumber").text = booklet.id
        for card in booklet.cards:
            draw_loss(booklet, card, losses)
            quiz.append(_question(booklet, card, losses))
    etree.indent(quiz)
    return as_xml(quiz)


def _question(booklet: Booklet, card: Card, losses: Losses) -> etree._Element:
    kind = {
        "single": "multichoice",
        "multiple": "multichoice",
        "true_false": "truefalse",
        "numeric": "shortanswer" if card.is_tuple else "numerical",
        "text": "shortanswer",
        "ordering": "ordering",
        "matching": "matching",
    }[card.form]
    node = etree.Element("question", type=kind)
    _text(etree.SubElement(node, "name"), card.id)
    question = _html(node, "questiontext", markup.question_html(card.text, card.code, "brackets"))
    _picture(question, card)
    explain = [card.explain, *(f"{part.text}: {part.explain}" for part in card.items if part.explain)]
    _html(node, "generalfeedback", markup.block("\n\n".join(filter(None, explain)), "brackets"))
    _plain(node, "defaultgrade", f"{card.points:g}")
    _plain(node, "penalty", "0")
    _plain(node, "hidden", "0")
    _plain(node, "idnumber", card.id)
    if kind == "multichoice":
        _choices(node, booklet, card, losses)
    elif kind == "truefalse":
        _true_false(node, card)
    elif kind == "ordering":
        _ordering(node, card)
    elif kind == "matching":
        _matching(node, booklet, card, losses)
    else:
        _answers(node, booklet, card, losses)
    _tags(node, card)
    return node


def _choices(node: etree._Element, booklet: Booklet, card: Card, losses: Losses) -> None:
    choice_losses(booklet, card, losses)
    shuffled = shuffles(card.choices)
    if shuffled and any(choice.fixed for choice in card.choices):
        losses.add(booklet, card, "fixed options are shuffled with the others: Moodle shuffles all or none")
    _plain(node, "single", "true" if card.form == "single" else "false")
    _plain(node, "shuffleanswers", "true" if shuffled else "false")
    _plain(node, "answernumbering", "abc")
    _plain(node, "showstandardinstruction", "0")
    if card.form == "multiple":
        parts = tick_fractions(booklet, card, losses)
    else:
        parts = {choice.id: Fraction(choice.value == "right") for choice in card.choices}
    for choice in card.choices:
        _answer(node, parts[choice.id], markup.inline(choice.text, "brackets"), choice.explain)


def _true_false(node: etree._Element, card: Card) -> None:
    for word in ("true", "false"):
        answer = _answer(node, Fraction((word == "true") == card.truth), word, "", "moodle_auto_format")
        answer[0].text = word


def _answers(node: etree._Element, booklet: Booklet, card: Card, losses: Losses) -> None:
    if card.form == "text" or card.is_tuple:
        _plain(node, "usecase", "0")
        if card.is_tuple:
            losses.add(booklet, card, "the tuple is compared as text: only the usual spellings count, and no tolerance")
    for known in card.answers:
        credit = answer_fraction(booklet, card, known.credit, losses)
        if card.form == "text" or card.is_tuple:
            for form in forms_of(card, known):
                # A star stands for anything.
                _answer(node, credit, form.replace("*", "\\*"), known.explain, "moodle_auto_format", plain=True)
            continue
        value, margin = accepted(known)
        answer = _answer(node, credit, value, known.explain, "moodle_auto_format", plain=True)
        _plain(answer, "tolerance", margin)
    if card.form == "numeric" and not card.is_tuple:
        _unit(node, booklet, card, losses)


def _unit(node: etree._Element, booklet: Booklet, card: Card, losses: Losses) -> None:
    _plain(node, "unitgradingtype", "0")
    _plain(node, "unitpenalty", "0")
    _plain(node, "showunits", "0" if card.unit else "3")
    _plain(node, "unitsleft", "0")
    if card.unit:
        unit = etree.SubElement(etree.SubElement(node, "units"), "unit")
        _plain(unit, "multiplier", "1")
        _plain(unit, "unit_name", markup.plain(card.unit))


def _ordering(node: etree._Element, card: Card) -> None:
    _plain(node, "layouttype", "VERTICAL")
    _plain(node, "selecttype", "ALL")
    _plain(node, "selectcount", str(len(card.items)))
    _plain(node, "gradingtype", _ORDER_RULES[card.scoring])
    _plain(node, "showgrading", "SHOW")
    _plain(node, "numberingstyle", "none")
    for number, item in enumerate(card.items, 1):
        answer = etree.SubElement(node, "answer", fraction=str(number), format="html")
        etree.SubElement(answer, "text").text = etree.CDATA(markup.inline(item.text, "brackets"))


def _matching(node: etree._Element, booklet: Booklet, card: Card, losses: Losses) -> None:
    matching_losses(booklet, card, losses)
    _plain(node, "shuffleanswers", "true")
    for part in card.items:
        sub = _html(node, "subquestion", markup.inline(part.text, "brackets"))
        _text(etree.SubElement(sub, "answer"), markup.plain(part.match))
    for part in card.distractors:
        sub = _html(node, "subquestion", "")
        _text(etree.SubElement(sub, "answer"), markup.plain(part.text))


def matching_losses(booklet: Booklet, card: Card, losses: Losses) -> None:
    """What menus and shares cannot say of a matching; the same in GIFT and Canvas."""
    if card.scoring != "each":
        losses.add(booklet, card, f"scoring {card.scoring!r} becomes 'each': every right pair earns its share")
    if any(markup.has_markup(text) for text in (*(p.match for p in card.items), *(p.text for p in card.distractors))):
        losses.add(booklet, card, "formulas on the right side show as LaTeX source: the menu holds plain text")


def _answer(
    node: etree._Element, credit: Fraction, text: str, explain: str, form: str = "html", plain: bool = False
) -> etree._Element:
    answer = etree.SubElement(node, "answer", fraction=percent(credit), format=form)
    etree.SubElement(answer, "text").text = text if plain else etree.CDATA(text)
    _html(answer, "feedback", markup.block(explain, "brackets"))
    return answer


def _picture(question: etree._Element, card: Card) -> None:
    if card.picture is None:
        return
    data = content(card)
    name = card.picture.path.name
    image = etree.Element("img", src=f"@@PLUGINFILE@@/{name}", alt=card.picture.alt)
    text = question.find("text")
    assert text is not None  # for the type checker; it was written just before
    text.text = etree.CDATA(f"{text.text}\n<p>{etree.tostring(image, encoding='unicode', method='html')}</p>")
    file = etree.SubElement(question, "file", name=name, path="/", encoding="base64")
    file.text = base64.b64encode(data).decode()


def _tags(node: etree._Element, card: Card) -> None:
    tags = etree.SubElement(node, "tags")
    for tag in (*card.tags, f"difficulty:{card.difficulty}", *([f"source:{card.source}"] if card.source else [])):
        _text(etree.SubElement(tags, "tag"), tag)


def _html(node: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(node, name, format="html")
    etree.SubElement(child, "text").text = etree.CDATA(text) if text else None
    return child


def _text(node: etree._Element, text: str) -> None:
    etree.SubElement(node, "text").text = text


def _plain(node: etree._Element, name: str, text: str) -> None:
    etree.SubElement(node, name).text = text
