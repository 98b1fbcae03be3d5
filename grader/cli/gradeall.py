"""`grader grade-all`: a whole class, however it was handed in, into a database of marks."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.batch.task import Order
from grader.catalog.course import Course
from grader.catalog.extras import install
from grader.catalog.problems import CourseError
from grader.cli.notices import warn_of_practice
from grader.cli.progress import Watch
from grader.record import Record, to_json, unread

if TYPE_CHECKING:  # SQLAlchemy and the notebooks' side are imported when a class is graded
    from grader.batch.marks import Marks
    from grader.batch.running import Assignment, Engine
    from grader.intake.gather import Left
    from grader.intake.planning import Plan

_SHOWN = 3  # files of one reason
PRIVATE = ".grader"


@dataclass(frozen=True)
class Wanted:
    """The options of the command."""

    place: Path
    store: str | None
    jobs: int | None
    force: bool
    exercises: Sequence[str]
    secret: str
    language: str
    allow_unsandboxed: bool
    as_json: bool
    scheduler: str | None
    dry_run: bool
    pattern: str | None


@dataclass
class Done:
    """What a run did, in results: one student's of one exercise each."""

    graded: int = 0
    unchanged: int = 0
    elsewhere: int = 0
    failed: list[Record] = field(default_factory=list)
    unsandboxed: bool = False

    def add(self, record: Record) -> None:
        """Count a new record."""
        if record.outcome == "grader_error":
            self.failed.append(record)
        else:
            self.graded += 1
        self.unsandboxed = self.unsandboxed or record.sandbox not in ("", "bubblewrap")


def grade_all(course: Course, wanted: Wanted) -> int:
    """Grade a class and print; the exit code: 0 everything has its mark, 3 something has none, 130 stopped."""
    if importlib.util.find_spec("sqlalchemy") is None:
        raise CourseError(f"grade-all needs SQLAlchemy: {install('class')}; `grader doctor` tells more")
    from grader.intake.planning import plan
    from grader.intake.students import pattern_of

    pattern = pattern_of(wanted.pattern) if wanted.pattern is not None else None
    with Watch() as watch:

        def show(what: str, done: int, total: int) -> None:
            if done == 1:
                watch.begin(what, total)
            watch.advance()

        found = plan(course, wanted.place, wanted.exercises, wanted.language, pattern, show)
    out = Console(highlight=False, soft_wrap=True, stderr=wanted.as_json)
    with contextlib.closing(found):
        if wanted.dry_run:
            _print_table(found, out)
            return 0
        return _graded(course, wanted, found, out)


def _graded(course: Course, wanted: Wanted, found: Plan, out: Console) -> int:
    from grader.batch.marks import Marks

    warn_of_practice(wanted.secret)
    names = tuple(exercise.name for exercise in found.exercises)
    order = Order(course.root.resolve(), names, wanted.secret, wanted.language, wanted.allow_unsandboxed)
    done = Done()
    marks = Marks(_address(wanted))
    with contextlib.closing(marks), _stoppable():
        try:
            _run(wanted, found, order, marks, done)
        except KeyboardInterrupt:
            print(f"grader: stopped; {done.graded} new results are kept, the same command goes on from there", file=sys.stderr)
            return 130
        if wanted.as_json:
            for record in _of_class(marks, found):
                print(to_json(record), flush=True)
        _summarise(found, marks, done, out)
    if done.unsandboxed:
        print("grader: graded without the sandbox, as allowed: submissions ran with your own rights", file=sys.stderr)
    return 3 if done.failed else 0


