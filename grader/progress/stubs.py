"""The stub of an exercise as it was handed out: from the bundle's copy, else from the history of the repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

from grader.bundle.ledger import stub_place
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.guest.loading import read, untouched
from grader.locales import tr

_GIT_SECONDS = 30
_MOST_VERSIONS = 200


def started(exercise: Exercise) -> bool:
    """Whether a student has written something in the stub's file; false where the file is missing.

    Raises:
        CourseError: the file cannot be read.
    """
    try:
        return not _is_stub(exercise, exercise.stub.read_bytes())
    except FileNotFoundError:
        return False
    except OSError as error:
        raise CourseError(tr("{file}: cannot be read: {why}", file=exercise.stub, why=error.strerror)) from None


def pristine(course: Course, exercise: Exercise) -> bytes:
    """The stub as it was handed out.

    Raises:
        CourseError: neither the bundle nor the repository has it.
    """
    copy = course.root / stub_place(exercise.topic, exercise.name)
    try:
        return copy.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise CourseError(tr("{file}: cannot be read: {why}", file=copy, why=error.strerror)) from None
    found = _from_history(exercise)
    if found is None:
        raise CourseError(
            tr(
                "{file}: how this stub was handed out is not known: there is no {copy}, and no commit of a git repository holds "
                "it empty. Take it from the course's bundle again.",
                file=exercise.stub,
                copy=copy,
            )
        )
    return found


def _from_history(exercise: Exercise) -> bytes | None:
    """The last version in the history that is an empty stub; students commit their work, too."""
    folder, name = exercise.stub.parent, exercise.stub.name
    commits = _git(folder, "rev-list", f"--max-count={_MOST_VERSIONS}", "HEAD", "--", f"./{name}")
    for commit in (commits or b"").decode("ascii", "replace").split():
        data = _git(folder, "show", f"{commit}:./{name}")
        if data is not None and _is_stub(exercise, data):
            return data
    return None


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git prints; None where it is not installed, this is no repository, or it has no such thing."""
    line = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, timeout=_GIT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _is_stub(exercise: Exercise, data: bytes) -> bool:
    try:
        return untouched(read(exercise.stub.name, data), exercise.manifest.entry)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # what does not parse is somebody's work
        return False
