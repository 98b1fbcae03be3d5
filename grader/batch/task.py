"""What a worker is asked and what it answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.record import Record, from_json, to_json


@dataclass(frozen=True)
class Order:
    """What all tasks of a worker share.

    Attributes:
        course: the folder with `exercises/` and `solutions/`.
        exercises: whose hidden tests are collected, once.
        secret: of the course, for the seeds.
        language: of titles and hints.
        allow_unsandboxed: give marks without the sandbox.
    """

    course: Path
    exercises: tuple[str, ...]
    secret: str
    language: str = "en"
    allow_unsandboxed: bool = False

    def to_line(self) -> bytes:
        """One line of JSON."""
        data = {**self.__dict__, "course": str(self.course)}
        return json.dumps(data).encode() + b"\n"

    @staticmethod
    def from_line(line: bytes) -> Order:
        """The order of a line."""
        data = json.loads(line)
        return Order(**{**data, "course": Path(data["course"]), "exercises": tuple(data["exercises"])})


@dataclass(frozen=True)
class Task:
    """One source of one student, and the exercises that it answers."""

    student: str
    filename: str
    source: bytes
    exercises: tuple[str, ...]

    def to_line(self) -> bytes:
        """One line of JSON."""
        data = {**self.__dict__, "source": base64.b64encode(self.source).decode("ascii")}
        return json.dumps(data).encode() + b"\n"

    @staticmethod
    def from_line(line: bytes) -> Task:
        """The task of a line."""
        data = json.loads(line)
        return Task(**{**data, "source": base64.b64decode(data["source"]), "exercises": tuple(data["exercises"])})


def answer_line(records: Sequence[Record]) -> bytes:
    """Records as one line of JSON."""
    return json.dumps([to_json(record) for record in records]).encode() + b"\n"


def records_of(line: bytes) -> list[Record]:
    """The records of a line."""
    return [from_json(text) for text in json.loads(line)]
