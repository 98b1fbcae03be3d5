"""Compares the languages of a text: the same numbers, formulas, code and placeholders, each in its own writing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from grader.catalog.manifest import Text
from grader.quiz.lint.findings import Finding, error
from grader.quiz.model import LANGUAGES, AnyQuestion
from grader.quiz.templates import PLACEHOLDER
from grader.quiz.texts import texts_of

_CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$]+\$", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]*)\)")
_WORDS_IN_FORMULA = re.compile(r"\\(text|mathrm|operatorname|textbf|textit)\s*\{[^{}]*\}")
_GAP = "[, \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]"
_GROUPED = re.compile(rf"(?<!\d)[1-9]\d{{0,2}}(?:{_GAP}\d{{3}}(?!\d))+(?:[.,]\d+)?")
_NUMBER = re.compile(_GROUPED.pattern + r"|\d+(?:[.,]\d+)*")
_PROSE = re.compile(r"[a-z]{3,}")
_WRITING = {"ru": ("CYRILLIC", "Cyrillic"), "hi": ("DEVANAGARI", "Devanagari")}


def drift(question: AnyQuestion) -> Iterator[Finding]:
    """Where the languages of a question say different things."""
    for place, text in texts_of(question):
        if text.en == text.ru == text.hi:
            continue
        yield from _compared(question.id, place, text)
        yield from _writing(question.id, place, text)


def _compared(question: str, place: str, text: Text) -> Iterator[Finding]:
    parts = {language: _parts(text.get(language)) for language in LANGUAGES}
    for language in LANGUAGES[1:]:
        for kind, ours in parts["en"].items():
            theirs = parts[language][kind]
            if ours != theirs:
                # Told as sets of differences: the rest of the text agrees.
                only_en, only_other = sorted((ours - theirs).elements()), sorted((theirs - ours).elements())
                what = f"{place}: {kind} differ: en {_listed(only_en)}, {language} {_listed(only_other)}"
                yield error(question, what, f"say the same in {language}")


def _listed(items: list[str]) -> str:
    return " ".join(items) if items else "none"


def _parts(text: str) -> dict[str, Counter[str]]:
    """What must be the same in all languages."""
    placeholders = ["".join(found.split()) for found in PLACEHOLDER.findall(text)]
    text = PLACEHOLDER.sub(" ", text)
    pictures = _PICTURE.findall(text)
    text = _PICTURE.sub(" ", text)
    code = [" ".join(found.strip("`").split()) for found in _CODE.findall(text)]
    text = _CODE.sub(" ", text)
    formulas = [_bare_formula(found) for found in _FORMULA.findall(text)]
    text = _FORMULA.sub(" ", text)
    numbers = [_number(found) for found in _NUMBER.findall(_latin_digits(text))]
    return {
        "placeholders": Counter(placeholders),
        "pictures": Counter(pictures),
        "code": Counter(code),
        "formulas": Counter(formulas),
        "numbers": Counter(numbers),
    }


def _bare_formula(formula: str) -> str:
    """A formula without what a language may change: words in it, spaces, the decimal sign."""
    formula = _WORDS_IN_FORMULA.sub("…", formula.strip("$"))
    formula = re.sub(r"(?<=\d)(\{,\}|\\,(?=\d{3}))", lambda found: "." if found.group() == "{,}" else "", formula)
    return re.sub(r"\\[,;: !]|\s+", "", _latin_digits(formula))


def _number(written: str) -> str:
    if _GROUPED.fullmatch(written):
        whole, sign, rest = re.sub(rf"(?<=\d){_GAP}(?=\d{{3}}(?!\d))", "", written).partition(".")
        return whole + sign + rest
    return written.replace(",", ".")


def _latin_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text)


def _writing(question: str, place: str, text: Text) -> Iterator[Finding]:
    """A sentence in another language that holds no letter of its writing was not translated."""
    english = " ".join(_PROSE.findall(_FORMULA.sub(" ", _CODE.sub(" ", PLACEHOLDER.sub(" ", text.en)))))
    if len(english.split()) < 2:
        return
    for language, (name, shown) in _WRITING.items():
        if not any(name in unicodedata.name(sign, "") for sign in text.get(language)):
            yield error(question, f"{place}.{language}: not a letter of {shown} in it", "translate it")
