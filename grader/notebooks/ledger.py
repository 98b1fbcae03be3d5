"""What `grader nbgrader init` wrote last time, so that the next time tells an instructor's edit from a change of the kit."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.catalog.problems import CourseError
from grader.notebooks.settings import PRIVATE

PLACE = f"{PRIVATE}/written.json"


class Ledger(BaseModel):
    """The file `.grader/written.json` of a course folder.

    Attributes:
        kit: the folder of the kit.
        language: of statements and feedback.
        course_id: the course's name in nbgrader's exchange.
        topics, exercises: what was asked for; empty or `all` for all.
        quizzes: whether the topics' quizzes were asked for.
        hints: whether sealed hints of known mistakes were asked for.
        files: SHA-256 of files by path in the course folder.
        cells: fingerprints of cells by topic and grade id.
        sealed: by exercise, hashes of all that its sealed hints follow from.
    """

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    kit: str
    language: str
    course_id: str
    topics: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    quizzes: bool = True
    hints: bool = True
    files: dict[str, str] = {}
    cells: dict[str, dict[str, str]] = {}
    sealed: dict[str, str] = {}

    @property
    def data(self) -> bytes:
        """The file's content."""
        return (self.model_dump_json(indent=1) + "\n").encode()


def read_ledger(folder: Path) -> Ledger | None:
    """The ledger of a course folder; none where nothing was written yet.

    Raises:
        CourseError: it is damaged; the message says how to go on.
    """
    path = folder / PLACE
    try:
        return Ledger.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        raise CourseError(
            f"{path}: cannot be read. Delete it, and run again with the options of the first time: "
            "what differs then from the kit counts as edited by hand and stays"
        ) from None


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
