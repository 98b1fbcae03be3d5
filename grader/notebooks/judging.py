"""Grades what a student handed in for an assignment: files to sources, sources to records, records kept."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.pool import Lost, Pool
from grader.batch.store import Kept, key_of
from grader.batch.task import Order, Task
from grader.catalog.course import Exercise, by_entry
from grader.notebooks.assemble import Assembled, assemble_submission
from grader.notebooks.cells import CodeCell, Unreadable, code_cells, read_cells, read_notebook
from grader.notebooks.notes import Note, tell
from grader.notebooks.prepare import digest_of
from grader.notebooks.quizmarking import Quizzes
from grader.notebooks.records import certain, placed, unanswered
from grader.notebooks.settings import Settings
from grader.notebooks.submitted import modules_beside, submission_files
from grader.record import Record, to_json


@dataclass(frozen=True)
class Job:
    """One source of one student's submission."""

    student: str
    task: Task
    assembled: Assembled


@dataclass
class HandedIn:
    """A student's submission for an assignment.

    Attributes:
        student: the student's id.
        jobs: its sources.
        broken: exercises whose definition cannot be read, with the reason.
        closed: what was not read and may hold the answer, so that nothing of this student may be called missing.
        notes: what else there is to say.
        records: by exercise, of quizzes by the grade id of their cell, as far as they are known.
        keys: of the records, by exercise; a key changes with anything that can change its record.
        digest: of all that was handed in.
    """

    student: str
    jobs: list[Job] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    closed: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    digest: str = ""

    def sentences(self, entry: str, language: str) -> list[str]:
        """The notes that concern an exercise's entry, or all of the submission."""
        concerned = [note for note in (*self.closed, *self.notes) if note.entry in (None, entry)]
        return list(dict.fromkeys(tell(note, language) for note in concerned))

    def add_quizzes(self, quizzes: Quizzes, folder: Path, assignment: str) -> None:
        """Add the records of quizzes, unless they are there."""
        if not quizzes.banks.keys() <= self.keys.keys():
            for grade_id, (record, key) in quizzes.mark(folder, assignment, self.student).items():
                self.records[grade_id], self.keys[grade_id] = certain(record, self.closed), key

    def state(self, exercise: str, sentences: Sequence[str]) -> str:
        """What changes with anything that a notebook shows of the submission."""
        return hashlib.sha256(repr((self.keys[exercise], list(sentences), self.digest)).encode()).hexdigest()


def read_submission(
    folder: Path, assignment: str, student: str, exercises: Sequence[Exercise], released: Path | None = None
) -> HandedIn:
    """The sources of a submission; nothing in it can make this fail.

    Parameters:
        folder: what the student handed in.
        assignment: its name; the notebook of that name counts first.
        student: the student's id.
        exercises: of the assignment.
        released: the notebook as it was released, for helpers in it that the student deleted.

    Raises:
        CourseError: two of the exercises ask for the same name.
    """
    names = by_entry(exercises)
    files: list[list[CodeCell]] = []
    there = submission_files(folder, assignment, released.parent if released is not None else None)
    found = HandedIn(student, digest=digest_of(folder), closed=there.closed)
    for path in there.code:
        try:
            notebook = read_notebook(path)
        except Unreadable as error:
            told = found.closed if error.reason in ("missing", "too_large") else found.notes
            told.append(Note("unreadable", {"file": path.name, "reason": error.reason}))
            continue
        files.append(code_cells(notebook, path.name))
        if notebook.damaged:
            found.notes.append(Note("repaired", {"file": path.name}))
    given = read_cells(released) if released is not None else []
    modules = modules_beside(folder, released.parent if released is not None else None)
    for assembled in assemble_submission(files, list(names), f"{assignment}.py", given, modules):
        found.broken.update({names[entry]: reason for entry, reason in assembled.broken.items()})
        # A name that was perhaps meant is judged only where the right one cannot lie elsewhere.
        open_ = assembled.defined if found.closed else assembled.entries
        served = tuple(names[entry] for entry in assembled.entries if entry in open_ and entry not in assembled.broken)
        if served and assembled.source:
            task = Task(student, assembled.filename, assembled.source, served)
            found.jobs.append(Job(student, task, assembled))
        found.notes += assembled.notes
    return found


