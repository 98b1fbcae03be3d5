"""`.grader/bundle.json`: what a bundle holds as it was handed out, so that later a student's work can be told from ours."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import uuid
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from grader.catalog.problems import CourseError

FOLDER = ".grader"
PLACE = f"{FOLDER}/bundle.json"
STUBS = f"{FOLDER}/stubs"
# Where a file lies until it is whole.
NEW = f"{FOLDER}/new"
_ABANDONED = 3600.0  # seconds; a file is written in less


class Held(BaseModel):
    """One exercise of a bundle.

    Attributes:
        topic: its topic.
        entry: the name that students define; it tells a renamed exercise from a new one.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    topic: str
    entry: str


class Bundle(BaseModel):
    """The file's content.

    Attributes:
        kit: version of the kit.
        languages: of statements and notebooks, the first one of messages.
        complete: whether it was made of all exercises of its course; others say nothing about what they do not hold.
        exercises: by name.
        files: SHA-256 of all files by path, this one left out.
        edited: files in which an instructor changed what the kit wrote.
        beside: in a student's folder, SHA-256 by path of new versions that were put beside the student's own.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: Literal[1] = 1
    kit: str
    languages: Annotated[tuple[Literal["en", "ru", "hi"], ...], Field(min_length=1)]
    complete: bool = True
    exercises: dict[str, Held] = {}
    files: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = {}
    edited: tuple[str, ...] = ()
    beside: dict[str, str] = {}

    @field_validator("files")
    @classmethod
    def _stay_inside(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or str(path) != name or name == PLACE:
                raise ValueError(f"{name!r} is no path of a file in the bundle")
        return value

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        sorted_files = self.model_copy(update={"files": dict(sorted(self.files.items()))})
        return (sorted_files.model_dump_json(indent=1) + "\n").encode()


def stub_place(topic: str, exercise: str) -> str:
    """Where the stub of an exercise lies as it was handed out."""
    return f"{STUBS}/{topic}/{exercise}.py"


def parse_bundle(data: bytes, place: object) -> Bundle:
    """What the bytes of a bundle.json say.

    Parameters:
        place: what a message calls it.

    Raises:
        CourseError: it is damaged, or of a newer kit.
    """
    try:
        return Bundle.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise CourseError(
            f"{place}: {f'{key}: ' if key else ''}{first['msg']}; the file is damaged or of a newer kit: get the bundle again"
        ) from None


def read_ledger(root: Path) -> Bundle | None:
    """What a folder's bundle was handed out with; None where the folder is no bundle.

    Raises:
        CourseError: the file cannot be read or is damaged.
    """
    data = read(root / PLACE)
    return None if data is None else parse_bundle(data, root / PLACE)


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read(path: Path) -> bytes | None:
    """The bytes of a file, None where there is no file.

    Raises:
        CourseError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CourseError(f"{path}: cannot be read: {error.strerror}") from None


def put(root: Path, path: Path, data: bytes) -> None:
    """Replace a file as a whole, so that it is the old one or the new one at every moment; an OSError leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: what runs at the same time must not write into it.
    new = root / f"{NEW}-{uuid.uuid4().hex}"
    new.parent.mkdir(exist_ok=True)
    try:
        with new.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def tidy(root: Path) -> None:
    """Remove what `put` left behind where it was killed; what may belong to one that still runs is younger."""
    for left in root.glob(f"{NEW}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.lstat().st_mtime > _ABANDONED:
                left.unlink()


def drop(root: Path, path: Path) -> None:
    """Remove a file, and the folders that become empty by it."""
    path.unlink(missing_ok=True)
    folder = path.parent
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
