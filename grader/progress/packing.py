"""What a student's folder holds to hand in, and the zip of it: stubs that were begun, notebooks, answers to quizzes."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.bundle.ledger import digest, read_ledger
from grader.catalog.course import Course, Exercise, readable
from grader.catalog.problems import CourseError
from grader.locales import tr
from grader.progress.stubs import started
from grader.quiz.jsonfile import Unusable, read_json

# Elsewhere lie environments, and notebooks that have nothing to do with the course.
_PLACES = ("exercises", "notebooks", "quizzes")
# Of every file in the zip, so that the same work makes the same zip.
_WHEN = (1980, 1, 1, 0, 0, 0)
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages"})


@dataclass(frozen=True)
class Item:
    """A file to hand in.

    Attributes:
        path: where it lies.
        name: what it is called in the zip.
        quiz: the bank, where it holds answers to a quiz.
        open: whether these answers are not submitted yet.
    """

    path: Path
    name: str
    quiz: str = ""
    open: bool = False


def begun(course: Course) -> list[Item]:
    """The files that hold a student's own work.

    All of them lie at the top of the zip: a zip with several folders and no code beside them would be taken for a whole class,
    and nbgrader tells notebooks by their names. A second file of a name gets a number.
    """
    given = _handed_out(course.root)
    sound = {exercise.name for exercise in readable(course.exercises)[0]}
    found = [
        Item(exercise.stub, exercise.stub.name)
        for exercise in course.exercises
        if (started(exercise) if exercise.name in sound else _changed(exercise, course.root, given))
    ]
    # Of two with one name, the one that was worked on last keeps it.
    notebooks = sorted(_files(course.root, ".ipynb"), key=lambda path: (-path.stat().st_mtime_ns, str(path)))
    taken: set[str] = set()
    for path in sorted(notebooks, key=lambda path: path.name.casefold()):
        if not _unchanged(path, course.root, given):
            found.append(Item(path, _apart(path, taken)))
    for path in sorted(_files(course.root, ".json")):
        if path.name.startswith("answers_"):
            bank, still_open = _answers(path)
            found.append(Item(path, _apart(path, taken), bank, still_open))
    return found


def packed(items: list[Item]) -> bytes:
    """The zip of these files; the same for the same work.

    Raises:
        CourseError: one of them cannot be read.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in items:
            try:
                data = item.path.read_bytes()
            except OSError as error:
                raise CourseError(tr("{file}: cannot be read: {why}", file=item.path, why=error.strerror)) from None
            info = zipfile.ZipInfo(item.name, _WHEN)
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def is_packed(path: Path) -> bool:
    """Whether a file is a zip that `packed` made, so that a new one may take its place; anything else is somebody's."""
    try:
        with zipfile.ZipFile(path) as archive:
            return all("/" not in info.filename and info.date_time == _WHEN for info in archive.infolist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


def _files(root: Path, suffix: str) -> Iterator[Path]:
    """Ordinary files with an ending, at the top and in the folders of a course; hidden ones and links are left out."""
    yield from (path for path in sorted(root.glob(f"*{suffix}")) if _ordinary(path))
    for place in _PLACES:
        for folder, below, names in os.walk(root / place):
            below[:] = sorted(name for name in below if not name.startswith(".") and name not in _SKIPPED)
            paths = (Path(folder, name) for name in sorted(names) if name.endswith(suffix))
            yield from (path for path in paths if _ordinary(path))


def _ordinary(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


def _handed_out(root: Path) -> dict[str, str]:
    with contextlib.suppress(CourseError):  # a damaged ledger only means that more is handed in
        bundle = read_ledger(root)
        return bundle.files if bundle is not None else {}
    return {}


def _changed(exercise: Exercise, root: Path, given: dict[str, str]) -> bool:
    """Whether a stub may hold work, where its manifest cannot say what an empty one would define."""
    return exercise.stub.is_file() and not _unchanged(exercise.stub, root, given)


def _unchanged(path: Path, root: Path, given: dict[str, str]) -> bool:
    seal = given.get(path.relative_to(root).as_posix())
    try:
        return seal is not None and digest(path.read_bytes()) == seal
    except OSError:  # told when it is packed
        return False


def _apart(path: Path, taken: set[str]) -> str:
    name, number = path.name, 1
    while name.casefold() in taken:
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    taken.add(name.casefold())
    return str(PurePosixPath(name))


def _answers(path: Path) -> tuple[str, bool]:
    bank = path.stem.removeprefix("answers_")
    with contextlib.suppress(Unusable):
        data = read_json(path)
        if isinstance(data, dict):
            return str(data.get("bank", bank))[:80], data.get("submitted") is not True
    return bank, False
