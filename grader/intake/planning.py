"""What there is to do for a class: its exercises, the tasks of each student, and the records that need no judging."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.batch.marks import Work
from grader.batch.running import Assignment
from grader.batch.store import Kept, key_of
from grader.batch.task import Order, Task
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.intake.gather import Gathered, Handed, Left, gather
from grader.intake.reading import Source, Submitted, read
from grader.intake.spool import Spool
from grader.record import to_json

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A student of the class: what lay there, and what was read."""

    handed: Handed
    submitted: Submitted


@dataclass(frozen=True)
class Plan:
    """A class, ready to be graded.

    Attributes:
        entries: by student.
        exercises: of the assignment, in the course's order.
        counts: how many students define each of them.
        left: what is not graded, and why.
        spool: holds the modules.
    """

    entries: list[Entry]
    exercises: list[Exercise]
    counts: dict[str, int]
    left: list[Left]
    spool: Spool

    def close(self) -> None:
        """Free what was set aside."""
        self.spool.close()

    @property
    def sources(self) -> int:
        """How many assignments there are."""
        return sum(len(entry.submitted.sources) for entry in self.entries)

    def assignments(self, order: Order) -> Iterator[Assignment]:
        """What workers have to do; made one by one, for all of them at once would not be small."""
        by_name = {exercise.name: exercise for exercise in self.exercises}
        for entry in self.entries:
            for source in entry.submitted.sources:
                task = source.task
                keys = []
                for name in source.exercises:
                    parts = key_of(order, task, by_name[name]) + source.seal(name)
                    keys.append((name, hashlib.sha256(parts.encode()).hexdigest()))
                points = {name: by_name[name].manifest.points for name in source.exercises}
                yield Assignment(partial(_task, source), Work(source.student, tuple(keys)), points, source.finished)

    def without_judging(self) -> Iterator[tuple[str, list[Kept]]]:
        """Records that need no worker, by student."""
        for entry in self.entries:
            records = entry.submitted.without_judging(self.exercises)
            yield entry.handed.student, [Kept(hashlib.sha256(to_json(one).encode()).hexdigest(), one) for one in records]


def plan(
    course: Course, place: Path, names: Sequence[str], language: str, pattern: re.Pattern[str] | None, progress: Progress
) -> Plan:
    """Look at a class; close the plan when it is done with.

    Parameters:
        course: with the exercises.
        place: what was handed in.
        names: the assignment's exercises and topics; where none is named, every exercise that somebody defines.
        language: of notes.
        pattern: an instructor's own rule for student's ids.
        progress: called with how many students are read and how many there are.

    Raises:
        CourseError: nothing is there, or none of it defines an exercise.
    """
    wanted = course.select(names)
    gathered = gather(place, pattern)
    if not gathered.students:
        raise CourseError(f"{place}: no notebook, Python file or zip in it{_why(gathered.left)}")
    spool = Spool()
    try:
        return _planned(course, place, names, wanted, gathered, language, progress, spool)
    except BaseException:
        spool.close()
        raise


def _planned(
    course: Course,
    place: Path,
    names: Sequence[str],
    wanted: Sequence[Exercise],
    gathered: Gathered,
    language: str,
    progress: Progress,
    spool: Spool,
) -> Plan:
    entries: list[Entry] = []
    left = list(gathered.left)
    try:
        for number, handed in enumerate(gathered.students, 1):
            submitted, unread = read(handed, wanted, language, spool.keep)
            handed.forget()
            entries.append(Entry(handed, submitted))
            left += unread
            progress("reading", number, len(gathered.students))
    finally:
        gathered.release()
    counts = Counter(name for entry in entries for name in entry.submitted.defined)
    exercises = [exercise for exercise in wanted if names or counts[exercise.name]]
    if not exercises:
        advice = "; `grader list` names the exercises"
        raise CourseError(f"{place}: nothing in it defines an exercise of {course.root}{_why(left)}{advice}")
    # In the course's order, whatever order they were named in: keys depend on it.
    chosen = {exercise.name for exercise in exercises}
    exercises = [exercise for exercise in course.exercises if exercise.name in chosen]
    for entry in entries:
        entry.submitted.limited(chosen)
        left += [Left(fate.shown, fate.reason, entry.handed.student) for fate in entry.submitted.fates if fate.reason]
    return Plan(entries, exercises, {name: counts[name] for name in chosen}, left, spool)


def _task(source: Source) -> Task:
    return source.task


def _why(left: Sequence[Left]) -> str:
    if not left:
        return ""
    more = f", and {len(left) - 1} more" if len(left) > 1 else ""
    return f" ({left[0].shown}: {left[0].reason}{more})"
