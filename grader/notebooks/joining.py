"""Puts together again what an editor has split: a cell whose beginning only makes sense behind the end of the cell before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.notebooks.bytecode import compiled
from grader.notebooks.cells import CodeCell
from grader.notebooks.magics import python_of
from grader.notebooks.statements import DEFINITIONS, FUNCTIONS

_MOST_TEXT = 100_000  # characters of a split cell; it is parsed once per piece
_MOST_PIECES = 10
_ENDS = (ast.Return, ast.Raise)


def joined_cells(cells: Sequence[CodeCell]) -> Iterator[tuple[CodeCell, tuple[CodeCell, ...]]]:
    """The cells to be read, each with those that were joined to it; their order stays.

    Methods that were split from their class are joined to it and kept besides: in a kernel they are functions.
    """
    number = 0
    while number < len(cells):
        pieces = _pieces(cells, number)
        whole, kept = _whole(cells[number], pieces)
        yield whole, pieces[: len(kept)]
        for piece, stays in zip(pieces, kept, strict=False):
            if stays:
                yield piece, ()
        number += 1 + len(kept)


def _pieces(cells: Sequence[CodeCell], number: int) -> tuple[CodeCell, ...]:
    """The cells right behind a cell that begin indented."""
    found: list[CodeCell] = []
    size = len(cells[number].source)
    for cell in cells[number + 1 : number + 1 + _MOST_PIECES]:
        size += len(cell.source)
        adjacent = cell.number == cells[number].number + len(found) + 1
        if not adjacent or cell.file != cells[number].file or size > _MOST_TEXT or not _begins_indented(cell.source):
            break
        found.append(cell)
    return tuple(found)


def _begins_indented(source: str) -> bool:
    first = next((line for line in source.split("\n") if line.strip()), "")
    return first[:1] in (" ", "\t")


def _whole(cell: CodeCell, pieces: Sequence[CodeCell]) -> tuple[CodeCell, list[bool]]:
    """A cell with as many pieces as make it whole, and by piece whether it is read by itself, too."""
    for count in range(len(pieces), 0, -1):
        taken = pieces[:count]
        text = "\n".join(each.source for each in (cell, *taken))
        body = _body(text)
        if body is None or not _is_open(cell, body):
            continue
        alone = [_body(piece.source) for piece in taken]
        if _body(cell.source) is None or None in alone:
            return replace(cell, source=text), [False] * count
        names = _names_of_methods(alone)
        if names and _may_get(_body(cell.source), names):
            return replace(cell, source=text), [True] * count
    return cell, []


def _is_open(cell: CodeCell, whole: Sequence[ast.stmt]) -> bool:
    """Whether a cell breaks off: it is no Python, or its last definition goes on where the whole does and may do so."""
    body = _body(cell.source)
    if not body:
        return body is None
    last, goes_on = body[-1], whole[len(body) - 1] if len(whole) >= len(body) else None
    longer = goes_on is not None and (goes_on.end_lineno or 0) > cell.source.count("\n") + 1
    return longer and isinstance(last, DEFINITIONS) and not isinstance(last.body[-1], _ENDS)


def _names_of_methods(pieces: Sequence[Sequence[ast.stmt] | None]) -> set[str]:
    """Names of functions with a parameter that pieces begin with; none where one begins with something else."""
    first = [piece[0] if piece else None for piece in pieces]
    found = [each.name for each in first if isinstance(each, FUNCTIONS) and (each.args.posonlyargs or each.args.args)]
    return set(found) if len(found) == len(pieces) else set()


def _may_get(body: Sequence[ast.stmt] | None, methods: set[str]) -> bool:
    """Whether a cell ends in a class that has none of some methods."""
    last = body[-1] if body else None
    return isinstance(last, ast.ClassDef) and not methods & {getattr(each, "name", "") for each in last.body}


def _body(source: str) -> list[ast.stmt] | None:
    """The statements of a cell; None where it is no Python."""
    text = python_of(source)
    try:
        body = ast.parse(text).body if text is not None else None
        if body is not None:
            compiled(body, False, True)
        return body
    except Exception:  # the parser's own limits end in errors of many kinds
        return None
