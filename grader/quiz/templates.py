"""Fills the placeholders `{{ expression | format }}` of a text with values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grader.quiz.expressions import ExpressionError, Value, evaluate, names_in

PLACEHOLDER = re.compile(r"\{\{([^{}]+)\}\}")
_FORMAT = re.compile(r",?(\.\d{1,2}[feg%])?")
# Grouping that reads the same in all languages of the kit.
_GROUP = "\N{NARROW NO-BREAK SPACE}"


def placeholders(text: str) -> list[str]:
    """The insides of a text's placeholders, in order."""
    return [found.group(1).strip() for found in PLACEHOLDER.finditer(text)]


def names_of(text: str) -> set[str]:
    """The parameters that a text's placeholders need."""
    return {name for inner in placeholders(text) for name in names_in(_split(inner)[0])}


def filled(text: str, values: Mapping[str, Value]) -> str:
    """The text with values in place of placeholders.

    Raises:
        ExpressionError: a placeholder cannot be evaluated or its format is unknown.
    """
    if "{{" not in text:
        return text
    parts: list[str] = []
    at = 0
    for found in PLACEHOLDER.finditer(text):
        source, form = _split(found.group(1).strip())
        value = evaluate(source, values)
        parts += [text[at : found.start()], shown(value) if not form else _formatted(value, form, source)]
        at = found.end()
    return "".join((*parts, text[at:]))


def formats_in(text: str) -> Iterator[str]:
    """Formats of placeholders that are not known."""
    for inner in placeholders(text):
        form = _split(inner)[1]
        if form and not _FORMAT.fullmatch(form):
            yield form


def shown(value: Value) -> str:
    """A value as a reader expects it: whole numbers in full, others with at most six digits."""
    if isinstance(value, tuple):
        inner = ", ".join(shown(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return _plain_exponent(f"{value:.6g}")


def _split(inner: str) -> tuple[str, str]:
    source, _, form = inner.partition("|")
    return source.strip(), form.strip()


def _formatted(value: Value, form: str, source: str) -> str:
    if not _FORMAT.fullmatch(form):
        raise ExpressionError(f"{source!r}: the format {form!r} is none of .3f, .2e, .4g, .1% and a comma for groups")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ExpressionError(f"{source!r}: only a number has a format, {value!r} is none")
    return _plain_exponent(format(value, form).replace(",", _GROUP))


def _plain_exponent(text: str) -> str:
    return re.sub(r"e([+-])0*(\d+)$", lambda found: "e" + found.group(1).replace("+", "") + found.group(2), text)
