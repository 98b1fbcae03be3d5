"""`grader check`: the public tests on the stubs in place, for students."""

from __future__ import annotations

import bdb
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.cli.early import Early
from grader.grading.backends import checking_sandbox
from grader.grading.diagnosis import diagnose
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.seeds import PRACTICE_SECRET
from grader.grading.suite import Suite, with_suite
from grader.locales import tr
from grader.progress.state import keep
from grader.record import Record, to_json
from grader.report.terminal import details, exercise_line, next_step
from grader.sandbox.bubblewrap import Launched
from grader.sandbox.contract import Process, Sandbox
from grader.sandbox.inprocess import InProcess, InProcessSandbox

_EXIT = {"passed": 0, "failed": 1, "error": 1, "not_started": 1, "grader_error": 3}


def check_exercises(
    course: Course,
    exercises: Sequence[Exercise],
    language: str,
    as_json: bool,
    in_process: bool,
    debug: bool,
    early: Early | None = None,
) -> int:
    """Check and print; the exit code: 0 all pass, 1 something does not, 3 our fault."""
    if not exercises:
        raise CourseError(tr("{folder}: there are no exercises in it", folder=course.root))
    sandbox = checking_sandbox(exercises, course.root, in_process, _fitting(early, course))
    try:
        return with_suite(exercises, False, lambda suite: _check(suite, sandbox, course, exercises, language, as_json, debug))
    finally:
        sandbox.close()


def check_quietly(course: Course, exercises: Sequence[Exercise], language: str, early: Early | None = None) -> list[Record]:
    """The records of a check, with nothing printed."""
    sandbox = checking_sandbox(exercises, course.root, False, _fitting(early, course))

    def check(suite: Suite) -> list[Record]:
        judge = Judge(suite, sandbox, PRACTICE_SECRET, hidden=False, language=language)
        return [_one(judge, exercise) for exercise in exercises]

    try:
        return with_suite(exercises, False, check)
    finally:
        sandbox.close()


def _fitting(early: Early | None, course: Course) -> tuple[list[str], Launched] | None:
    return (early.libraries, early.launched) if early is not None and early.root == course.root else None


def _check(
    suite: Suite, sandbox: Sandbox, course: Course, exercises: Sequence[Exercise], language: str, as_json: bool, debug: bool
) -> int:
    judge = Judge(suite, sandbox, PRACTICE_SECRET, hidden=False, language=language, on_problem=_step if debug else None)
    out = Console(highlight=False, soft_wrap=True)
    records: list[Record] = []
    width = max(len(exercise.name) for exercise in exercises)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    quiet = as_json or debug or len(exercises) < 2 or not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
        task = progress.add_task("", total=len(exercises))
        topic = ""
        for exercise in exercises:
            progress.update(task, description=tr("checking {exercise}", exercise=exercise.name))
            record = _one(judge, exercise)
            records.append(record)
            if as_json:
                print(to_json(record), flush=True)
            else:
                if exercise.topic != topic:
                    topic = exercise.topic
                    out.print(topic, style="bold", markup=False)
                out.print(exercise_line(record, width))
            progress.advance(task)
    keep(course.root, records)
    if not as_json:
        _explain(out, course, exercises, records, sandbox)
    return max((_EXIT[record.outcome] for record in records), default=0)


def _step(process: Process) -> None:
    """Let the student step through the call that went wrong."""
    if isinstance(process, InProcess):
        print(tr("The debugger is in your code: n steps, s enters a call, p NAME prints, q leaves."), file=sys.stderr)
        with contextlib.suppress(bdb.BdbQuit):
            process.step()


def _one(judge: Judge, exercise: Exercise) -> Record:
    try:
        source = exercise.stub.read_bytes()
    except OSError as error:
        raise CourseError(tr("{file}: cannot be read: {reason}", file=exercise.stub, reason=error.strerror)) from None
    # In this process the debugger looks the source up by its path.
    name = exercise.stub.name if judge.sandbox.name != InProcessSandbox.name else str(exercise.stub)
    submission = Submission("you", name, source)
    run = judge.grade(submission, [exercise])[0]
    return diagnose(run, submission, exercise, judge)


def _explain(
    out: Console, course: Course, exercises: Sequence[Exercise], records: Sequence[Record], sandbox: Sandbox
) -> None:
    files = {exercise.name: _relative(exercise.stub) for exercise in exercises}
    out.print()
    for record in records:
        found = details(record, files[record.exercise])
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

