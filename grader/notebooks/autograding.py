"""The quick way to autograde an assignment: all submissions are judged side by side, then nbgrader writes as it always does."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from grader.batch.pool import Pool
from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError, nearest
from grader.notebooks.judging import HandedIn, at_hand, judge_all, read_submission
from grader.notebooks.prepare import prepare_submissions, released_notebook, remove, submissions
from grader.notebooks.preprocess import shown_states
from grader.notebooks.quizmarking import Quizzes
from grader.notebooks.settings import Settings
from grader.notebooks.thrift import thrifty
from grader.record import Record


class Progress(Protocol):
    """Who is told how far a run is."""

    def begin(self, what: str, total: int) -> None:
        """From here on something else is counted."""

    def advance(self) -> None:
        """One more is done."""


@dataclass
class Autograded:
    """What a run did.

    Attributes:
        graded: students whose notebooks were written.
        unchanged: students whose marks were up to date.
        records: of all of them.
        failed: students whose notebooks nbgrader could not write; its log says why.
    """

    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def open_course(folder: Path, assignment: str, student: str) -> Any:
    """nbgrader's application for a course folder, with its settings read.

    Raises:
        CourseError: the folder or its settings are not what is needed.
    """
    if not (folder / "nbgrader_config.py").is_file():
        raise CourseError(f"{folder}: there is no nbgrader_config.py here; `grader nbgrader init DIR` makes a course folder")
    with contextlib.chdir(folder):
        app = AutogradeApp()
        app.initialize([assignment, f"--student={student}", "--log-level=WARN"])
        app.coursedir.assignment_id, app.coursedir.student_id = assignment, student
    if "JudgeCells" not in app.config:
        config = folder / "nbgrader_config.py"
        raise CourseError(f"{config}: it does not call configure() of the kit; `grader nbgrader init` writes one that does")
    return app


def autograde(app: Any, jobs: int, force: bool, progress: Progress) -> Autograded:
    """Judge and write all submissions that the application is asked for.

    Parameters:
        app: see `open_course`.
        jobs: how many are judged at once.
        force: judge again, whatever is kept.
        progress: is told how far it is; submissions whose records are kept are no part of the judging.
    """
    coursedir = app.coursedir
    chosen = app.config.JudgeCells
    settings = Settings(
        Path(coursedir.root), Path(chosen.kit), chosen.get("language", "en"), bool(chosen.get("allow_unsandboxed", False))
    )
    assignment = str(coursedir.assignment_id)
    points = _points(coursedir, assignment)
    quizzes = Quizzes(settings, points, bool(chosen.get("quiz_explanations", True)))
    exercises = _exercises(settings, assignment, points, bool(quizzes.banks))
    prepare_submissions(coursedir, app.log)
    found = list(submissions(coursedir))
    if not found:
        raise CourseError(f"{Path(coursedir.root) / coursedir.submitted_directory}: nobody has handed in {assignment!r} yet")
    released = released_notebook(coursedir, assignment, assignment)
    handed_in = []
    progress.begin("reading", len(found))
    for student, _, folder in found:
        handed_in.append(read_submission(folder, assignment, student, exercises, released))
        progress.advance()
    if force:
        for one in handed_in:
            settings.store.path(assignment, one.student).unlink(missing_ok=True)
    if exercises:
        with Pool(settings.order(tuple(exercise.name for exercise in exercises)), jobs) as pool:
            _judge(settings, assignment, handed_in, exercises, pool, progress)
    for one, (_, _, folder) in zip(handed_in, found, strict=True):
        one.add_quizzes(quizzes, folder, assignment)
    result = Autograded(records=[record for one in handed_in for record in one.records.values()])
    shown = _Shown(coursedir, assignment, settings.language, exercises, points)
    stale = {one.student for one in handed_in if force or shown.stale(one, set(one.records))}
    for student in stale:
        if shown.folder(student).is_dir():
            remove(shown.folder(student))
    written = _Written(app, progress)
    progress.begin("writing", len(stale))
    with at_hand(assignment, handed_in):
        written.run()
    for one in handed_in:
        certain = {name for name, record in one.records.items() if record.outcome != "grader_error"}
        if one.student in written.students and not shown.stale(one, certain):
            result.graded.append(one.student)
        elif one.student in stale:
            result.failed.append(one.student)
        else:
            result.unchanged.append(one.student)
    return result


def _judge(
    settings: Settings,
    assignment: str,
    handed_in: Sequence[HandedIn],
    exercises: Sequence[Exercise],
    pool: Pool,
    progress: Progress,
) -> None:
    """Judge what has no record; rate and remaining time are of that alone."""
    begun: list[int] = []

    def begin(total: int) -> None:
        begun.append(total)
        progress.begin("judging", total)

    for _ in judge_all(settings, assignment, handed_in, exercises, pool, begin):
        if begun:
            progress.advance()


def _points(coursedir: Any, assignment: str) -> dict[str, float]:
    """The points of an assignment's graded cells.

    Raises:
        CourseError: the assignment is not in the gradebook.
    """
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            notebooks = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            known = [found.name for found in gradebook.assignments]
            raise CourseError(
                f"the gradebook knows no assignment {assignment!r}{nearest(assignment, known)}; "
                f"`nbgrader generate_assignment {assignment}` enters it"
            ) from None
        return {cell.name: float(cell.max_score) for notebook in notebooks for cell in notebook.grade_cells}


def _exercises(settings: Settings, assignment: str, points: Mapping[str, float], quizzes: bool) -> list[Exercise]:
    """The exercises that an assignment's graded cells name.

    Raises:
        CourseError: there are none, and no quizzes either.
    """
    found = [exercise for exercise in settings.course.exercises if exercise.name in points]
    if not found and not quizzes:
        raise CourseError(f"{assignment}: none of its graded cells is an exercise of the kit in {settings.kit}")
    return found


@dataclass(frozen=True)
class _Shown:
    """What the autograded notebooks of an assignment show."""

    coursedir: Any
    assignment: str
    language: str
    exercises: Sequence[Exercise]
    points: Mapping[str, float]

    def folder(self, student: str) -> Path:
        """The autograded folder of a student."""
        return Path(self.coursedir.format_path(self.coursedir.autograded_directory, student, self.assignment))

    def stale(self, one: HandedIn, names: Collection[str]) -> bool:
        """Whether they show something else of these exercises than what is at hand."""
        shown: dict[str, str] = {}
        for path in self.folder(one.student).glob("*.ipynb"):
            try:
                shown.update(shown_states(json.loads(path.read_text(encoding="utf-8")), self.points))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                return True
        entries = {exercise.name: exercise.manifest.entry for exercise in self.exercises}
        wanted = {name: one.state(name, one.sentences(entries.get(name, name), self.language)) for name in names}
        return any(shown.get(name) != state for name, state in wanted.items())


class _Written:
    """nbgrader's autograding of what is not there, watched."""

    def __init__(self, app: Any, progress: Progress) -> None:
        self.progress = progress
        self.students: set[str] = set()
        self.converter = Autograde(coursedir=app.coursedir, parent=app)
        self._convert = self.converter.convert_single_notebook
        self.converter.convert_single_notebook = self._watched

    def _watched(self, filename: str) -> None:
        self._convert(filename)
        student = self.converter.init_single_notebook_resources(filename)["nbgrader"]["student"]
        if student not in self.students:
            self.students.add(student)
            self.progress.advance()

    def run(self) -> None:
        """Let nbgrader write; a submission that it cannot write does not stop the others."""
        with thrifty(), contextlib.suppress(NbGraderException):  # it has logged which ones; they are seen again by their state
            self.converter.start()


def waiting(app: Any) -> int:
    """How many submissions the application is asked for."""
    return sum(1 for _ in submissions(app.coursedir))