def _address(wanted: Wanted) -> str:
    """The database's URL; the usual one is a file beside what was handed in."""
    if wanted.store is not None and "://" in wanted.store:
        return wanted.store
    if wanted.store is not None:
        path = Path(wanted.store)
    else:
        path = store_of(wanted.place)
        folder = path.parent
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            if not (folder / ".gitignore").exists():
                (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        except OSError as error:
            raise CourseError(f"{folder}: cannot be written ({error.strerror}); name another place with --store") from None
    return f"sqlite:///{path.absolute()}"


def store_of(place: Path) -> Path:
    """The usual store of a folder of submissions, or of one zip."""
    return (place if place.is_dir() else place.parent) / PRIVATE / "marks.db"


def refuse_inside(output: Path, place: Path, option: str) -> None:
    """Refuse to write a folder where the next grading would take it for a student's.

    Parameters:
        output: to be written.
        place: what was handed in, or the usual store of it.
        option: that names another place.

    Raises:
        CourseError: it lies in there.
    """
    folder = place.resolve()
    if folder.parent.name == PRIVATE:
        folder = folder.parent.parent
    if folder.is_dir() and output.resolve().is_relative_to(folder):
        raise CourseError(f"{output}: in {folder} it would be taken for something handed in; name another place with {option}")


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """A cluster's or a system's polite request to end is taken as Ctrl-C is."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# -- grading -------------------------------------------------------------------------------------------------------------------


def _run(wanted: Wanted, found: Plan, order: Order, marks: Marks, done: Done) -> None:
    from grader.batch.running import Run

    kept = marks.keys()
    waiting = {(record.submission, record.exercise) for record in marks.failures()}
    # Who goes back to what has a mark already no longer waits for another try.
    for student, exercise in waiting & _keep_without_judging(found, marks, kept, done):
        marks.settle(student, [exercise])
    with Watch() as watch:
        todo = _todo(wanted, found, order, marks, kept, waiting, done, watch)
        first = next(todo, None)
        if first is None:
            return
        told: list[int] = []

        def wait(count: int) -> None:
            if not told:
                watch.note(f"another run has the last {count} submissions; waiting for it")
                told.append(count)

        with (
            contextlib.closing(_engine(wanted, order, found.sources, watch)) as engine,
            contextlib.closing(Run(marks, engine, wanted.force, wait).grade(chain([first], todo))) as results,
        ):
            for result in results:
                for record in result.records:
                    done.add(record)
                if result.how == "elsewhere":
                    done.elsewhere += len(result.assignment.work.keys)
                watch.advance()


def _todo(
    wanted: Wanted,
    found: Plan,
    order: Order,
    marks: Marks,
    kept: dict[tuple[str, str], str],
    waiting: set[tuple[str, str]],
    done: Done,
    watch: Watch,
) -> Iterator[Assignment]:
    """What has no mark yet, or another one would be given now."""
    watch.begin("grading", found.sources)
    for assignment in found.assignments(order):
        work = assignment.work
        if not wanted.force and all(kept.get((work.student, name)) == key for name, key in work.keys):
            done.unchanged += len(work.keys)
            if any((work.student, name) in waiting for name, _ in work.keys):
                marks.settle(work.student, (name for name, _ in work.keys))
            watch.drop()
        else:
            yield assignment


def _keep_without_judging(found: Plan, marks: Marks, kept: dict[tuple[str, str], str], done: Done) -> set[tuple[str, str]]:
    """Keep what needs no judge; the student and exercise of what has its mark already."""
    unchanged: set[tuple[str, str]] = set()
    for student, records in found.without_judging():
        new = [one for one in records if kept.get((student, one.record.exercise)) != one.key]
        done.unchanged += len(records) - len(new)
        unchanged.update((student, one.record.exercise) for one in records if one not in new)
        if new:
            marks.keep(None, new)
        for one in new:
            done.add(one.record)
    return unchanged


def _engine(wanted: Wanted, order: Order, tasks: int, watch: Watch) -> Engine:
    if wanted.scheduler is not None:
        from grader.batch.cluster import Cluster

        return Cluster(order, wanted.scheduler, watch.note)
    from grader.batch.pool import Pool

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Pool(order, min(wanted.jobs or cores, tasks))


# -- telling -------------------------------------------------------------------------------------------------------------------


def _of_class(marks: Marks, found: Plan) -> Iterator[Record]:
    """The marks of this class, then what waits for another try."""
    students = {entry.handed.student for entry in found.entries}
    exercises = {exercise.name for exercise in found.exercises}
    for records in (marks.records(), marks.failures()):
        for record in records:
            if record.submission in students and record.exercise in exercises:
                yield record


def _print_table(found: Plan, out: Console) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for title in ("student", "found by", "in", "exercises"):
        table.add_column(title, overflow="fold")
    for entry in found.entries:
        handed, submitted = entry.handed, entry.submitted
        names = [name for name in (exercise.name for exercise in found.exercises) if name in submitted.defined]
        cells = (handed.student, ", ".join(handed.rules), _some(handed.places), ", ".join(names) or "none")
        table.add_row(*map(Text, cells))
    # Without a terminal the table is as wide as it needs to be.
    wide = Console(file=out.file, width=out.width if out.is_terminal else 10_000, highlight=False)
    wide.print(table)
    _print_exercises(found, out)
    for left in found.left:
        out.print(f"not graded: {left.shown}: {left.reason}", markup=False)
    out.print("nothing was graded (--dry-run)")


def _print_exercises(found: Plan, out: Console) -> None:
    out.print(f"{len(found.entries)} students, {len(found.exercises)} exercises:")
    for exercise in found.exercises:
        out.print(f"  {exercise.name}: handed in by {found.counts[exercise.name]}", markup=False)


def _summarise(found: Plan, marks: Marks, done: Done, out: Console) -> None:
    kept = marks.keys() if done.failed else {}
    _print_exercises(found, out)
    _print_left(found.left, out)
    for record in done.failed:
        stays = "no new mark, the earlier one stays" if (record.submission, record.exercise) in kept else "no mark"
        out.print(f"{record.submission}, {record.exercise}: {stays}: {record.reason}", markup=False)
    closed = sorted({record.submission for record in done.failed if unread(record)})
    if closed:
        advice = "no failure of the grader: ask for a plain .py, .ipynb or zip, or unpack it yourself, and run this again"
        out.print(f"part of the hand-in could not be read: {_some(closed)}: {advice}", markup=False)
    parts = [f"{done.graded} results new", f"{done.unchanged} unchanged"]
    if done.elsewhere:
        parts.append(f"{done.elsewhere} by another run")
    if done.failed:
        parts.append(f"{len(done.failed)} not graded, to be tried again by the next run")
    out.print(f"{', '.join(parts)}; marks are in {marks.shown}", markup=False)


def _print_left(left: Sequence[Left], out: Console) -> None:
    """Files that gave nothing; of one reason, a few stand for all."""
    by_reason: dict[str, list[str]] = {}
    for one in left:
        by_reason.setdefault(one.reason, []).append(one.shown)
    for reason, shown in by_reason.items():
        listed = " (--dry-run lists them all)" if len(shown) > _SHOWN else ""
        out.print(f"not graded: {_some(shown)}{listed}: {reason}", markup=False)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
