"""Fingerprints of a program: short paths along the flow of its values, and the words in it that its author chose."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.similarity.flow import Flow
from grader.similarity.unit import Incomparable, Unit

MOST = 4_000  # fingerprints of one program; of more, those with the smallest checksums are kept, the same ones in every copy
_LEAVES = frozenset({"given", "none"})
_LEAST_COMMENT = 12  # characters
_LEAST_NAME = 4
_MOST_PLACES = 16  # of one fingerprint


@dataclass
class Prints:
    """What of a program is compared.

    Attributes:
        form: fingerprints of what it computes, with the numbers of the operations that each starts at.
        lines: of the operations, by their numbers.
        comments: their text in small letters, with its lines; docstrings count line by line.
        names: that the author gave, with their lines.
        literals: texts and numbers, with their lines.
        operations: how many there are.
    """

    form: dict[str, tuple[int, ...]] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    comments: dict[str, tuple[int, ...]] = field(default_factory=dict)
    names: dict[str, tuple[int, ...]] = field(default_factory=dict)
    literals: dict[str, tuple[int, ...]] = field(default_factory=dict)
    operations: int = 0

    def places(self, keys: Iterable[str]) -> int:
        """At how many operations some of the fingerprints start; one habit makes many of them in one place."""
        return len({number for key in keys for number in self.form[key]})


def prints_of(unit: Unit) -> Prints:
    """The fingerprints of a part of a module.

    Raises:
        Incomparable: it is nested too deeply.
    """
    found = Prints()
    try:
        flow = Flow(unit.body)
        _form(flow, found)
        for node in unit.body:
            _words(node, found)
    except RecursionError:
        raise Incomparable("nested too deeply") from None
    for number, line in _comments(unit):
        text = plain(line)
        if len(text) >= _LEAST_COMMENT:
            _note(found.comments, text, number)
    return found


def plain(text: str) -> str:
    """A comment as it is compared: words in small letters, without signs."""
    return " ".join(re.findall(r"\w+", text.lower()))


def _note(where: dict[str, tuple[int, ...]], key: str, place: int) -> None:
    before = where.get(key, ())
    if len(before) < _MOST_PLACES and place not in before:
        where[key] = (*before, place)


def _form(flow: Flow, found: Prints) -> None:
    """Paths of three and four operations, and each operation with all that it takes."""
    operations = flow.operations
    labels = [operation.label for operation in operations]
    # `taken` of one that only passes values on is never asked for.
    taken = [flow.taken(number) if label else () for number, label in enumerate(labels)]
    form: dict[str, tuple[int, ...]] = {}
    for first, label in enumerate(labels):
        if not taken[first]:
            continue
        below = sorted({labels[second] for second in taken[first]})
        if len(below) > 1 and not _LEAVES.issuperset(below):
            _note(form, f"{label}({','.join(below)})", first)
        for second in taken[first]:
            for third in taken[second]:
                path = f"{label}<{labels[second]}<{labels[third]}"
                _note(form, path, first)
                for fourth in taken[third]:
                    _note(form, f"{path}<{labels[fourth]}", first)
    if len(form) > MOST:
        kept = sorted(form, key=lambda key: (zlib.crc32(key.encode("utf-8", "replace")), key))[:MOST]
        form = {key: form[key] for key in kept}
    found.form = form
    found.lines = tuple(operation.line for operation in operations)
    found.operations = sum(1 for number, label in enumerate(labels) if label and taken[number])


def _words(node: ast.stmt, found: Prints) -> None:
    docstrings: set[int] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            _note_name(found, inner.name, inner.lineno)
            first = inner.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                docstrings.add(id(first.value))
                for number, line in enumerate(first.value.value.split("\n"), first.lineno):
                    text = plain(line)
                    if len(text) >= _LEAST_COMMENT:
                        _note(found.comments, text, number)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            _note_name(found, inner.id, inner.lineno)
        elif isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            _note_name(found, inner.attr, inner.lineno)
        elif isinstance(inner, ast.arg):
            _note_name(found, inner.arg, inner.lineno)
        elif isinstance(inner, ast.Constant) and id(inner) not in docstrings:
            _note_literal(found, inner)


def _note_name(found: Prints, name: str, line: int) -> None:
    if len(name) >= _LEAST_NAME and not name.startswith("__"):
        _note(found.names, name, line)


def _note_literal(found: Prints, node: ast.Constant) -> None:
    value = node.value
    if isinstance(value, str) and len(plain(value)) >= _LEAST_NAME:
        _note(found.literals, plain(value)[:200], node.lineno)
    # Python does not write out whole numbers of thousands of digits.
    elif isinstance(value, float) or (type(value) is int and 3 < value.bit_length() < 200):
        _note(found.literals, repr(value), node.lineno)


def _comments(unit: Unit) -> list[tuple[int, str]]:
    lines = unit.text()
    numbers = [number for number, _ in lines]
    text = "".join(f"{line}\n" for _, line in lines)
    found: list[tuple[int, str]] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and token.start[0] <= len(numbers):
                found.append((numbers[token.start[0] - 1], token.string))
    except (tokenize.TokenError, SyntaxError):
        pass  # the parser took it; what the tokeniser read until here is kept
    return found
