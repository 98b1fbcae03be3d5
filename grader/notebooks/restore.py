"""Makes a valid notebook for nbgrader of whatever was handed in, by the notebook that was released."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.notebooks.cells import Cell, Notebook, Unreadable, read_notebook
from grader.notebooks.notes import Note

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DEFINED = re.compile(r"^(?:async\s+)?(?:def|class)\s+([^\W\d]\w*)|^([^\W\d]\w*)\s*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_MOST_ATTACHED = 5 << 20


@dataclass
class _Place:
    """A cell of the result: what the student wrote, and the template's cell that it is, if any."""

    cell: Cell | None
    grade_id: str | None = None


@dataclass
class _Template:
    """The cells of the released notebook that nbgrader knows, by grade id, in order."""

    notebook: Mapping[str, Any]
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for cell in self.notebook["cells"]:
            grade_id = _marks(cell).get("grade_id")
            if grade_id:
                self.cells[grade_id] = cell

    def is_solution(self, grade_id: str) -> bool:
        return bool(_marks(self.cells[grade_id]).get("solution"))

    def text(self, grade_id: str) -> str:
        return _text(self.cells[grade_id])

    def kind(self, grade_id: str) -> str:
        return str(self.cells[grade_id]["cell_type"])


def restored(
    template: Mapping[str, Any],
    submission: Path | Notebook,
    recovered: Mapping[str, str] | None = None,
) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """A valid notebook (nbformat 4.5, nbgrader's metadata of schema 3) with the student's work in it.

    Every cell that nbgrader knows is there once, as it was released, solution cells with the student's text. The student's
    other cells keep their places. The order is the student's; what was missing stands where it was released.

    Parameters:
        template: the released notebook, or the source that it is made of, as parsed JSON.
        submission: the file that was handed in, or its cells.
        recovered: texts by grade id from other files, for solution cells that are missing or were left as released.

    Returns:
        The notebook and notes on what was repaired. Nothing in a submission makes this fail.
    """
    released = _Template(template)
    notes: list[Note] = []
    cells = submission.cells if isinstance(submission, Notebook) else _cells_of(submission, notes)
    if cells:
        places = _placed(released, cells, notes)
        _adopt(released, places, notes)
        _put_back(released, places, notes)
    else:
        places = [_released_place(number, cell) for number, cell in enumerate(template["cells"], 1)]
    return _notebook(released, _with_overwritten(released, places, notes), recovered or {}), tuple(notes)


def _cells_of(path: Path, notes: list[Note]) -> Sequence[Cell]:
    try:
        notebook = read_notebook(path)
    except Unreadable as error:
        notes.append(Note("unreadable", {"file": path.name, "reason": error.reason}))
        return ()
    if notebook.damaged:
        notes.append(Note("repaired", {"file": path.name}))
    return notebook.cells


def _placed(released: _Template, cells: Sequence[Cell], notes: list[Note]) -> list[_Place]:
    """The student's cells, each grade id given to one of them: the last, as nbgrader itself decides."""
    places = [_Place(cell) for cell in cells]
    seen: set[str] = set()
    for place in reversed(places):
        grade_id = place.cell.grade_id if place.cell else None
        if grade_id in released.cells and grade_id is not None:
            if grade_id in seen:
                notes.append(Note("cell_twice", {"grade_id": grade_id}))
            else:
                seen.add(grade_id)
                place.grade_id = grade_id
    return places


def _adopt(released: _Template, places: list[_Place], notes: list[Note]) -> None:
    """Cells that lost their metadata: a locked one is known by its text, a solution by what it defines."""
    taken = {place.grade_id for place in places}
    free = [place for place in reversed(places) if place.grade_id is None and place.cell and place.cell.source.strip()]
    by_text: dict[str, _Place] = {}
    by_name: dict[str, _Place] = {}
    for place in free:
        assert place.cell is not None
        by_text.setdefault(_plain(place.cell.source), place)
        if place.cell.kind == "code" and place.cell.grade_id not in released.cells:
            for name in defined_names(place.cell.source):
                by_name.setdefault(name, place)
    for grade_id in released.cells:
        if grade_id in taken:
            continue
        text = released.text(grade_id)
        found = by_text.get(_plain(text))
        if found is None and released.is_solution(grade_id):
            found = next((by_name[name] for name in defined_names(text) if name in by_name), None)
        if found is not None and found.grade_id is None:
            found.grade_id = grade_id
            notes.append(Note("cell_adopted", {"grade_id": grade_id}))


