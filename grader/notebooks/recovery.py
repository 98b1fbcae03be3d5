"""Gets cells out of text that should have been a notebook's JSON and is not: cut off, merged, written over."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any

# The beginning of an object that may be a cell; quotes inside a JSON string are escaped, so no text of a cell matches.
_BEGINNING = re.compile(
    r'\{\s*"(?:cell_type|attachments|execution_count|id|metadata|source|input|outputs|collapsed|language|prompt_number)"\s*:'
)
_TYPE = re.compile(r'"cell_type"\s*:\s*"([^"\\]*)"')
_TEXT = re.compile(r'"(?:source|input)"\s*:\s*')
_GRADE_ID = re.compile(r'"grade_id"\s*:\s*"([^"\\]*)"')
_SOLUTION = re.compile(r'"solution"\s*:\s*true')
_BETWEEN = re.compile(r"[\s,]*")
# Each failed try may read on to the end of the text, so the tries are limited by what they may read in all.
_MOST_READ = 1_000_000_000


def _number(text: str) -> int | float:
    """Integers too long for Python's converter stand in nothing that is read here."""
    return int(text) if len(text) < 1000 else float("inf")


_decoder = json.JSONDecoder(strict=False, parse_int=_number)


def without_conflicts(text: str) -> str:
    """The text with the marks that a version control leaves taken out.

    Of the two sides of each conflict the one is kept that holds more work: fewer untouched stubs, then not empty, then the first.
    """
    if "<<<<<<<" not in text:
        return text
    kept: list[str] = []
    sides: list[list[str]] = []
    for line in text.split("\n"):
        mark = line[:7]
        if mark == "<<<<<<<" and not sides:
            sides = [[]]
        elif sides and mark in ("|||||||", "======="):
            sides.append([])
        elif sides and mark == ">>>>>>>":
            kept += _better(sides[0], sides[-1])
            sides = []
        else:
            (sides[-1] if sides else kept).append(line)
    return "\n".join([*kept, *(line for side in sides for line in side)])


def _better(ours: list[str], theirs: list[str]) -> list[str]:
    return min((ours, theirs), key=lambda side: (sum("NotImplementedError" in line for line in side), not any(side)))


def recovered_cells(text: str) -> list[dict[str, Any]]:
    """The cells that can be had, in order, as a notebook's JSON would hold them.

    A cell that is damaged itself gives its type, its grade id and the whole lines of its text as far as they go.
    """
    found: list[dict[str, Any]] = []
    types = [match.start() for match in _TYPE.finditer(text) if not _of_nbgrader(text, match.start())]
    left, position = _MOST_READ, 0
    while left > 0 and (match := _BEGINNING.search(text, position)) is not None:
        start = match.start()
        try:
            value, position = _decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            left -= len(text) - start
            following = bisect_right(types, start) + 1
            position = max(types[following] - 1 if following < len(types) else len(text), start + 1)
            # Between the name of the type and its cell's beginning stand the brace and perhaps attachments.
            position = _brace_before(text, start, position)
            value = _piece(text[start:position])
        if isinstance(value, dict) and _is_cell(value):
            found.append(value)
        elif isinstance(value, dict) and isinstance(value.get("cells"), list):
            found += [cell for cell in value["cells"] if isinstance(cell, dict)]
    return found


def _of_nbgrader(text: str, position: int) -> bool:
    """nbgrader notes the type of a cell in the cell's metadata too."""
    brace = text.rfind("{", max(0, position - 1000), position)
    return brace >= 0 and text[max(0, brace - 100) : brace].rstrip().removesuffix(":").rstrip().endswith('"nbgrader"')


def _is_cell(value: dict[str, Any]) -> bool:
    return isinstance(value.get("cell_type"), str) and ("source" in value or "input" in value)


def _brace_before(text: str, start: int, position: int) -> int:
    if position >= len(text):
        return position
    brace = text.rfind("{", start + 1, position)
    return brace if brace > start else position


def _piece(segment: str) -> dict[str, Any]:
    """What a damaged cell still tells."""
    kind = _TYPE.search(segment)
    if kind is None:
        return {}
    texts = [text for match in _TEXT.finditer(segment) if (text := _text(segment, match.end())) is not None]
    if not texts:
        return {}
    grade_id = _GRADE_ID.search(segment)
    marks: dict[str, Any] = {"grade_id": grade_id[1], "solution": bool(_SOLUTION.search(segment))} if grade_id else {}
    return {"cell_type": kind[1], "metadata": {"nbgrader": marks} if marks else {}, "source": texts[-1]}


def _text(segment: str, position: int) -> list[str] | None:
    """The lines of a source, as far as they are whole; None where it is no text."""
    if not segment.startswith("[", position):
        line = _string(segment, position)
        return [line[0]] if line is not None else None
    lines: list[str] = []
    position += 1
    while True:
        position = _skip(segment, position)
        line = _string(segment, position)
        if line is None:
            return lines
        lines.append(line[0])
        position = line[1]


def _skip(segment: str, position: int) -> int:
    match = _BETWEEN.match(segment, position)
    return match.end() if match else position


def _string(segment: str, position: int) -> tuple[str, int] | None:
    if not segment.startswith('"', position):
        return None
    try:
        value, end = _decoder.raw_decode(segment, position)
    except ValueError:
        return None
    return str(value), end
