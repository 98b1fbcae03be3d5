"""One cell of a source notebook as the kit writes it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nbformat import NotebookNode, from_dict

_LONGEST_CELL_ID = 64


@dataclass(frozen=True)
class Cell:
    """One cell of the kit.

    Attributes:
        grade_id: its name for ever; nbgrader keeps marks under it.
        kind: code or markdown.
        source: its text.
        solution: whether the student writes here; all others are locked.
        points: what it is worth, in cells that are graded.
    """

    grade_id: str
    kind: Literal["code", "markdown"]
    source: str
    solution: bool = False
    points: float | None = None

    @property
    def nbgrader(self) -> dict[str, Any]:
        """nbgrader's metadata, version 3 of its schema; checksum and cell type are added by nbgrader when it generates."""
        metadata = {
            "grade": self.points is not None,
            "grade_id": self.grade_id,
            "locked": not self.solution,
            "schema_version": 3,
            "solution": self.solution,
            "task": False,
        }
        return metadata if self.points is None else {**metadata, "points": plain(self.points)}

    @property
    def cell_id(self) -> str:
        """The same for ever, like the grade id; but nbformat takes at most 64 signs."""
        if len(self.grade_id) <= _LONGEST_CELL_ID:
            return self.grade_id
        return hashlib.sha256(self.grade_id.encode()).hexdigest()[:32]

    def node(self) -> NotebookNode:
        """The cell as nbformat has it."""
        data: dict[str, Any] = {
            "cell_type": self.kind,
            "id": self.cell_id,
            "metadata": {"nbgrader": self.nbgrader},
            "source": self.source,
        }
        if self.kind == "code":
            data |= {"execution_count": None, "outputs": []}
        return as_node(data)


def plain(points: float) -> float:
    """10 in the place of 10.0, as nbgrader's own form writes it."""
    return int(points) if points == int(points) else points


def as_node(data: Mapping[str, Any]) -> NotebookNode:
    """Plain data as nbformat has it."""
    made: NotebookNode = from_dict(dict(data))  # type: ignore[no-untyped-call]  # nbformat types only a part of itself
    return made