def judge_submission(
    settings: Settings, folder: Path, assignment: str, student: str, exercises: Sequence[str], released: Path | None
) -> HandedIn:
    """One student's submission with the records of all exercises, from the store where nothing has changed."""
    ready = _at_hand.get((assignment, student))
    if ready is not None and set(exercises) <= ready.records.keys():
        return ready
    # In the course's order, whatever became of the order of cells: keys and standing workers depend on it.
    chosen = [exercise for exercise in settings.course.exercises if exercise.name in set(exercises)]
    if not chosen:  # an assignment of quizzes alone
        there = submission_files(folder, assignment, released.parent if released is not None else None)
        return HandedIn(student, digest=digest_of(folder), closed=there.closed)
    handed_in = read_submission(folder, assignment, student, chosen, released)
    found = list(judge_all(settings, assignment, [handed_in], chosen, _standing_pool(settings, chosen)))
    return found[0]


def not_judged(student: str, points: Mapping[str, float], reason: str) -> HandedIn:
    """A submission that could not be judged at all, for a reason of ours."""
    records = {name: Record(name, student, "grader_error", 0, worth, reason=reason) for name, worth in points.items()}
    return HandedIn(student, records=records)


_at_hand: dict[tuple[str, str], HandedIn] = {}


@contextlib.contextmanager
def at_hand(assignment: str, submissions: Iterable[HandedIn]) -> Iterator[None]:
    """Inside the block `judge_submission` gives these back without another look at the files."""
    _at_hand.update({(assignment, one.student): one for one in submissions})
    try:
        yield
    finally:
        _at_hand.clear()


_pools: dict[Order, Pool] = {}


def _standing_pool(settings: Settings, exercises: Sequence[Exercise]) -> Pool:
    """One worker that stays warm from submission to submission while nbgrader hands them over one by one."""
    order = settings.order(tuple(exercise.name for exercise in exercises))
    if order not in _pools:
        for other in list(_pools):
            _pools.pop(other).close()
        _pools[order] = Pool(order, 1)
        atexit.register(_pools[order].close)
    return _pools[order]


def judge_all(
    settings: Settings,
    assignment: str,
    submissions: Sequence[HandedIn],
    exercises: Sequence[Exercise],
    pool: Pool,
    begin: Callable[[int], None] = lambda _: None,
) -> Iterator[HandedIn]:
    """Fill in the records of submissions; each is kept as soon as it exists, and given back once all of its are there.

    Those with nothing to judge come first; `begin` is then called with how many are left.
    """
    order = pool.order
    open_jobs: dict[str, int] = {}
    tasks: list[tuple[tuple[HandedIn, Job], Task]] = []
    for handed_in in submissions:
        kept = settings.store.read(assignment, handed_in.student)
        _without_judging(handed_in, exercises)
        for job in handed_in.jobs:
            keys = {name: key_of(order, job.task, _named(exercises, name)) for name in job.task.exercises}
            handed_in.keys.update(keys)
            if all(name in kept and kept[name].key == key for name, key in keys.items()):
                handed_in.records.update({name: certain(kept[name].record, handed_in.closed) for name in keys})
            else:
                tasks.append(((handed_in, job), job.task))
                open_jobs[handed_in.student] = open_jobs.get(handed_in.student, 0) + 1
        if handed_in.student not in open_jobs:
            yield handed_in
    begin(len(open_jobs))
    for (handed_in, job), result in pool.grade(tasks):
        records = _lost(job, exercises, result.reason) if isinstance(result, Lost) else result
        told = [certain(placed(record, job.assembled), handed_in.closed) for record in records]
        handed_in.records.update({record.exercise: record for record in told})
        settings.store.keep(assignment, handed_in.student, _certain(handed_in, job))
        open_jobs[handed_in.student] -= 1
        if not open_jobs[handed_in.student]:
            yield handed_in


def _certain(handed_in: HandedIn, job: Job) -> dict[str, Kept]:
    """What is worth keeping: a failure of ours is tried again the next time."""
    found = {name: Kept(handed_in.keys[name], handed_in.records[name]) for name in job.task.exercises}
    return {name: kept for name, kept in found.items() if kept.record.outcome != "grader_error"}


def _named(exercises: Iterable[Exercise], name: str) -> Exercise:
    return next(exercise for exercise in exercises if exercise.name == name)


def _without_judging(handed_in: HandedIn, exercises: Sequence[Exercise]) -> None:
    """Records of exercises that no source answers: not begun, in a cell that cannot be read, or perhaps in what is closed."""
    served = {name for job in handed_in.jobs for name in job.task.exercises}
    for exercise in exercises:
        if exercise.name in served:
            continue
        record = certain(unanswered(exercise, handed_in.student, handed_in.broken), handed_in.closed)
        handed_in.records[exercise.name] = record
        handed_in.keys[exercise.name] = hashlib.sha256(to_json(record).encode()).hexdigest()


def _lost(job: Job, exercises: Sequence[Exercise], reason: str) -> list[Record]:
    return [
        Record(name, job.student, "grader_error", 0, _named(exercises, name).manifest.points, reason=reason)
        for name in job.task.exercises
    ]
