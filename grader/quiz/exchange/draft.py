"""Writes what was read from elsewhere as a draft of a bank; what it lacks is marked with TODO, which `verify` names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import yaml

from grader.quiz.exchange.contract import Card, Choice, Found, Known, Number
from grader.quiz.lint.drafts import TODO
from grader.quiz.model import LANGUAGES

_SAID_ALIKE = re.compile(r"\$[^$]+\$|`[^`]+`")
_LETTER = re.compile(r"[^\W\d_]")


def draft(found: Found, name: str, language: str, topic: str, graded: bool) -> str:
    """A bank file with the questions that were read.

    Parameters:
        name: the bank's, for a title where none was read.
        language: that of the texts; the others are TODO.
    """
    bank: dict[str, Any] = {
        "title": _words(found.title or name, language, alike=False),
        "topic": topic,
        "kind": "graded" if graded else "practice",
        "questions": [_question(card, language) for card in found.cards],
    }
    text = yaml.dump(bank, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=130)
    return f"# yaml-language-server: $schema=quiz.schema.json\n# A draft: `grader quiz verify` names what is still TODO.\n{text}"


def _question(card: Card, language: str) -> dict[str, Any]:
    data: dict[str, Any] = {"id": card.id, "type": card.form, "points": _short(card.points), "difficulty": card.difficulty}
    data |= {"tags": list(card.tags), "source": card.source, "text": _words(card.text or TODO, language, alike=False)}
    data |= {"code": _code(card.code), "scoring": card.scoring}
    if card.picture is not None:
        data["image"] = {"file": str(card.picture.path), "alt": _words(card.picture.alt or TODO, language, alike=False)}
    if card.choices:
        data["options"] = [_option(choice, language) for choice in card.choices]
    if card.truth is not None:
        data["answer"] = card.truth
    if card.answers:
        data["answers"] = [_answer(known, language) for known in card.answers]
    if card.form == "ordering":
        data["items"] = [{"id": item.id, "text": _words(item.text, language)} for item in card.items]
    if card.form == "matching":
        data["pairs"] = [
            {
                "id": item.id,
                "left": _words(item.text, language),
                "right": _words(item.match, language),
                **({"explain": _words(item.explain, language, alike=False)} if item.explain else {}),
            }
            for item in card.items
        ]
        data["distractors"] = [{"id": item.id, "text": _words(item.text, language)} for item in card.distractors]
    if card.unit:
        data["unit"] = _words(card.unit, language)
    if not card.choices and not card.explain:
        data["explain"] = _words(TODO, language, alike=False)
    elif card.explain:
        data["explain"] = _words(card.explain, language, alike=False)
    usual = {"points": 1, "difficulty": 2, "tags": [], "source": "", "code": "", "scoring": "", "distractors": []}
    return {key: value for key, value in data.items() if key not in usual or value != usual[key]}


def _option(choice: Choice, language: str) -> dict[str, Any]:
    data: dict[str, Any] = {"id": choice.id, "text": _words(choice.text, language), "value": choice.value}
    if choice.value == "either":
        data["reason"] = _words(choice.explain or TODO, language, alike=False)
    else:
        data["explain"] = _words(choice.explain or TODO, language, alike=False)
    if choice.explain_unticked:
        data["explain_unticked"] = _words(choice.explain_unticked, language, alike=False)
    return data | ({"fixed": True} if choice.fixed else {})


def _answer(known: Known, language: str) -> dict[str, Any]:
    data: dict[str, Any] = {"forms": list(known.forms)} if known.forms else {"value": _value(known)}
    if known.atol or known.rtol:
        data |= {"atol": known.atol} if known.atol else {"rtol": known.rtol}
    elif not known.forms and not float(data["value"]).is_integer():
        data["atol"] = 0.0  # otherwise half a per cent would be forgiven
    if known.credit != 1:
        data["credit"] = _short(known.credit)
    if known.explain or known.credit < 1:
        data["explain"] = _words(known.explain or TODO, language, alike=False)
    return data


def _value(known: Known) -> Number:
    return known.value if isinstance(known.value, (int, float)) else 0


def _words(text: str, language: str, alike: bool = True) -> Any:
    """A text in one language, TODO in the others; one string where it reads the same in all: a number, a formula, a name."""
    bare = _SAID_ALIKE.sub("", text)
    if alike and text != TODO and (not _LETTER.search(bare) or (language != "en" and text.isascii())):
        return text
    return {each: text if each == language else TODO for each in LANGUAGES}


def _short(number: float | Fraction) -> float | int:
    return int(number) if number == int(number) else round(float(number), 7)


def _code(code: str) -> str:
    return f"{code}\n" if code else ""


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, lists indented as in the banks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _lines(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _lines)


def missing_languages(language: str) -> Iterable[str]:
    """The languages that a draft leaves to be written."""
    return [each for each in LANGUAGES if each != language]
