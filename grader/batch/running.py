"""Grades a class into its database: what another run does is waited for, nothing is done twice, a result is kept at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from grader.batch.marks import Marks, Work
from grader.batch.pool import Lost
from grader.batch.store import Kept
from grader.batch.task import Task
from grader.record import Record

_PAUSE = 0.5  # seconds between looks at what another run has


class Engine(Protocol):
    """What grades tasks: workers of this machine or of many."""

    def grade(self, tasks: Iterable[tuple[Any, Task]]) -> Iterator[tuple[Any, list[Record] | Lost]]:
        """Grade tasks, each under a key of the caller's, drawn when there is room; results come as they are finished."""

    def close(self) -> None:
        """Release the workers."""


@dataclass(frozen=True)
class Assignment:
    """One task and all that turns its result into marks.

    Attributes:
        asked: makes what a worker is asked.
        work: the claim; it names the exercises and their keys.
        points: by exercise, for records of failures of ours.
        finished: what a worker's record becomes.
    """

    asked: Callable[[], Task]
    work: Work
    points: dict[str, float]
    finished: Callable[[Record], Record]


@dataclass(frozen=True)
class Result:
    """One assignment that is done: graded here, or by another run meanwhile."""

    assignment: Assignment
    how: Literal["graded", "elsewhere"]
    records: tuple[Record, ...] = ()


class Run:
    """A run over a class.

    Parameters:
        marks: the database.
        engine: who grades.
        force: grade again what has a mark.
        waiting: called while another run has all that is left.
    """

    def __init__(self, marks: Marks, engine: Engine, force: bool = False, waiting: Callable[[int], None] | None = None) -> None:
        self.marks = marks
        self.engine = engine
        self.force = force
        self.waiting = waiting or (lambda _: None)

    def grade(self, assignments: Iterable[Assignment]) -> Generator[Result, None, None]:
        """Grade; each result is in the database when it is given back.

        Parameters:
            assignments: drawn one by one, as workers get free.

        Raises:
            Unavailable: the database or the workers fail; what was given back before stays.
        """
        left = assignments
        while True:
            taken: list[Assignment] = []
            done: list[Assignment] = []
            idle = True
            with closing(self._round(left, taken, done)) as results:
                for result in results:
                    idle = False
                    yield result
            for assignment in done:
                yield Result(assignment, "elsewhere")
            if not taken:
                return
            if idle and not done:
                self.waiting(len(taken))
                time.sleep(_PAUSE)
            left = taken

    def _round(
        self, left: Iterable[Assignment], taken: list[Assignment], done: list[Assignment]
    ) -> Generator[Result, None, None]:
        def claimed() -> Iterator[tuple[Assignment, Task]]:
            for assignment in left:
                found = self.marks.claim(assignment.work, self.force)
                if found == "mine":
                    yield assignment, assignment.asked()
                else:
                    (taken if found == "taken" else done).append(assignment)

        for assignment, answer in self.engine.grade(claimed()):
            records = tuple(self._records(assignment, answer))
            keys = dict(assignment.work.keys)
            self.marks.keep(assignment.work, [Kept(keys[record.exercise], record) for record in records], self.force)
            yield Result(assignment, "graded", records)

    def _records(self, assignment: Assignment, answer: list[Record] | Lost) -> Iterator[Record]:
        if isinstance(answer, Lost):
            for exercise, points in assignment.points.items():
                yield Record(exercise, assignment.work.student, "grader_error", 0, points, reason=answer.reason)
        else:
            yield from map(assignment.finished, answer)
