"""What an instructor asks of a course folder, completed by what it was made with the last time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalog.course import Course, Exercise, find_course
from grader.catalog.manifest import Text
from grader.catalog.problems import CourseError, nearest
from grader.notebooks.ledger import Ledger
from grader.notebooks.settings import PRIVATE

LANGUAGES = tuple(Text.model_fields)
ALL = "all"


@dataclass(frozen=True)
class Choice:
    """What an instructor asks for; None means as before, and the first time the default.

    Attributes:
        kit: the folder with `exercises/` and `solutions/`.
        language: en, ru or hi.
        topics: these, with all their exercises; `("all",)` for every topic.
        exercises: only these of their topics; `("all",)` takes back such a choice. Without topics, these and no others.
        course_id: the course's name in nbgrader's exchange; the folder's name by default.
        quizzes: whether the topics' quizzes come along; they do by default.
        hints: whether sealed hints of known mistakes do; they do by default.
    """

    kit: Path | None = None
    language: str | None = None
    topics: tuple[str, ...] | None = None
    exercises: tuple[str, ...] | None = None
    course_id: str | None = None
    quizzes: bool | None = None
    hints: bool | None = None


def check_folder(folder: Path) -> None:
    """Refuse to write where something else lies: `CourseError`."""
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not there.is_dir():
            raise CourseError(f"{there}: is a file; name a folder for the course")
        if there != folder or (folder / PRIVATE).is_dir():
            return
        # An empty repository is as good as an empty folder.
        found = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise CourseError(f"{folder}: cannot be read: {error.strerror}") from None
    if found:
        raise CourseError(
            f"{folder}: is not empty ({', '.join(found[:3])}{', …' if len(found) > 3 else ''}) and no course folder that "
            "`grader nbgrader init` made; name a new folder, and move into it afterwards what you want to keep"
        )


def settle(
    folder: Path, choice: Choice, before: Ledger | None, notes: list[str]
) -> tuple[Ledger, Course, dict[str, list[Exercise]]]:
    """What is asked for in full: the ledger to begin with, the kit, and the exercises by topic.

    Parameters:
        folder: the course folder.
        choice: what is asked for now.
        before: what was asked for the last time.
        notes: gets a sentence for what is no longer to be had.

    Raises:
        CourseError: no such kit, language, topic or exercise.
    """
    kit = choice.kit
    if kit is None and before is not None and (Path(before.kit) / "exercises").is_dir():
        kit = Path(before.kit)
    course = find_course(kit)
    if not (course.root / "solutions").is_dir():
        raise CourseError(
            f"{course.root}: there is no folder `solutions` in it, and no marks without; name the kit with --course"
        )
    language = choice.language or (before.language if before else "en")
    if language not in LANGUAGES:
        raise CourseError(f"--lang {language}: the kit speaks {', '.join(LANGUAGES)}")
    topics = _asked(choice.topics, before.topics if before else (), {exercise.topic for exercise in course.exercises}, notes)
    exercises = _asked(choice.exercises, before.exercises if before else (), {e.name for e in course.exercises}, notes)
    if before and (before.topics or before.exercises) and not (topics or exercises):
        raise CourseError(f"{course.root}: nothing of what was chosen is in it any more; choose with --topics or --exercises")
    course_id = choice.course_id or (before.course_id if before else _as_id(folder.name))
    if _as_id(course_id) != course_id:
        raise CourseError(f"--course-id {course_id!r}: letters, digits, - and _ only; it names a folder of the exchange")
    chosen: dict[str, list[Exercise]] = {}
    for exercise in in_order(select_exercises(course, topics, exercises)):
        chosen.setdefault(exercise.topic, []).append(exercise)
    if not chosen:
        raise CourseError(f"{course.root}: there are no exercises in it")
    quizzes = choice.quizzes if choice.quizzes is not None else before is None or before.quizzes
    hints = choice.hints if choice.hints is not None else before is None or before.hints
    settled = Ledger(
        kit=str(course.root), language=language, course_id=course_id, topics=topics, exercises=exercises, quizzes=quizzes,
        hints=hints,
    )  # fmt: skip
    return settled, course, chosen


def _as_id(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in name) or "course"


def _asked(given: tuple[str, ...] | None, before: Iterable[str], known: set[str], notes: list[str]) -> tuple[str, ...]:
    """The names that are asked for, now or the last time."""
    if given is not None:
        return (ALL,) if ALL in given else given
    there = {*known, ALL}
    before = tuple(before)
    notes += [f"{name}: is no longer in the kit" for name in before if name.rpartition("/")[2] not in there]
    return tuple(name for name in before if name.rpartition("/")[2] in there)


def select_exercises(course: Course, topics: Sequence[str], exercises: Sequence[str]) -> list[Exercise]:
    """The exercises of topics, and of their topics only those that are named; all where nothing is."""
    known = {exercise.topic for exercise in course.exercises}
    for topic in topics:
        if topic not in known and topic != ALL:
            raise CourseError(f"there is no topic {topic!r}{nearest(topic, known) or '; `grader list` names them all'}")
    named = {course.exercise(name).name for name in exercises if name != ALL}
    narrowed = {exercise.topic for exercise in course.exercises if exercise.name in named}
    whole = known if ALL in topics or not (topics or named) else set(topics)
    return [e for e in course.exercises if e.name in named or e.topic in whole - narrowed]


def in_order(exercises: Sequence[Exercise]) -> list[Exercise]:
    """Exercises in the order in which they can be done: what one requires comes before it, else as they were."""
    left, found = list(exercises), []
    while left:
        waiting = {exercise.name for exercise in left}
        ready = (exercise for exercise in left if not waiting.intersection(exercise.manifest.requires))
        found.append(next(ready, left[0]))  # exercises that require each other come as they were
        left.remove(found[-1])
    return found
