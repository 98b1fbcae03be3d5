"""`grader release`: works out what students get, writes it, and tells the instructor what is in it."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from grader.bundle.content import Content, Wanted, content
from grader.bundle.release import Release, is_released, last_release, plan_release, write_release
from grader.catalog.course import Course, find_course
from grader.catalog.extras import install
from grader.catalog.problems import CourseError
from grader.cli.grading import course_secret
from grader.cli.notices import warn_of_practice
from grader.cli.progress import mistakes_tried
from grader.notebooks.choosing import ALL, LANGUAGES, in_order, select_exercises
from grader.quiz.jsonfile import write_whole

_MOST_TOLD = 5


@dataclass(frozen=True)
class Order:
    """The options of the command.

    Attributes:
        folder: where to.
        topics, exercises: names; None for all.
        language: one, several with commas, or `all`.
        secret: of the course.
        zip_file: where a zip goes.
        git, notebooks, force: as the options say.
        course: the folder of the course.
    """

    folder: Path
    topics: tuple[str, ...] | None
    exercises: tuple[str, ...] | None
    language: str
    secret: str | None
    zip_file: Path | None
    git: bool
    notebooks: bool
    force: bool
    course: Path | None


def release_bundle(order: Order) -> int:
    """Write the bundle; the exit code is 0.

    Raises:
        CourseError: something in the options, the course or the folder must be mended first; nothing is written then.
    """
    if order.notebooks and importlib.util.find_spec("nbformat") is None:
        raise CourseError(f"notebooks need nbformat: {install('notebooks')}; or leave them out with --no-notebooks")
    course = find_course(order.course)
    chosen = in_order(select_exercises(course, order.topics or (), order.exercises or ()))
    if not chosen:
        raise CourseError(f"{course.root}: there are no exercises in it")
    chosen.sort(key=lambda exercise: (course.topic(exercise.topic).order, exercise.topic))
    wanted = Wanted(
        chosen, len(chosen) == len(course.exercises), _languages(order.language), course_secret(order.secret),
        order.notebooks, order.git,
    )  # fmt: skip
    # What is wrong with the places is told before anything takes time.
    last_release(order.folder.resolve())
    if order.zip_file is not None:
        _check_zip(order.zip_file, order.folder.resolve())
    made = _made(course, wanted)
    release = plan_release(order.folder.resolve(), made, wanted, order.force)
    if made.graded:
        warn_of_practice(wanted.secret)
    write_release(release)
    if order.zip_file is not None:
        _write_zip(order.zip_file, release)
    for line in _told(order, made, release, wanted):
        print(line)
    return 0


def _made(course: Course, wanted: Wanted) -> Content:
    """What is handed out; the known mistakes are run meanwhile."""
    with mistakes_tried() as step:
        return content(course, wanted, step)


def _languages(asked: str) -> tuple[str, ...]:
    names = [word.strip() for word in asked.split(",") if word.strip()]
    if ALL in names:
        return LANGUAGES
    unknown = [name for name in names if name not in LANGUAGES]
    if unknown or not names:
        raise CourseError(f"--lang {asked}: the kit speaks {', '.join(LANGUAGES)}; `all` for all of them")
    return tuple(dict.fromkeys(names))


def _check_zip(path: Path, folder: Path) -> None:
    """Refuse, before anything is written, what could not be written afterwards or is somebody's."""
    problem = ""
    if path.resolve().is_relative_to(folder):
        problem = "lies in the folder that it is made of; name a place outside of it"
    elif path.is_dir():
        problem = "is a folder; name a file in it"
    elif os.path.lexists(path) and not is_released(path):
        problem = "exists, and `grader release` did not make it; name another, or move it away"
    elif not path.absolute().parent.is_dir():
        problem = f"there is no folder {path.absolute().parent}; make it first"
    elif not os.access(path.absolute().parent, os.W_OK):
        problem = f"nothing can be written into {path.absolute().parent}"
    if problem:
        raise CourseError(f"--zip {path}: {problem}")


def _write_zip(path: Path, release: Release) -> None:
    try:
        write_whole(path, release.zipped())
    except OSError as error:
        raise CourseError(f"--zip {path}: cannot be written: {error.strerror}") from None


def _told(order: Order, made: Content, release: Release, wanted: Wanted) -> list[str]:
    topics = {exercise.topic for exercise in wanted.exercises}
    parts = [
        f"{len(wanted.exercises)} exercises of {len(topics)} {'topic' if len(topics) == 1 else 'topics'}",
        ", ".join(wanted.languages),
        f"{len(release.files)} files, {len(release.writes)} written, {len(release.deletes)} removed",
    ]
    lines = [f"{order.folder}: {'; '.join(parts)}"]
    if order.zip_file is not None:
        lines.append(f"{order.zip_file}: the same as a zip")
    if made.practice:
        lines.append(f"practice quizzes, with their keys: {', '.join(made.practice)}")
    if made.graded:
        lines.append(f"graded quizzes, sheets without keys: {', '.join(made.graded)}")
    if made.known:
        lines.append(f"known mistakes that `grader check` can tell, their hints sealed: {made.told} of {made.known}")
    lines += [f"note: {note}" for note in made.notes]
    if release.kept:
        lines.append(f"note: edited by hand and handed out so: {', '.join(release.kept)}; --force takes the kit's")
    if release.foreign:
        more = ", …" if len(release.foreign) > _MOST_TOLD else ""
        lines.append(f"note: in the folder, but not of the bundle: {', '.join(release.foreign[:_MOST_TOLD])}{more}")
    if not wanted.complete:
        lines.append("note: this is a part of the course; `grader upgrade` adds it to what students have")
    if order.git:
        lines.append("Next: commit and push this folder as a template repository; docs/exports.md tells the rest")
    return lines