def _put_back(released: _Template, places: list[_Place], notes: list[Note]) -> None:
    """Cells that are missing, each behind the one that it followed when it was released."""
    there = {place.grade_id for place in places}
    before: str | None = None
    for grade_id in released.cells:
        if grade_id not in there:
            index = next((number + 1 for number, place in enumerate(places) if before and place.grade_id == before), 0)
            places.insert(index, _Place(None, grade_id))
            notes.append(Note("cell_missing", {"grade_id": grade_id}))
        before = grade_id


def _with_overwritten(released: _Template, places: list[_Place], notes: list[Note]) -> list[_Place]:
    """Code that was typed into a locked cell gets a cell of its own behind it, because nbgrader writes the locked text back."""
    result = []
    for place in places:
        result.append(place)
        if place.cell is None or place.grade_id is None:
            continue
        typed, kind = place.cell, released.kind(place.grade_id)
        locked = not released.is_solution(place.grade_id)
        changed = _plain(typed.source) != _plain(released.text(place.grade_id))
        if typed.retyped or typed.kind != kind or (locked and changed):
            notes.append(Note("cell_changed", {"grade_id": place.grade_id}))
        if locked and changed and "code" in (typed.kind, kind) and typed.source.strip():
            result.append(_Place(Cell(typed.number, typed.kind, typed.source)))
    return result


# -- cells to JSON -------------------------------------------------------------------------------------------------------------


def _notebook(released: _Template, places: Sequence[_Place], recovered: Mapping[str, str]) -> dict[str, Any]:
    used: set[str] = set()
    cells = [_json(released, place, recovered, used) for place in places]
    metadata = copy.deepcopy(dict(released.notebook.get("metadata", {})))
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _json(released: _Template, place: _Place, recovered: Mapping[str, str], used: set[str]) -> dict[str, Any]:
    if place.grade_id is None:
        assert place.cell is not None
        kind, text, metadata = str(place.cell.kind), place.cell.source, {}
    else:
        kind, text = released.kind(place.grade_id), released.text(place.grade_id)
        metadata = copy.deepcopy(dict(released.cells[place.grade_id]["metadata"]))
        if released.is_solution(place.grade_id):
            written = place.cell.source if place.cell else text
            text = recovered.get(place.grade_id, written) if _plain(written) == _plain(text) else written
    wanted = [place.cell.id if place.cell else None]
    wanted.append(released.cells[place.grade_id].get("id") if place.grade_id else None)
    result: dict[str, Any] = {"cell_type": kind, "id": _identity(wanted, used), "metadata": metadata, "source": text}
    if kind == "code":
        result |= {"execution_count": None, "outputs": []}
    else:
        attached = place.cell.attachments if place.cell and place.grade_id is None else {}
        if place.grade_id is not None:
            attached = released.cells[place.grade_id].get("attachments", {})
        kept = _pictures(attached)
        if kept:
            result["attachments"] = kept
    return result


def _identity(wanted: Sequence[Any], used: set[str]) -> str:
    """The first wanted id that is valid and free, else the first free number."""
    for each in wanted:
        if isinstance(each, str) and _ID.fullmatch(each) and each not in used:
            used.add(each)
            return each
    number = len(used) + 1
    while f"cell-{number}" in used:
        number += 1
    used.add(f"cell-{number}")
    return f"cell-{number}"


def _pictures(attachments: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Pictures in the form of base64 that markdown cells carry along."""
    kept: dict[str, dict[str, str]] = {}
    left = _MOST_ATTACHED
    for name, bundle in attachments.items():
        if not isinstance(bundle, dict) or not name.isprintable():
            continue
        for kind, data in bundle.items():
            text = "".join(each for each in data if isinstance(each, str)) if isinstance(data, list) else data
            if kind in _PICTURES and isinstance(text, str) and text.isascii() and len(text) <= left:
                left -= len(text)
                kept.setdefault(name, {})[kind] = text
    return kept


def _released_place(number: int, cell: Mapping[str, Any]) -> _Place:
    """A place as it was released, where nothing that was handed in can be read."""
    grade_id = _marks(cell).get("grade_id")
    if grade_id:
        return _Place(None, grade_id)
    return _Place(Cell(number, cell["cell_type"], _text(cell), id=cell.get("id"), attachments=cell.get("attachments", {})))


def _marks(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    marks: Mapping[str, Any] = cell.get("metadata", {}).get("nbgrader", {})
    return marks


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _plain(text: str) -> str:
    """A text without what editors change by themselves."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def defined_names(text: str) -> list[str]:
    """The names that a cell's text defines at its top level; the text need not be valid Python."""
    return [name for pair in _DEFINED.findall(text) for name in pair if name]


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ at most in what editors change by themselves."""
    return _plain(one) == _plain(other)


def released_solutions(template: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a released notebook's solution cells, by grade id."""
    released = _Template(template)
    return {grade_id: released.text(grade_id) for grade_id in released.cells if released.is_solution(grade_id)}
