"""Reads what a student handed in: notebooks of any age and in any state, and Python files, as cells."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import stat
import tokenize
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from grader.notebooks.magics import body_of
from grader.notebooks.recovery import recovered_cells, without_conflicts

Reason = Literal["missing", "no_file", "empty", "too_large", "no_notebook"]
Kind = Literal["code", "markdown", "raw"]

MOST_BYTES = 100 << 20
_MOST_BRACKETS = 10_000_000  # what decoding makes of each takes about a hundred bytes

_SENTENCES: dict[str, str] = {
    "missing": "the file cannot be opened",
    "no_file": "this is no ordinary file",
    "empty": "the file is empty",
    "too_large": f"the file is larger than {MOST_BYTES >> 20} MB; clear its outputs and save it again",
    "no_notebook": "the file is neither a notebook nor Python, and no cell can be recovered from it",
}
_WORDS = frozenset({"markdown", "raw", "heading", "html", "latex", "text"})
_LOOKS_LIKE_PYTHON = re.compile(r"^(?:async +def|def|class|import|from|@)\s*\w", re.MULTILINE)
_SURROGATES = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):
    """Nothing can be had from a file.

    Attributes:
        reason: "missing", "no_file", "empty", "too_large" or "no_notebook".
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason: Reason = reason


@dataclass(frozen=True)
class CodeCell:
    """One code cell.

    Attributes:
        file: the file's name.
        number: of the cell among all cells of the notebook, from 1.
        source: its text, lines ended by "\\n".
        grade_id: nbgrader's name of the cell, if it has one.
        kind: "retyped" where code was found in a cell that is no code cell any more.
    """

    file: str
    number: int
    source: str
    grade_id: str | None = None
    kind: Literal["code", "retyped"] = "code"


@dataclass(frozen=True)
class Cell:
    """One cell of any kind; `retyped` as in `CodeCell`."""

    number: int
    kind: Kind
    source: str
    grade_id: str | None = None
    retyped: bool = False
    id: str | None = None
    attachments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Notebook:
    """The cells of a file, and whether they had to be recovered from a damaged one."""

    cells: tuple[Cell, ...]
    damaged: bool = False


def read_cells(path: Path) -> list[CodeCell]:
    """The code cells of a notebook, or a Python file as one cell.

    Nothing is executed, and no content makes this fail in another way.

    Raises:
        Unreadable: nothing can be had; the reason says why.
    """
    return code_cells(read_notebook(path), path.name)


def code_cells(notebook: Notebook, file: str) -> list[CodeCell]:
    """The code cells among the cells of a file, and those that must have been: code of which no code cell has a name."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.kind == "code")
    return [
        CodeCell(file, cell.number, cell.source, cell.grade_id, "code" if cell.kind == "code" and not cell.retyped else "retyped")
        for cell in notebook.cells
        if cell.kind == "code" or _was_code(cell.source, code)
    ]


def _was_code(text: str, code: str) -> bool:
    """Whether a text is definitions in Python, with imports and plain values, none of which has a namesake in code."""
    if not _LOOKS_LIKE_PYTHON.search(text):
        return False
    try:
        body = body_of(text)
    except Exception:  # the parser's own limits end in errors of many kinds
        return False
    names: set[str] = set()
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif not isinstance(node, (ast.Import, ast.ImportFrom)) and not _is_text(node):
            return False
    any_of = f"(?:{'|'.join(names)})"
    bound = rf"^[ \t]*(?:(?:async +)?(?:def|class)[ \t]+)?{any_of}\b\s*(?:[(:,=]|$)|\bimport\b.*\b{any_of}\b"
    return bool(names) and re.search(bound, code, re.MULTILINE) is None


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def read_notebook(path: Path) -> Notebook:
    """All cells of a file, without outputs; `Unreadable` as in `read_cells`."""
    return notebook_of(_bytes(path), path.suffix.lower() == ".py")


def notebook_of(data: bytes, python: bool) -> Notebook:
    """All cells in the bytes of a file; `Unreadable` as in `read_cells`.

    Parameters:
        data: what the file holds.
        python: whether its name says that it is Python.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large")
    text = _decoded(data)
    if not text.strip("\0 \t\r\n"):
        raise Unreadable("empty")
    if python and not (text.lstrip().startswith("{") and '"cells"' in text):
        return _python(_declared(data) or text)
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise Unreadable("too_large")
    found, damaged = _json(text)
    if found is None:
        if not text.lstrip().startswith("{") and _LOOKS_LIKE_PYTHON.search(text):
            return _python(text)
        raise Unreadable("no_notebook")
    return Notebook(tuple(_cell(number, cell) for number, cell in enumerate(found, 1)), damaged)


