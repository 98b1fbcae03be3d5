"""Compares a class exercise by exercise: pairs and groups that are alike beyond chance, by their form or by their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from grader.catalog.course import Exercise
from grader.similarity.explained import Explained, explained_of
from grader.similarity.handed import Work
from grader.similarity.prints import Prints, prints_of
from grader.similarity.unit import Incomparable, Unit, unit_of
from grader.similarity.weighing import Null, Shares, null_of, shares_of
from grader.similarity.wording import Wording, wording_of

LEAST_OPERATIONS = 13  # of a solution, or the exercise is too short to tell by form
LEAST_PLACES = 8  # operations where a program must be unlike the others, or where two must agree, before form says anything
LEAST_COVERED = 0.3  # of all operations, likewise
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Program:
    """A student's answer to an exercise, ready to be compared."""

    work: Work
    unit: Unit
    prints: Prints


@dataclass(frozen=True)
class Pair:
    """Two programs that are alike.

    Attributes:
        score: the larger of the shares that brought it here, from 0 to 1.
        form: the share of form; None where the exercise or the programs are too short to tell.
        by_form: whether the form alone is above the threshold.
        wording: what words they share that nearly nobody else has.
        keys: fingerprints that both have and few others.
    """

    exercise: str
    one: Program
    other: Program
    score: float
    form: float | None
    by_form: bool
    wording: Wording
    keys: frozenset[str]

    @property
    def evidence(self) -> tuple[str, ...]:
        """What brought it here: `form`, `words` or both."""
        return (*(("form",) if self.by_form else ()), *(("words",) if self.wording.enough else ()))

    @property
    def students(self) -> tuple[str, str]:
        """Both, as shown."""
        return self.one.work.shown, self.other.work.shown


@dataclass(frozen=True)
class Group:
    """Students that pairs connect; its score is the mean of theirs."""

    exercise: str
    students: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Compared:
    """An exercise of the class.

    Attributes:
        programs: how many were compared.
        judged: of these, how many have enough of their own to be judged by form.
        short: why its form tells nothing; empty where it does.
        null: how alike pairs are by chance; None where form tells nothing.
        histogram: shares of all judged pairs, in twenty steps.
    """

    exercise: str
    programs: int
    judged: int
    short: str
    null: Null | None
    histogram: tuple[int, ...]
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]


@dataclass
class Found:
    """A class, compared; `left` tells of students and exercises that could not be."""

    exercises: list[Compared] = field(default_factory=list)
    left: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def pairs(self) -> list[Pair]:
        """Of all exercises, the most alike first."""
        return sorted((pair for one in self.exercises for pair in one.pairs), key=lambda pair: (-pair.score, pair.students))

    @property
    def groups(self) -> list[Group]:
        """Of all exercises, the most alike first."""
        return sorted((group for one in self.exercises for group in one.groups), key=lambda group: (-group.score, group.students))


def compare(exercises: Sequence[Exercise], works: Sequence[Work], progress: Progress = lambda what, done, total: None) -> Found:
    """Compare a class.

    Parameters:
        exercises: in the order of the result.
        works: of the class, and perhaps of earlier years.
        progress: called with how many works are read and how many there are.
    """
    found = Found()
    by_exercise: dict[str, list[Work]] = {}
    for work in works:
        by_exercise.setdefault(work.exercise, []).append(work)
    done = 0
    for exercise in exercises:
        programs: list[Program] = []
        for work in sorted(by_exercise.get(exercise.name, ()), key=lambda work: (work.earlier, work.student)):
            done += 1
            progress("reading programs", done, len(works))
            try:
                unit = unit_of(work.source, exercise.manifest.entry)
                programs.append(Program(work, unit, prints_of(unit)))
            except Incomparable as error:
                found.left.append((work.shown, exercise.name, str(error)))
        if programs:
            found.exercises.append(_compared(exercise.name, programs, explained_of(exercise)))
    return found


def _compared(name: str, programs: Sequence[Program], explained: Explained) -> Compared:
    own = [set(program.prints.form) - explained.form for program in programs]
    shares = shares_of(own)
    short = _too_short(programs, explained)
    judged = (
        [] if short else [number for number in range(len(programs)) if _covers(programs[number].prints, shares.telling[number])]
    )
    rows, columns = np.triu_indices(len(judged), 1)
    places = np.array(judged, dtype=np.int64)
    values = shares.share[places[rows], places[columns]] if judged else np.zeros(0)
    null = None if short else null_of(values)
    words = wording_of([program.prints for program in programs], explained)
    pairs = tuple(_pairs(name, programs, shares, set(judged), null, words))
    histogram = tuple(int(count) for count in np.histogram(values, 20, (0, 1))[0])
    return Compared(name, len(programs), len(judged), short, null, histogram, pairs, tuple(_groups(name, pairs)))


def _too_short(programs: Sequence[Program], explained: Explained) -> str:
    usual = median(program.prints.operations for program in programs)
    least = usual if explained.operations is None else min(usual, explained.operations)
    if least >= LEAST_OPERATIONS:
        return ""
    return f"too short to tell: a solution takes {least:.0f} operations, and there are few ways to write so little"


def _pairs(
    name: str,
    programs: Sequence[Program],
    shares: Shares,
    judged: set[int],
    null: Null | None,
    words: dict[tuple[int, int], Wording],
) -> Iterator[Pair]:
    alike: set[tuple[int, int]] = set()
    if null is not None:
        rows, columns = np.nonzero(np.triu(shares.share >= null.threshold, 1))
        above = [(int(a), int(b)) for a, b in zip(rows, columns, strict=True) if a in judged and b in judged]
        alike = {pair for pair in above if _agree(programs, shares, pair)}
    spoken = {pair for pair, wording in words.items() if wording.enough}
    for one, other in sorted(alike | spoken):
        if programs[one].work.earlier and programs[other].work.earlier:
            continue
        told = null is not None and one in judged and other in judged
        form = min(1.0, float(shares.share[one, other])) if told else None
        wording = words.get((one, other), Wording())
        scores = [form or 0.0] if (one, other) in alike else []
        scores += [wording.share] if wording.enough else []
        keys = shares.telling[one] & shares.telling[other]
        yield Pair(name, programs[one], programs[other], max(scores), form, (one, other) in alike, wording, keys)


def _agree(programs: Sequence[Program], shares: Shares, pair: tuple[int, int]) -> bool:
    keys = shares.telling[pair[0]] & shares.telling[pair[1]]
    return any(_covers(programs[number].prints, keys) for number in pair)


def _covers(prints: Prints, keys: Iterable[str]) -> bool:
    places = prints.places(keys)
    return places >= LEAST_PLACES and places >= LEAST_COVERED * prints.operations


def _groups(name: str, pairs: Sequence[Pair]) -> Iterator[Group]:
    root: dict[str, str] = {}

    def find(student: str) -> str:
        while root.setdefault(student, student) != student:
            student = root[student]
        return student

    for pair in pairs:
        one, other = (find(student) for student in pair.students)
        root[other] = one
    members: dict[str, list[str]] = {}
    for student in root:
        members.setdefault(find(student), []).append(student)
    for top, students in members.items():
        scores = [pair.score for pair in pairs if find(pair.students[0]) == top]
        yield Group(name, tuple(sorted(students)), round(sum(scores) / len(scores), 3))
