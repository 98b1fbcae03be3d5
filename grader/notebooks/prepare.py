"""Makes submitted folders such that nbgrader sees them all, and takes back what an interrupted run has left half done."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

KEY = "grader"  # of what autograding notes in a graded cell's metadata
AGAIN = "again"  # the state of a cell that could not be graded for a reason of ours
_MOST_BYTES = 200 << 20


def prepare_submissions(coursedir: Any, log: logging.Logger) -> None:
    """Go through the submissions that a run of nbgrader is about to list.

    Parameters:
        coursedir: nbgrader's; its student and assignment decide which submissions.
        log: nbgrader's.
    """
    for student, assignment, folder in submissions(coursedir):
        path = folder / f"{assignment}.ipynb"
        if not os.path.lexists(path):
            _stand_in(coursedir, student, assignment, path, log)
        done = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
        if done.is_dir():
            again = _reason_to_repeat(done)
            if again:
                log.warning("%s: %s; this submission is graded again", done, again)
                remove(done)


def odd_files(folder: Path) -> list[Path]:
    """What nbgrader must not copy from a submission: links would bring along what they point to, pipes never end."""
    found = []
    for place, _, names in os.walk(folder):
        found += [Path(place) / name for name in names if not _ordinary(Path(place) / name)]
    return found


def blocked_files(source: Path, folder: Path) -> list[str]:
    """Files of the assignment, by path in its folder, whose place a submission has taken with something of another kind."""
    files = (path.relative_to(source) for path in source.rglob("*") if path.is_file())
    taken = (path for path in files if (folder / path).is_dir() or any((folder / part).is_file() for part in path.parents))
    return [str(path) for path in taken]


def digest_of(folder: Path) -> str:
    """A hash over names and contents of the ordinary files in a submitted folder."""
    digest = hashlib.sha256()
    for place, folders, names in os.walk(folder):
        folders.sort()
        for path in (Path(place) / name for name in sorted(names)):
            if _ordinary(path):
                digest.update(repr((str(path.relative_to(folder)), path.lstat().st_size)).encode("utf-8", "surrogateescape"))
                with contextlib.suppress(OSError), path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _ordinary(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def released_notebook(coursedir: Any, assignment: str, notebook: str) -> Path | None:
    """The notebook as students received it, else its source, else None."""
    for kind in (coursedir.release_directory, coursedir.source_directory):
        path = Path(coursedir.format_path(kind, ".", assignment)) / f"{notebook}.ipynb"
        if path.is_file():
            return path
    return None


def submissions(coursedir: Any) -> Iterator[tuple[str, str, Path]]:
    """Student, assignment and folder of the submissions that nbgrader is asked for."""
    assignment, asked = str(coursedir.assignment_id), str(coursedir.student_id)
    root = Path(coursedir.root)
    pattern = coursedir.format_path(coursedir.submitted_directory, asked, assignment)
    here = Path(os.path.relpath(pattern, root))
    for folder in sorted(root.glob(str(here))):
        student = _student_of(coursedir, folder, assignment)
        if folder.is_dir() and student is not None:
            yield student, assignment, folder


def _student_of(coursedir: Any, folder: Path, assignment: str) -> str | None:
    """The student whose submitted folder this is, by asking where each name on its path would put it."""
    for part in folder.parts:
        if Path(coursedir.format_path(coursedir.submitted_directory, part, assignment)) == folder:
            return part
    return None


def _stand_in(coursedir: Any, student: str, assignment: str, path: Path, log: logging.Logger) -> None:
    """Put the released notebook where nbgrader looks for the student's; what was handed in stays beside it and is graded."""
    template = released_notebook(coursedir, assignment, path.stem)
    if template is None:
        return
    try:
        with path.open("xb") as file:
            file.write(template.read_bytes())
    except OSError as error:
        log.error("%s: cannot be written (%s), so nbgrader passes over %s", path, error.strerror, student)
        return
    log.warning("%s: handed in without this notebook; the other files there are graded", path)


def _reason_to_repeat(done: Path) -> str:
    """Why an autograded folder is not to be taken for done: outputs are written last, and say if we failed; "" if it is."""
    notebooks = list(done.glob("*.ipynb"))
    if not notebooks or not all(path.stat().st_size for path in notebooks):
        return "an earlier run was interrupted here"
    for path in notebooks:
        try:
            if path.stat().st_size > _MOST_BYTES:
                continue
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            for cell in cells:
                own = cell["metadata"].get("nbgrader", {})
                if cell["cell_type"] != "code" or not own.get("grade") or own.get("solution"):
                    continue
                if not cell["outputs"]:
                    return "an earlier run was interrupted here"
                if cell["metadata"].get(KEY, {}).get("state") == AGAIN:
                    return "an earlier run could not grade it all"
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return "an earlier run was interrupted here"
    return ""


def remove(folder: Path) -> None:
    """Remove a folder of nbgrader's, whose files are read-only."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)
