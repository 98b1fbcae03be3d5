"""Writes a statement so that its failure is passed over, as a kernel passes on to the next cell."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable

from grader.notebooks.statements import BLOCKS, Statement

_AWAITED = f"__import__('asyncio').run(eval(compile({{text!r}}, '<cell>', 'exec', {ast.PyCF_ALLOW_TOP_LEVEL_AWAIT}), globals()))"


def loadable(statement: Statement) -> str:
    """The statement's text as a module can run it; one that waits at the top level gets a loop of its own."""
    return _AWAITED.format(text=statement.text) if statement.awaits else statement.text


def attempt(statement: Statement, names: Iterable[str]) -> list[tuple[str, bool]] | None:
    """Pieces of source, and whether a piece is the statement's own lines; None where it cannot be written so.

    A call that an exercise forbids is not passed over: whoever loads the module must know of it.

    Parameters:
        statement: at the top level, no definition.
        names: without a value of each of them afterwards, the failure counts.
    """
    needed = "{" + ", ".join(map(repr, sorted(names))) + "}"
    unless = f" or not {needed} <= globals().keys()" if needed != "{}" else ""
    after = f'except Exception as _failed_:\n    if type(_failed_).__name__ == "ForbiddenCall"{unless}: raise'
    if statement.awaits or not isinstance(statement.node, BLOCKS):
        return [("try: " + loadable(statement), True), (after, False)]
    text = _indented(statement)
    return None if text is None else [("try:", False), (text, True), (after, False)]


def _indented(statement: Statement) -> str | None:
    """Its lines one column to the right, but for those that begin within a text."""
    node, first = statement.node, statement.first_line
    inside: set[int] = set()
    for part in ast.walk(node):
        if isinstance(part, (ast.Constant, ast.JoinedStr)) and part.end_lineno is not None:
            inside.update(range(part.lineno + 1, part.end_lineno + 1))
    lines = [line if first + offset in inside else " " + line for offset, line in enumerate(statement.text.split("\n"))]
    text = "\n".join(lines)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = ast.parse(f"if 1:\n{text}").body[0]
            same = isinstance(made, ast.If) and [ast.dump(each) for each in made.body] == [ast.dump(node)]
    except Exception:  # the parser's own limits end in errors of many kinds
        return None
    return text if same else None
