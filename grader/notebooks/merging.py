"""Brings a source notebook up to the kit's cells and leaves alone what the instructor has added, edited or taken out."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nbformat import NotebookNode

from grader.notebooks.kitcell import Cell, as_node, plain
from grader.notebooks.ledger import digest

What = Literal["added", "changed", "removed", "kept"]
_PARTS = {"statement": "statement", "solution": "stub", "check": "check", "title": "heading"} | {
    "form": "form",
    "answers": "answers",
}


@dataclass(frozen=True)
class Change:
    """One thing that a rebuild does, or leaves undone for the instructor's sake.

    Attributes:
        file: path in the course folder.
        what: `kept` where the instructor's version stays.
        cell: its grade id; empty for a whole file.
        detail: what of it.
    """

    file: str
    what: What
    cell: str = ""
    detail: str = ""


@dataclass
class Merged:
    """A merged notebook.

    Attributes:
        notebook: as it is to be.
        changes: how it differs from what lay there.
        fingerprints: of the kit's cells as they were last written, by grade id.
        written: whether the file must be written.
    """

    notebook: NotebookNode
    changes: list[Change] = field(default_factory=list)
    fingerprints: dict[str, str] = field(default_factory=dict)
    written: bool = False


def merge(
    file: str, old: NotebookNode, wanted: Sequence[Cell], metadata: Mapping[str, Any], last: Mapping[str, str], force: bool
) -> Merged:
    """Merge the kit's cells into a notebook.

    Parameters:
        file: what changes call the notebook.
        old: the notebook that lies there; it is not changed.
        wanted: the kit's cells.
        metadata: the kit's part of the notebook's metadata.
        last: fingerprints of the cells that the kit wrote last time.
        force: the kit's version wins over edits of the kit's cells.
    """
    merged = Merged(copy.deepcopy(old))
    by_id = {cell.grade_id: cell for cell in wanted}
    cells: list[NotebookNode] = []
    there: set[str] = set()
    for node in merged.notebook.cells:
        name = grade_id(node)
        if name in there or (name not in by_id and name not in last):
            cells.append(node)  # the instructor's own
            continue
        there.add(name)
        cells += _settled(merged, file, node, by_id.get(name), last.get(name), force)
    for place, cell in enumerate(wanted):
        if cell.grade_id in there:
            continue
        if cell.grade_id in last and not force:
            merged.changes.append(Change(file, "kept", cell.grade_id, "taken out by hand; --force puts it back"))
            merged.fingerprints[cell.grade_id] = last[cell.grade_id]
            continue
        detail = "" if cell.points is None else f"{plain(cell.points)} points"
        merged.changes.append(Change(file, "added", cell.grade_id, detail))
        cells.insert(_place(cells, [other.grade_id for other in wanted[place + 1 :]]), cell.node())
        merged.fingerprints[cell.grade_id] = fingerprint(cell.node())
    merged.notebook.cells = cells
    if merged.notebook.metadata.get("grader") != metadata["grader"]:
        merged.changes.insert(
            0, Change(file, "changed", detail=_told(merged.notebook.metadata.get("grader"), metadata["grader"]))
        )
        merged.notebook.metadata["grader"] = as_node(metadata["grader"])
    merged.written = any(change.what != "kept" for change in merged.changes)
    return merged


def _settled(
    merged: Merged, file: str, node: NotebookNode, new: Cell | None, last: str | None, force: bool
) -> list[NotebookNode]:
    """What stands in the place of a cell of the kit: itself, its new version, or nothing."""
    name, now = grade_id(node), fingerprint(node)
    target = None if new is None else fingerprint(new.node())
    if now == target:
        merged.fingerprints[name] = now
        return [node]
    if now != last and not force:
        if last is not None:
            merged.fingerprints[name] = last
        if new is None:
            detail = "edited by hand, but no longer wanted; --force removes it"
        else:
            detail = f"edited by hand{'; the kit has changed it too' if target != last else ''}; --force takes the kit's"
        merged.changes.append(Change(file, "kept", name, detail))
        return [node]
    if new is None or target is None:
        merged.changes.append(Change(file, "removed", name))
        return []
    merged.changes.append(Change(file, "changed", name, _difference(node, new)))
    merged.fingerprints[name] = target
    made = new.node()
    made.metadata = as_node({**node.metadata, "nbgrader": new.nbgrader})
    return [made]


def _place(cells: Sequence[NotebookNode], followers: Sequence[str]) -> int:
    """Where a new cell goes: before the first that follows it in the kit, else to the end."""
    places = {grade_id(node): place for place, node in reversed(list(enumerate(cells)))}
    return next((places[name] for name in followers if name in places), len(cells))


def grade_id(node: NotebookNode) -> str:
    """The grade id of a cell; empty where it has none."""
    return str((node.metadata.get("nbgrader") or {}).get("grade_id") or "")


def fingerprint(node: NotebookNode) -> str:
    """A hash over what makes a cell of the kit: not over outputs, tags and the like, which editors write by themselves."""
    nbgrader = node.metadata.get("nbgrader") or {}
    flags = [bool(nbgrader.get(key)) for key in ("grade", "solution", "locked", "task")]
    points = float(nbgrader.get("points") or 0) if nbgrader.get("grade") else None
    return digest(json.dumps([node.cell_type, node.source, flags, points]).encode())


def _difference(node: NotebookNode, new: Cell) -> str:
    told = []
    before = (node.metadata.get("nbgrader") or {}).get("points")
    if new.points is not None and before != new.points:
        told.append(f"points {before} → {plain(new.points)}")
    if node.source != new.source:
        told.append(_PARTS.get(new.grade_id.rpartition("-")[2], "text"))
    return ", ".join(told) or "nbgrader's settings"


def _told(before: Any, after: Mapping[str, str]) -> str:
    known = before if isinstance(before, Mapping) else {}
    return ", ".join(f"{key} {known.get(key, 'none')} → {value}" for key, value in after.items() if known.get(key) != value)