# -- bytes to text -------------------------------------------------------------------------------------------------------------


def _bytes(path: Path) -> bytes:
    # A pipe in the place of the file would make an ordinary open wait for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        raise Unreadable("no_file" if path.is_symlink() or path.is_dir() else "missing") from None
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise Unreadable("no_file")
        if state.st_size > MOST_BYTES:
            raise Unreadable("too_large")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        raise Unreadable("missing") from None
    finally:
        os.close(descriptor)
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large")
    return data


def _decoded(data: bytes) -> str:
    """UTF-8, or UTF-16 that says so; bytes that are no UTF-8 are taken for Latin-1, one by one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
        return _SURROGATES.sub(lambda found: chr(ord(found[0]) - 0xDC00), text)


def _declared(data: bytes) -> str | None:
    """A Python file in the encoding that it declares, if that fits."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError, ValueError):
        return None


def _clean(text: str) -> str:
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


# -- text to cells -------------------------------------------------------------------------------------------------------------


def _python(text: str) -> Notebook:
    text = _clean(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    return Notebook((Cell(1, "code", text),))


def _json(text: str) -> tuple[list[Any] | None, bool]:
    """The raw cells and whether they were recovered; None for the cells where there are none to be had."""
    for attempt, damaged in ((text, False), (without_conflicts(text), True)):
        try:
            found = _cells_of(json.loads(attempt, strict=False))
        except (ValueError, RecursionError):
            continue
        if found is not None:
            return found, damaged
    recovered: list[Any] = recovered_cells(without_conflicts(text))
    return recovered or None, True


def _cells_of(data: Any) -> list[Any] | None:
    if isinstance(data, dict):
        if isinstance(data.get("cells"), list):
            return list(data["cells"])
        if isinstance(data.get("worksheets"), list):  # nbformat 3
            sheets = [sheet["cells"] for sheet in data["worksheets"] if isinstance(sheet, dict) and "cells" in sheet]
            return [cell for cells in sheets if isinstance(cells, list) for cell in cells]
    if isinstance(data, list) and any(isinstance(cell, dict) and "cell_type" in cell for cell in data):
        return data
    return None


def _cell(number: int, raw: Any) -> Cell:
    if not isinstance(raw, dict):
        return Cell(number, "raw", "")
    source = _clean(_joined(raw.get("source", raw.get("input"))) or _joined(raw.get("input")))
    marks = raw.get("metadata")
    marks = marks.get("nbgrader") if isinstance(marks, dict) else None
    marks = marks if isinstance(marks, dict) else {}
    grade_id = marks.get("grade_id")
    grade_id = _clean(grade_id) if isinstance(grade_id, str) and grade_id else None
    solution = marks.get("solution") is True or (grade_id or "").endswith("-solution")
    written = raw.get("cell_type")
    words = isinstance(written, str) and written.lower() in _WORDS
    # nbgrader notes what a cell was when it was released: a question to be answered in words stays what it is.
    retyped = words and solution and marks.get("cell_type") not in ("markdown", "raw")
    kind: Kind = "code" if retyped or not words else "raw" if written == "raw" else "markdown"
    if written == "heading" and kind == "markdown":
        source = "# " + source
    identity, attachments = raw.get("id"), raw.get("attachments")
    return Cell(
        number, kind, source, grade_id, retyped,
        identity if isinstance(identity, str) else None,
        attachments if isinstance(attachments, dict) else {},
    )  # fmt: skip


def _joined(source: Any) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
