"""Cuts the part of a module that one exercise rests on: its entry and what the entry uses, with their lines."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

MOST_CHARACTERS = 200_000  # of a part; no honest answer comes near it


class Incomparable(Exception):
    """A module that cannot be looked into; the text says why."""


@dataclass(frozen=True)
class Unit:
    """The part of a module that an exercise rests on.

    Attributes:
        lines: of the whole module.
        body: the statements of the part, in their order.
        spans: their first and last lines, from 1; a first line includes the comments right above it.
    """

    lines: list[str]
    body: list[ast.stmt]
    spans: list[tuple[int, int]]

    def text(self) -> list[tuple[int, str]]:
        """The part's lines with their numbers."""
        return [(number, self.lines[number - 1]) for first, last in self.spans for number in range(first, last + 1)]


def unit_of(source: bytes, entry: str) -> Unit:
    """The part of a module that an entry rests on; the whole module where it defines no such name.

    Raises:
        Incomparable: it is no Python, too large or nested too deeply.
    """
    if len(source) > 10 * MOST_CHARACTERS:
        raise Incomparable(f"larger than {10 * MOST_CHARACTERS // 1_000_000} MB")
    # The parser's own idea of lines is kept: form feeds and the like are no ends of lines to it.
    text = source.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
        chosen = _reached(body, entry)
    except (SyntaxError, ValueError, UnicodeError):
        raise Incomparable("no Python") from None
    except (RecursionError, MemoryError):
        raise Incomparable("nested too deeply") from None
    lines = text.split("\n")
    kept = [node for number, node in enumerate(body) if number in chosen]
    spans = _spans(body, chosen, lines)
    if sum(len(lines[number - 1]) for first, last in spans for number in range(first, last + 1)) > MOST_CHARACTERS:
        raise Incomparable(f"longer than {MOST_CHARACTERS:,} characters")
    return Unit(lines, kept, spans)


def _reached(body: list[ast.stmt], entry: str) -> set[int]:
    binds: dict[str, list[int]] = {}
    for number, node in enumerate(body):
        for name in _bound(node):
            binds.setdefault(name, []).append(number)
    imports = {number for number, node in enumerate(body) if isinstance(node, (ast.Import, ast.ImportFrom))}
    if entry not in binds:
        return set(range(len(body)))
    chosen: set[int] = set()
    todo = list(binds[entry])
    while todo:
        number = todo.pop()
        if number in chosen:
            continue
        chosen.add(number)
        for inner in ast.walk(body[number]):
            if isinstance(inner, ast.Name):
                todo += binds.get(inner.id, ())
    return chosen | imports


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}


def _spans(body: list[ast.stmt], chosen: set[int], lines: list[str]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    before = 0
    for number, node in enumerate(body):
        decorators = getattr(node, "decorator_list", [])
        first = max(before + 1, min([node.lineno, *(one.lineno for one in decorators)]))
        last = max(first, node.end_lineno or first)
        while first - 1 > before and lines[first - 2].lstrip().startswith("#"):
            first -= 1
        if number in chosen and before < last <= len(lines):
            spans.append((first, last))
        before = max(before, last)
    return spans
