"""Keeps records on disk under a key of all that decided about them: nothing is graded twice, nothing stale is used."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.batch.task import Order, Task
from grader.catalog.course import Exercise
from grader.grading.versions import grader_hash, versions
from grader.record import Record, from_json, to_json


def key_of(order: Order, task: Task, exercise: Exercise) -> str:
    """The key of one exercise of a task: it changes with anything that can change the record."""
    mistakes = exercise.private / "mistakes.yaml"
    parts = [
        task.source,
        task.filename.encode(),
        task.student.encode("utf-8", "surrogatepass"),
        order.language.encode(),
        hmac.new(order.secret.encode(), b"record key", hashlib.sha256).digest(),
        str(order.allow_unsandboxed).encode(),
        repr(versions(grader_hash(exercise, True))).encode(),
        mistakes.read_bytes() if mistakes.exists() else b"",
        # In one process the exercises of a source share their forbidden calls and limits.
        ",".join(task.exercises).encode(),
    ]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


@dataclass(frozen=True)
class Kept:
    """A record under its key."""

    key: str
    record: Record


class Store:
    """A folder with one file per student and group (an assignment), one line per exercise.

    Files are replaced as a whole, so that whoever is killed leaves the old file or the new one.

    Parameters:
        folder: made when the first record is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, group: str, student: str) -> Path:
        """The file of a student."""
        return self.folder / _safe(group) / f"{_safe(student)}.jsonl"

    def read(self, group: str, student: str) -> dict[str, Kept]:
        """What is kept of a student, by exercise; lines that cannot be read count as absent."""
        found: dict[str, Kept] = {}
        try:
            lines = self.path(group, student).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return found
        for line in lines:
            try:
                data = json.loads(line)
                record = from_json(json.dumps(data["record"]))
                found[record.exercise] = Kept(str(data["key"]), record)
            except (ValueError, KeyError, TypeError):
                continue
        return found

    def keep(self, group: str, student: str, kept: dict[str, Kept]) -> None:
        """Put records beside those of the student's other exercises."""
        path = self.path(group, student)
        path.parent.mkdir(parents=True, exist_ok=True)
        together = {**self.read(group, student), **kept}
        lines = [json.dumps({"key": item.key, "record": json.loads(to_json(item.record))}) for item in together.values()]
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False, prefix=".new-") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)

    def all(self, group: str) -> Iterator[Record]:
        """All records of a group, by student and exercise."""
        folder = self.folder / _safe(group)
        for path in sorted(folder.glob("*.jsonl")):
            for kept in self.read(group, path.stem).values():
                yield kept.record


def _safe(name: str) -> str:
    """A name as one part of a path; names that are none already get a hash, so that no two meet."""
    kept = "".join(c if c.isalnum() or c in "-_.@+ " else "_" for c in name)
    if kept == name and 0 < len(name.encode("utf-8")) <= 100 and not name.startswith("."):
        return name
    return f"{kept[:25].lstrip('.')}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
