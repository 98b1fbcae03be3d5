"""`grader grade` and `grader replay`: hidden graders on files, isolated, for marks."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.cli.notices import warn_of_practice, warn_of_weakness
from grader.grading.backends import marking_sandbox
from grader.grading.diagnosis import diagnose
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.seeds import PRACTICE_SECRET
from grader.grading.suite import Suite, with_suite
from grader.record import Record, from_json, same_verdict, to_json
from grader.report.marks import lost_points, summary_line
from grader.sandbox.contract import Sandbox


def read_submissions(files: Sequence[Path], student: str | None) -> list[Submission]:
    """The submissions of files; `CourseError` for what cannot be read, before anything is graded."""
    if student is not None and len(files) != 1:
        raise CourseError("--student names the student of one file; give one file, or leave it out")
    found = []
    for file in files:
        try:
            source = file.read_bytes()
        except IsADirectoryError:
            raise CourseError(f"{file}: a folder; name the files in it") from None
        except OSError as error:
            raise CourseError(f"{file}: cannot be read: {error.strerror}") from None
        found.append(Submission(student or file.stem, file.name, source))
    return found


def course_secret(given: str | None) -> str:
    """The secret of the course; without one, marks are repeatable but their inputs can be worked out by anybody."""
    return given or os.environ.get("GRADER_COURSE_SECRET") or PRACTICE_SECRET


def grade_files(
    course: Course,
    exercise: Exercise,
    submissions: Sequence[Submission],
    secret: str,
    language: str,
    as_json: bool,
    allow_unsandboxed: bool,
) -> int:
    """Grade and print; the exit code: 0 when every file could be graded, whatever its marks, 3 where something of ours broke."""
    warn_of_practice(secret)
    sandbox = marking_sandbox([exercise], course.root, allow_unsandboxed)
    warn_of_weakness(sandbox)
    try:
        return with_suite(
            [exercise], True, lambda suite: _grade(suite, sandbox, exercise, submissions, secret, language, as_json)
        )
    finally:
        sandbox.close()


def _grade(
    suite: Suite,
    sandbox: Sandbox,
    exercise: Exercise,
    submissions: Sequence[Submission],
    secret: str,
    language: str,
    as_json: bool,
) -> int:
    judge = Judge(suite, sandbox, secret, language=language)
    out = Console(highlight=False, soft_wrap=True)
    ours = 0
    width = max(len(submission.student) for submission in submissions)
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    quiet = as_json or len(submissions) < 2 or not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
        for submission in progress.track(submissions):
            run = judge.grade(submission, [exercise])[0]
            record = diagnose(run, submission, exercise, judge)
            ours += record.outcome == "grader_error"
            if as_json:
                print(to_json(record), flush=True)
            else:
                out.print(summary_line(record, width))
                for line in lost_points(record):
                    out.print(line)
    return 3 if ours else 0


def replay_records(
    course: Course,
    records: Sequence[Record],
    submissions: Sequence[Submission],
    test: str | None,
    language: str,
    allow_unsandboxed: bool,
) -> int:
    """Grade again with the seeds of earlier records; the exit code: 0 where every verdict repeats, 1 where one does not."""
    by_student = {submission.student: submission for submission in submissions}
    chosen = [record for record in records if record.submission in by_student]
    if not chosen:
        known = ", ".join(sorted({record.submission for record in records})[:10])
        raise CourseError(f"no record belongs to a file given; the records are of {known}")
    exercises = course.select([record.exercise for record in chosen])
    sandbox = marking_sandbox(exercises, course.root, allow_unsandboxed)
    try:
        return with_suite(exercises, True, lambda suite: _replay(suite, sandbox, course, chosen, by_student, test, language))
    finally:
        sandbox.close()


def _replay(
    suite: Suite,
    sandbox: Sandbox,
    course: Course,
    records: Sequence[Record],
    submissions: dict[str, Submission],
    test: str | None,
    language: str,
) -> int:
    out = Console(highlight=False, soft_wrap=True)
    # The seeds come from the records; the secret only decides about tests that the records do not know.
    judge = Judge(suite, sandbox, course_secret(None), language=language)
    differing = 0
    for record in records:
        exercise = course.exercise(record.exercise)
        submission = submissions[record.submission]
        run = judge.replay(submission, exercise, {result.name: result.seed for result in record.tests})
        again = diagnose(run, submission, exercise, judge)
        differences = same_verdict(record, again)
        differing += bool(differences)
        out.print(summary_line(again, len(again.submission)))
        for line in lost_points(again, only=test):
            out.print(line)
        out.print("    the verdict repeats" if not differences else "    the verdict differs:", markup=False)
        for text in differences:
            out.print(f"      {text[:400]}", markup=False)
    return 1 if differing else 0


def read_records(path: Path) -> list[Record]:
    """The records of a file of JSON lines."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: cannot be read: {error}") from None
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(from_json(line))
            except ValueError as error:
                raise CourseError(f"{path}:{number}: {error}; `grader grade --json` writes such lines") from None
    return found
