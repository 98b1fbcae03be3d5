"""What the judge says, in the language of the reader.

A record holds the judge's sentences in English, whatever the language, so that it can be repeated bit for bit and compared.
As with gettext, the English sentence is the key of its translations.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from grader.report.sentences import SENTENCES
from grader.report.words import words

# What a value may be; any text where nothing is said.
_PATTERNS = {
    "n": r"[\d,]+",
    "m": r"[\d,]+",
    "number": r"-?[\d.,e+-]+",
    "name": r"[\w.`]+",
    "type": r"[\w.<>]+",
    "file": r"[^:\n]+?",
    "place": r"(?:\[[^\]]*\])+",
    "shape": r"\([\d, ]*\)",
    "where": r"(?:cell \d+, )?line \d+",
    "how": r"an? [a-z ]+",
}
# Values that are sentences of the judge themselves.
_AGAIN = frozenset({"kind", "wanted", "rest", "inner", "where", "how"})
_LONGEST = 1_000
_HOLE = re.compile(r"\{(\w+)\}")
_LABELS = ("returned  ", "expected  ")
_INDENT = " " * 10
# Nothing of the judge's follows these in a message, and what an exception says may have lines of its own.
_TO_THE_END = ("your code raised ", "the file cannot be loaded: ", "the call was refused: ")


def translated(text: str, language: str) -> str | None:
    """One sentence of the judge in a language; None where it is no such sentence, and in English."""
    if language not in ("ru", "hi") or len(text) > _LONGEST:
        return None
    for pattern, forms in _table():
        found = pattern.fullmatch(text)
        if found is not None:
            return _filled(forms[language], found.groupdict(), language)
    return None


def pieces(message: str, language: str) -> Iterator[tuple[str, bool]]:
    """A message in parts, each with whether it was put into the language: a call or an author's sentence stays as it is.

    Parameters:
        message: of a test, a reason or a note of a record.
        language: en leaves all as it is.
    """
    for part in _parts(message):
        yield _piece(part, language)


def without_values(message: str) -> str:
    """A message without what came back and what was expected, for where both are drawn."""
    return "\n".join("\n".join(part) for part in _parts(message) if not part[0].startswith(_LABELS))


def _parts(message: str) -> Iterator[list[str]]:
    """The lines of a message, those together that belong together."""
    lines = message.split("\n")
    while lines:
        first = lines.pop(0)
        part = [first]
        if first.startswith(_TO_THE_END):
            part += lines
            lines = []
        elif first.startswith(_LABELS):
            while lines and lines[0].startswith(_INDENT):
                part.append(lines.pop(0))
        yield part


def told(message: str, language: str) -> str:
    """A message of the judge as text in a language."""
    return "\n".join(text for text, _ in pieces(message, language))


def _piece(lines: list[str], language: str) -> tuple[str, bool]:
    text = "\n".join(lines)
    if language not in ("ru", "hi"):
        return text, False
    if lines[0].startswith(_LABELS):
        w = words(language)
        label = w.returned if lines[0].startswith(_LABELS[0]) else w.expected
        value = [line[len(_INDENT) :] for line in lines]
        value = [translated(value[0], language) or value[0]] if len(value) == 1 else value
        # Below the label, arrays keep their columns however wide its letters are.
        return "\n".join([f"{label}:", *value]) if len(value) > 1 else f"{label}: {value[0]}", True
    found = translated(text, language)
    return (text, False) if found is None else (found, True)


def _filled(form: str, values: dict[str, str], language: str) -> str:
    def value(hole: re.Match[str]) -> str:
        name = hole[1]
        if name == "all":
            return ", ".join(translated(each, language) or each for each in values[name].split(", "))
        return translated(values[name], language) or values[name] if name in _AGAIN else values[name]

    return _HOLE.sub(value, form)


@functools.cache
def _table() -> tuple[tuple[re.Pattern[str], dict[str, str]], ...]:
    return tuple((_pattern(english), {"ru": russian, "hi": hindi}) for english, russian, hindi in SENTENCES)


def _pattern(english: str) -> re.Pattern[str]:
    parts = _HOLE.split(english)
    text = [
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>{_PATTERNS.get(part, '.+?')})" for place, part in enumerate(parts)
    ]
    return re.compile("".join(text), re.DOTALL)
