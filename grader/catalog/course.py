"""Finds a course, its topics and its exercises; one place derives every path of the two mirrored trees."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.catalog.manifest import (
    Manifest,
    Mistake,
    Topic,
    load_equivalents,
    load_manifest,
    load_mistakes,
    load_topic,
)
from grader.catalog.place import closed, named_root, nearest_root
from grader.catalog.problems import CourseError, close_to
from grader.locales import tr

SLIPS = "slips.json"


@dataclass(frozen=True)
class Exercise:
    """One exercise: its name, topic and the two folders it lies in."""

    topic: str
    name: str
    public: Path
    private: Path

    @cached_property
    def manifest(self) -> Manifest:
        """What `exercise.yaml` says."""
        return load_manifest(self.public / "exercise.yaml")

    @property
    def stub(self) -> Path:
        """The file that a student fills."""
        return self.public / f"{self.name}.py"

    @property
    def public_tests(self) -> Path:
        """The visible tests."""
        return self.public / "test_public.py"

    @property
    def picture(self) -> Path:
        """What draws a submission, for those exercises that have it."""
        return self.public / "picture.py"

    @property
    def slips(self) -> Path:
        """In a bundle, the hints of known mistakes, sealed by what the mistakes answer."""
        return self.public / SLIPS

    @property
    def hidden_tests(self) -> Path:
        """The hidden grader."""
        return self.private / "test_hidden.py"

    @property
    def reference(self) -> Path:
        """The reference solution."""
        return self.private / f"{self.name}.py"

    @property
    def alternatives(self) -> list[Path]:
        """Other right solutions."""
        return sorted((self.private / "alternatives").glob("*.py"))

    def statement(self, language: str) -> Path:
        """The statement in a language, in English where there is none, in any where a bundle holds only another."""
        english = self.public / "statement.en.md"
        path = self.public / f"statement.{language}.md"
        if path.exists() or english.exists():
            return path if path.exists() else english
        return next(iter(sorted(self.public.glob("statement.*.md"))), english)

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """The bank of known mistakes; empty where the private half is not here."""
        return load_mistakes(self.private / "mistakes.yaml")

    def mistake_source(self, mistake: Mistake) -> str:
        """A known mistake as a whole module."""
        return mistake.source(self.reference.read_text(encoding="utf-8"), self.private / "mistakes.yaml")

    @property
    def equivalents(self) -> dict[str, str]:
        """Surviving mutants that are explained."""
        return load_equivalents(self.private / "equivalent.yaml")


@dataclass(frozen=True)
class Course:
    """A folder that holds `exercises/` and, for instructors, `solutions/`.

    Attributes:
        root: the folder.
        lenient: for students' commands: a `topic.yaml` that cannot be read puts its topic last, and stops nothing else.
    """

    root: Path
    lenient: bool = False

    def exercise_folders(self, topic: str, name: str) -> tuple[Path, Path]:
        """The public and the private folder of an exercise."""
        return self.root / "exercises" / topic / name, self.root / "solutions" / topic / name

    @cached_property
    def exercises(self) -> list[Exercise]:
        """All exercises, by order of topic and name."""
        found = []
        for manifest in sorted((self.root / "exercises").glob("*/*/exercise.yaml")):
            topic, name = manifest.parent.parent.name, manifest.parent.name
            found.append(Exercise(topic, name, *self.exercise_folders(topic, name)))
        names = [exercise.name for exercise in found]
        for exercise in found:
            if names.count(exercise.name) > 1:
                raise CourseError(
                    tr("{folder}: the exercise name {name!r} is used in two topics", folder=exercise.public, name=exercise.name)
                )
        return sorted(found, key=lambda exercise: (self._order(exercise.topic), exercise.topic))

    def _order(self, topic: str) -> float:
        try:
            return self.topic(topic).order
        except CourseError:
            if not self.lenient:
                raise
            return math.inf

    def topic(self, name: str) -> Topic:
        """What `topic.yaml` says."""
        return load_topic(self.root / "exercises" / name / "topic.yaml")

    def exercise(self, name: str) -> Exercise:
        """The exercise of a name, with or without its topic; `CourseError` with the nearest name where there is none."""
        short = name.removesuffix(".py").replace("\\", "/").rstrip("/").rpartition("/")[2]
        for exercise in self.exercises:
            if exercise.name == short:
                return exercise
        known = {exercise.name for exercise in self.exercises} | {exercise.topic for exercise in self.exercises}
        close = close_to(short, known)
        if close:
            raise CourseError(tr("there is no exercise or topic {name!r}, did you mean {close!r}?", name=name, close=close))
        raise CourseError(tr("there is no exercise or topic {name!r}; `grader list` names them all", name=name))

    def select(self, names: Iterable[str]) -> list[Exercise]:
        """The exercises of names and topics, all where none is named; each once."""
        names = list(names)
        if not names:
            return self.exercises
        topics = {exercise.topic for exercise in self.exercises}
        chosen: dict[str, Exercise] = {}
        for name in names:
            if name.rstrip("/") in topics:
                chosen.update({e.name: e for e in self.exercises if e.topic == name.rstrip("/")})
            else:
                exercise = self.exercise(name)
                chosen[exercise.name] = exercise
        return list(chosen.values())


def readable(exercises: Iterable[Exercise]) -> tuple[list[Exercise], list[str]]:
    """The exercises whose manifest can be read, and what is wrong with the others."""
    sound: list[Exercise] = []
    broken: list[str] = []
    for exercise in exercises:
        try:
            _ = exercise.manifest
        except CourseError as error:
            broken.append(str(error))
        else:
            sound.append(exercise)
    return sound, broken


def by_entry(exercises: Iterable[Exercise]) -> dict[str, str]:
    """The names of exercises by what they ask a student to define.

    Raises:
        CourseError: two ask for the same name, so that what a student wrote cannot be told apart by it.
    """
    found: dict[str, str] = {}
    for exercise in exercises:
        entry = exercise.manifest.entry
        other = found.setdefault(entry, exercise.name)
        if other != exercise.name:
            raise CourseError(
                f"{other} and {exercise.name} both ask for `{entry}`, and work is found by that name: give one of them another "
                "`entry` in its exercise.yaml, or grade them apart"
            )
    return found


def looked_into(root: Path) -> Path:
    """The folder of a course whose exercises can be read.

    Raises:
        CourseError: they cannot; another course must not be taken in their place.
    """
    error = closed(root)
    if error is not None:
        raise CourseError(tr("{file}: cannot be read: {why}", file=error.filename or root, why=error.strerror))
    return root


def find_course(given: Path | None = None, lenient: bool = False) -> Course:
    """The course: the given folder, `GRADER_COURSE`, the nearest folder upwards that has exercises, or the kit's own checkout.

    Parameters:
        given: the folder, where one is named.
        lenient: see `Course`.

    Raises:
        CourseError: there is none, and the message says how to name one; or it cannot be read.
    """
    root = named_root(given)
    if root is not None:
        if not (root / "exercises").is_dir():
            raise CourseError(tr("{folder}: there is no folder `exercises` in it", folder=root))
        return Course(looked_into(root), lenient)
    root = nearest_root()
    if root is not None:
        return Course(looked_into(root), lenient)
    raise CourseError(
        tr("no course here: no folder `exercises` upwards of this one. Go to a course, or name one with --course DIR")
    )
