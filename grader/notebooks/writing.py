"""Writes the plan of a course folder: each file whole or not at all, the course's secret once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from grader.catalog.problems import CourseError
from grader.notebooks.coursefolder import Plan
from grader.notebooks.ledger import PLACE
from grader.notebooks.settings import PRIVATE

_NOT_FOR_GIT = "secret\nrecords/\ntried/\n"


def write(plan: Plan) -> None:
    """Carry a plan out. A run that is interrupted leaves each file old or new, and the next one goes on from there.

    Raises:
        CourseError: something cannot be written.
    """
    private = plan.folder / PRIVATE
    try:
        plan.folder.mkdir(parents=True, exist_ok=True)
        private.mkdir(mode=0o700, exist_ok=True)
        if not (private / "secret").exists():
            _put(plan.folder, private / "secret", f"{plan.secret}\n".encode(), 0o600)
        if not (private / ".gitignore").exists():
            _put(plan.folder, private / ".gitignore", _NOT_FOR_GIT.encode())
        for path, data in plan.writes.items():
            _put(plan.folder, path, data)
        for path in plan.deletes:
            path.unlink(missing_ok=True)
            _prune(plan.folder, path.parent)
        ledger = plan.folder / PLACE
        if not ledger.exists() or ledger.read_bytes() != plan.ledger.data:
            _put(plan.folder, ledger, plan.ledger.data)
    except OSError as error:
        raise CourseError(
            f"{error.filename or plan.folder}: cannot be written: {error.strerror}; mend this and run again"
        ) from None


def _put(folder: Path, path: Path, data: bytes, mode: int = 0o666) -> None:
    """Replace a file as a whole; what it is first written into lies where nbgrader does not look for files to release."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = folder / PRIVATE / "new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, new)
    new.replace(path)


def _prune(folder: Path, path: Path) -> None:
    """Remove folders that have become empty."""
    while path != folder and not any(path.iterdir()):
        path.rmdir()
        path = path.parent
