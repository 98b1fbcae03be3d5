"""What can happen while exercises are watched; threads post it, one loop reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.catalog.course import Exercise
from grader.record import Record
from grader.report.blocks import Arrays


@dataclass(frozen=True)
class Saved:
    """A file was written, made or removed.

    Attributes:
        exercise: whose file; empty where it belongs to none or to several.
        tests: whether it decides about results (tests, manifests), so that they are to be collected again.
    """

    exercise: str
    tests: bool


@dataclass(frozen=True)
class Ready:
    """The tests are collected."""

    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class Started:
    """A run begins."""

    exercise: str


@dataclass(frozen=True)
class Finished:
    """A run has ended.

    Attributes:
        exercise: that ran.
        record: its result, if there is one.
        problem: why there is none.
        seconds: from the reading of the file.
        protection: the sandbox in force, where it is not the one that isolates.
        arrays: what tests that failed over arrays compared, by their names.
    """

    exercise: str
    record: Record | None
    problem: str
    seconds: float
    protection: str = ""
    arrays: Mapping[str, Arrays] = field(default_factory=dict)


@dataclass(frozen=True)
class Noted:
    """The kept state has changed."""


@dataclass(frozen=True)
class Trouble:
    """Something is wrong with the course or with watching it; results still come where they can."""

    text: str


@dataclass(frozen=True)
class Key:
    """A key was pressed: a small letter or the name of a key."""

    name: str


@dataclass(frozen=True)
class Resized:
    """The window has another size."""


@dataclass(frozen=True)
class Suspend:
    """Ctrl-Z."""


@dataclass(frozen=True)
class Stop:
    """It is to end, with an exit code."""

    code: int


Event = Saved | Ready | Started | Finished | Noted | Trouble | Key | Resized | Suspend | Stop
Post = Callable[[Event], None]
