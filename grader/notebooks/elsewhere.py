"""Finds work that was handed in beside the assignment's notebook, so that the autograded one shows what got the marks."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.notebooks.cells import CodeCell, Unreadable, read_cells
from grader.notebooks.restore import defined_names, released_solutions, same_text
from grader.notebooks.submitted import submission_files


def texts_elsewhere(template: Mapping[str, Any], own: Path) -> dict[str, str]:
    """Texts for solution cells, by grade id, from the other files of a submission.

    As in judging, the first file that has something counts, and nothing is found where that is the assignment's notebook.
    Of a notebook it is the cell that defines what the released cell does, of a Python file the definition alone.

    Parameters:
        template: the released notebook, as parsed JSON.
        own: the assignment's notebook in the submitted folder.
    """
    wanted = released_solutions(template)
    files = submission_files(own.parent, own.stem).code
    found: dict[str, str] = {}
    for path in files if len(files) > 1 else ():
        try:
            cells = read_cells(path)
        except Unreadable:
            continue
        for grade_id in list(wanted):
            text = _text(cells, wanted[grade_id], path.suffix.lower() == ".py")
            if text is not None:
                del wanted[grade_id]
                if path != own:
                    found[grade_id] = text
    return found


def _text(cells: Sequence[CodeCell], released: str, script: bool) -> str | None:
    names = set(defined_names(released))
    for cell in reversed(cells):
        if names & set(defined_names(cell.source)) and not same_text(cell.source, released):
            return _definition(cell.source, names) if script else cell.source
    return None


def _definition(source: str, names: set[str]) -> str | None:
    """The last definition of a name in a Python file, with its decorators."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = source.split("\n")
    for node in reversed(body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name in names:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return "\n".join(lines[first - 1 : node.end_lineno])
    return None
