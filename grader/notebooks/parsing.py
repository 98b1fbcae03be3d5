"""Parses the cells of one file into statements; what does not parse is set aside with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from grader.notebooks.bytecode import compiled
from grader.notebooks.cells import CodeCell
from grader.notebooks.joining import joined_cells
from grader.notebooks.magics import body_of, exported_cell, python_of, written_by
from grader.notebooks.statements import IMPORTS, Statement

MOST_TEXT = 4 << 20  # characters of code in one file; the judge takes a fourth of that
_MOST_STATEMENTS = 4_000  # following names costs their square
_MOST_IN_A_CELL = 3_000
_LONGEST_CELL = 1 << 20
_MOST_TRIES = 3_000_000
_LONGEST_PIECE = 40
_BEGINS = re.compile(r"(?!else\b|elif\b|except\b|finally\b|case\b)[^\s#)\]}]")
_NAMED = re.compile(r"^[ \t]*(?:async\s+)?(?:def|class)\s+([^\W\d]\w*)|^([^\W\d]\w*)\s*(?::[^=\n]*)?=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Broken:
    """A piece of a cell that is no Python.

    Attributes:
        cell: where it stands.
        line: of the error, in the cell.
        message: what Python says.
        names: that it would have bound.
        place: how many statements of the file stand before it.
    """

    cell: CodeCell
    line: int
    message: str
    names: frozenset[str]
    place: int


@dataclass
class Parsed:
    """The statements of one file, and what could not be read.

    Attributes:
        statements: in order.
        broken: pieces that are no Python.
        outside: statements that only a notebook can run and that bind nothing, such as an `await`.
        too_long: cells that were not looked at.
        future: whether annotations are texts.
        modules: texts that cells write into Python files, by path.
        joined: cells that were split, with the last one that belongs to them.
    """

    statements: list[Statement] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    outside: list[Statement] = field(default_factory=list)
    too_long: list[CodeCell] = field(default_factory=list)
    future: bool = False
    modules: dict[str, str] = field(default_factory=dict)
    joined: list[tuple[CodeCell, CodeCell]] = field(default_factory=list)


def parse(cells: Sequence[CodeCell]) -> Parsed:
    """The statements of a file's cells, in order; no text makes this fail."""
    found = Parsed()
    left = MOST_TEXT
    for cell, pieces in joined_cells(cells):
        found.joined += [(cell, pieces[-1])] if pieces else []
        left -= len(cell.source)
        if left < 0 or len(cell.source) > _LONGEST_CELL:
            found.too_long.append(cell)
            left += len(cell.source)
            continue
        _read_cell(cell, found)
    for statement in found.statements:
        statement.future = found.future
    return found


def _read_cell(cell: CodeCell, found: Parsed) -> None:
    text = python_of(cell.source)
    if text is not None:
        _parse_cell(cell, text, found)
    elif (written := written_by(cell.source)) is not None:
        before = found.modules.get(written.path, "") if written.more else ""
        found.modules[written.path] = before + written.text


def _parse_cell(cell: CodeCell, text: str, found: Parsed) -> None:
    lines = text.split("\n")
    nodes = _salvaged(cell, text, lines, found)
    if len(nodes) > _MOST_IN_A_CELL or len(found.statements) + len(nodes) > _MOST_STATEMENTS:
        found.too_long.append(cell)
        return
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level:
            found.future = found.future or any(alias.name == "annotations" for alias in node.names)
            continue
        exported = exported_cell(node) if "get_ipython" in text else None
        if exported is not None:
            _read_cell(replace(cell, source=exported), found)
            continue
        statement = Statement(node, cell, lines)
        statement.awaits = ("await" in text or "async" in text) and _problem([node], False) is not None
        (found.outside if statement.awaits and not statement.binds else found.statements).append(statement)


def _salvaged(cell: CodeCell, text: str, lines: list[str], found: Parsed) -> list[ast.stmt]:
    """The statements of a cell; of one that does not parse, those that stand on their own."""
    nodes, problem = _parsed(text, body_of)
    if problem is None:
        problem = _problem(nodes)
        if problem is None:
            return nodes
        return [node for node in nodes if not _set_aside(cell, lines, node, found)]
    starts = _starts(lines)
    kept: list[ast.stmt] = []
    place, tries = 0, _MOST_TRIES
    while place < len(starts):
        nodes, used, spent, error = _piece(lines, starts, place, tries)
        tries -= spent
        if error is not None:
            end = starts[place + used] if place + used < len(starts) else len(lines)
            names = _names("\n".join(lines[starts[place] : end]))
            found.broken.append(Broken(cell, *error, names, len(found.statements) + len(kept)))
        kept += nodes
        place += used
    return kept


def _starts(lines: list[str]) -> list[int]:
    """Lines that may begin a statement; decorators belong to what follows them."""
    starts: list[int] = []
    decorated = False
    for number, line in enumerate(lines):
        if _BEGINS.match(line):
            if not decorated:
                starts.append(number)
            decorated = line.startswith("@") or (decorated and not line.startswith(("def", "class", "async")))
    return starts


def _piece(
    lines: list[str], starts: list[int], place: int, tries: int
) -> tuple[list[ast.stmt], int, int, tuple[int, str] | None]:
    """The statements that begin at a place, how many beginnings they take, what that cost, and the error where there are none."""
    first: tuple[int, str] | None = None
    spent = 0
    for length in range(1, min(_LONGEST_PIECE, len(starts) - place) + 1):
        end = starts[place + length] if place + length < len(starts) else len(lines)
        text = "\n".join(lines[starts[place] : end])
        spent += len(text)
        if spent > tries:
            break
        nodes, problem = _parsed(text, body_of.__wrapped__)  # of its own: its lines are counted anew
        problem = problem or _problem(nodes)
        if problem is None:
            for node in nodes:
                ast.increment_lineno(node, starts[place])
            return nodes, length, spent, None
        first = first or (problem[0] + starts[place], problem[1])
    return [], 1, spent, first or (starts[place] + 1, "invalid syntax")


def _set_aside(cell: CodeCell, lines: list[str], node: ast.stmt, found: Parsed) -> bool:
    problem = _problem([node])
    if problem is not None:
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        found.broken.append(Broken(cell, *problem, _names(text), len(found.statements)))
    return problem is not None


def _names(text: str) -> frozenset[str]:
    return frozenset(name for pair in _NAMED.findall(text) for name in pair if name)


def _parsed(text: str, by: Callable[[str], list[ast.stmt]]) -> tuple[list[ast.stmt], tuple[int, str] | None]:
    try:
        return by(text), None
    except Exception as error:  # the parser's own limits end in errors of many kinds
        return [], _told(error)


def _problem(nodes: list[ast.stmt], await_too: bool = True) -> tuple[int, str] | None:
    """What keeps statements from being compiled: the line and the reason."""
    try:
        compiled([node for node in nodes if not _is_future(node)], False, await_too)
    except Exception as error:
        return _told(error)
    return None


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, IMPORTS) and getattr(node, "module", "") == "__future__"


def _told(error: BaseException) -> tuple[int, str]:
    if isinstance(error, SyntaxError):
        return error.lineno or 1, error.msg or "invalid syntax"
    if isinstance(error, (RecursionError, MemoryError)):
        return 1, "nested too deeply"
    return 1, str(error) or type(error).__name__
