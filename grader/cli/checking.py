"""`grader check`: the public tests on the stubs in place, for students."""

from __future__ import annotations

import bdb
import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.cli.checkpage import Checked, check_target, link_to, write_page
from grader.cli.early import Early
from grader.grading.backends import checking_sandbox
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.seeds import PRACTICE_SECRET, PRACTICE_STUDENT
from grader.grading.suite import Suite, with_suite
from grader.grading.watching import Watching
from grader.locales import tr
from grader.progress.state import keep
from grader.record import Record, to_json
from grader.report.blocks import maps
from grader.report.terminal import details, exercise_line, next_step
from grader.sandbox.bubblewrap import Launched
from grader.sandbox.contract import Process, Sandbox
from grader.sandbox.inprocess import InProcess, InProcessSandbox
from grader.testing.failure import Compared

_EXIT = {"passed": 0, "failed": 1, "error": 1, "not_started": 1, "grader_error": 3}


@dataclass(frozen=True)
class Manner:
    """How a check is made and told: the language, JSON in place of text, the debugger, a page besides."""

    language: str
    as_json: bool = False
    in_process: bool = False
    debug: bool = False
    html: Path | None = None


@dataclass(frozen=True)
class _Checked:
    """One exercise: its record, and what its public tests that failed over arrays compared; the first one's apart."""

    record: Record
    compared: tuple[str, Compared] | None
    arrays: dict[str, Compared]
    submission: Submission


def check_exercises(course: Course, exercises: Sequence[Exercise], manner: Manner, early: Early | None = None) -> int:
    """Check and print; the exit code: 0 all pass, 1 something does not, 3 our fault."""
    if not exercises:
        raise CourseError(tr("{folder}: there are no exercises in it", folder=course.root))
    if manner.html is not None:
        check_target(manner.html)
    sandbox = checking_sandbox(exercises, course.root, manner.in_process, _fitting(early, course))
    try:
        return with_suite(exercises, False, lambda suite: _check(suite, sandbox, course, exercises, manner))
    finally:
        sandbox.close()


def check_quietly(course: Course, exercises: Sequence[Exercise], language: str, early: Early | None = None) -> list[Record]:
    """The records of a check, with nothing printed."""
    sandbox = checking_sandbox(exercises, course.root, False, _fitting(early, course))
    manner = Manner(language)
    try:
        return with_suite(
            exercises, False, lambda suite: [_one(suite, sandbox, exercise, manner).record for exercise in exercises]
        )
    finally:
        sandbox.close()


def _fitting(early: Early | None, course: Course) -> tuple[list[str], Launched] | None:
    return (early.libraries, early.launched) if early is not None and early.root == course.root else None


def _check(suite: Suite, sandbox: Sandbox, course: Course, exercises: Sequence[Exercise], manner: Manner) -> int:
    out = Console(highlight=False, soft_wrap=True)
    found: list[_Checked] = []
    width = max(len(exercise.name) for exercise in exercises)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    quiet = manner.as_json or manner.debug or len(exercises) < 2 or not sys.stderr.isatty()
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
            task = progress.add_task("", total=len(exercises))
            topic = ""
            for exercise in exercises:
                progress.update(task, description=tr("checking {exercise}", exercise=exercise.name))
                one = _one(suite, sandbox, exercise, manner)
                found.append(one)
                if manner.debug and one.record.outcome == "not_started":
                    untouched = tr(
                        "No debugger for {file}: it is still the stub that was handed out, so none of your code has run.",
                        file=_relative(exercise.stub),
                    )
                    print(untouched, file=sys.stderr)
                if manner.as_json:
                    print(to_json(one.record), flush=True)
                else:
                    if exercise.topic != topic:
                        topic = exercise.topic
                        out.print(topic, style="bold", markup=False)
                    out.print(exercise_line(one.record, width))
                progress.advance(task)
    finally:  # also of a check that was stopped, whose reader has gone, or that met a file that cannot be read
        keep(course.root, [one.record for one in found])
    if not manner.as_json:
        _explain(out, course, exercises, found, sandbox)
    if manner.html is not None:
        from grader.grading.picturing import picture_of  # here, as below: what few checks need must not slow down all

        pages = [
            Checked(exercise, one.record, one.compared, picture_of(exercise, one.submission, one.record, sandbox))
            for exercise, one in zip(exercises, found, strict=True)
        ]
        write_page(manner.html, pages, manner.language)
        told = Console(stderr=True, highlight=False, soft_wrap=True) if manner.as_json else out
        told.print(link_to(manner.html))
    return max((_EXIT[one.record.outcome] for one in found), default=0)


def _step(process: Process) -> None:
    """Let the student step through the call that went wrong."""
    if isinstance(process, InProcess):
        print(tr("The debugger is in your code: n steps, s enters a call, p NAME prints, q leaves."), file=sys.stderr)
        with contextlib.suppress(bdb.BdbQuit):
            process.step()


def _one(suite: Suite, sandbox: Sandbox, exercise: Exercise, manner: Manner) -> _Checked:
    try:
        source = exercise.stub.read_bytes()
    except FileNotFoundError:
        told = tr("{file} is not there; `grader reset {name}` brings it back", file=_relative(exercise.stub), name=exercise.name)
        raise CourseError(told) from None
    except OSError as error:
        raise CourseError(tr("{file}: cannot be read: {reason}", file=exercise.stub, reason=error.strerror)) from None
    watching = Watching(suite, manner.language, [])
    # The known mistakes are not what is watched, so they are tried by a judge of their own.
    step = _step if manner.debug else None
    judge, other = (
        Judge(each, sandbox, PRACTICE_SECRET, hidden=False, language=manner.language, on_problem=step)
        for each in (watching, suite)
    )
    # In this process the debugger looks the source up by its path.
    name = exercise.stub.name if sandbox.name != InProcessSandbox.name else str(exercise.stub)
    submission = Submission(PRACTICE_STUDENT, name, source)
    run = judge.grade(submission, [exercise])[0]
    record = run.record
    if record.outcome in ("failed", "error"):
        from grader.grading.slips import tell

        record = tell(run, submission, exercise, other)
    return _Checked(record, watching.compared, watching.arrays, submission)


def _explain(
    out: Console, course: Course, exercises: Sequence[Exercise], checked: Sequence[_Checked], sandbox: Sandbox
) -> None:
    files = {exercise.name: _relative(exercise.stub) for exercise in exercises}
    records = [one.record for one in checked]
    out.print()
    for one in checked:
        found = details(one.record, files[one.record.exercise], maps(one.arrays, out.options))
        if found is not None:
            out.print(found)
    requires = {exercise.name: exercise.manifest.requires for exercise in exercises}
    out.print(next_step(records, files, requires), markup=False)
    if not sandbox.isolated:
        weak = tr(
            "(protection in force: {name}; code runs with your own rights; `grader doctor` tells more)", name=sandbox.name
        )
        out.print(weak, style="dim", markup=False)


def _relative(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path

