"""Makes the zip to hand in and reads it back as `grader grade-all` will, so that what is told is what will be graded."""

from __future__ import annotations

import re
import sys
import tempfile
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.catalog.course import Course, Exercise, readable
from grader.catalog.problems import CourseError
from grader.cli.notices import tell_broken
from grader.cli.options import near
from grader.intake.gather import gather
from grader.intake.reading import Submitted, read
from grader.intake.students import by_platform, student_id
from grader.locales import tr, trn
from grader.progress.kept import Remembered
from grader.progress.packing import Item, begun, is_packed, packed
from grader.quiz.jsonfile import write_whole
from grader.record import Record
from grader.report.terminal import exercise_line
from grader.sandbox.contract import Sandbox, Unavailable

_NO_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_MOST = 100


def make_submission(course: Course, student: str | None, output: Path | None, check: bool, language: str) -> None:
    """Write the zip and say what it holds.

    Parameters:
        student: the id; the one used last where None is given.
        output: the zip, or the folder to put it in.
        check: run the visible tests on its content.

    Raises:
        CourseError: nobody is named, nothing was begun, or the zip cannot be written.
    """
    kept = Remembered.of(course.root)
    name = _checked_id(student or kept.student)
    items = begun(course)
    if not items:
        raise CourseError(
            tr(
                "{folder}: nothing has been begun yet: no stub is filled and there is no notebook and no quiz of yours. "
                "`grader list` names the exercises.",
                folder=course.root,
            )
        )
    path = _target(course, output, name)
    data = packed(items)
    _write(path, data)
    if kept.student != name:
        kept.student = name
        kept.save()
    out = Console(highlight=False, soft_wrap=True)
    sound, broken = readable(course.exercises)
    known = {exercise.name for exercise in sound}
    unknown = {exercise.stub.name for exercise in course.exercises if exercise.name not in known}
    submitted, left = _read_back(name, data, sound, language)
    _print_content(out, path, len(data), items, submitted, left, unknown)
    if check:
        _print_check(out, course, sound, submitted, language)
    if broken:
        tell_broken(broken)
    if path.stem != name:
        told = tr("grade-all takes the student from the file's name: {stem}, and not {name}.", stem=path.stem, name=name)
        out.print(told, markup=False)
    for note in kept.notes:
        print(f"grader: {note}", file=sys.stderr)
    out.print(tr("Now hand in {file}.", file=near(path)), markup=False)


def _checked_id(student: str | None) -> str:
    if student is None:
        raise CourseError(tr("who hands in? Name yourself once: grader submit --student YOUR_ID; it is remembered"))
    plain = student == student.strip(".").strip() and not _NO_NAME.search(student) and len(student) <= _MOST
    if not plain or student_id(student) != student or by_platform(f"{student}.zip") is not None:
        raise CourseError(
            tr("--student: {name} cannot be the name of a file; use the id that your course knows you by", name=repr(student))
        )
    return student


def _target(course: Course, output: Path | None, name: str) -> Path:
    path = course.root / f"{name}.zip" if output is None else output / f"{name}.zip" if output.is_dir() else output
    if path.suffix.lower() != ".zip":
        raise CourseError(tr("--output: {file} is neither a folder nor a name that ends in .zip", file=path))
    if path.is_dir() or (path.exists() and not zipfile.is_zipfile(path)):
        raise CourseError(tr("{file} exists and is no zip; name another with --output", file=path))
    if path.exists() and not is_packed(path):
        told = tr("{file} exists, and `grader submit` did not make it; name another with --output, or move it away", file=path)
        raise CourseError(told)
    return path


def _write(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        raise CourseError(tr("{file}: cannot be written: {why}", file=path, why=error.strerror or error)) from None


def _read_back(name: str, data: bytes, exercises: Sequence[Exercise], language: str) -> tuple[Submitted, dict[str, str]]:
    """The zip as an instructor's machine reads it, and why a file in it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="grader-submit-") as folder:
        (Path(folder) / f"{name}.zip").write_bytes(data)
        gathered = gather(Path(folder))
        submitted, left = read(gathered.students[0], exercises, language)
    return submitted, {item.shown.partition("/")[2]: item.reason for item in left}


def _print_content(
    out: Console,
    path: Path,
    size: int,
    items: Sequence[Item],
    submitted: Submitted,
    left: dict[str, str],
    unknown: Collection[str],
) -> None:
    told = {fate.shown.partition("/")[2]: fate for fate in submitted.fates}
    out.print(Text(str(near(path)), style="bold").append(f"   {max(1, round(size / 1024))} kB", style="not bold"))
    for item in items:
        fate = told.get(item.name)
        if item.quiz:
            content = tr("answers to the quiz {quiz}", quiz=item.quiz)
            content += ", " + tr("not submitted yet: `grader quiz take` ends with submitting") if item.open else ""
        elif item.name in unknown and fate is not None and not fate.exercises:
            content = tr("handed in as it is, and not checked here: the exercise's own files cannot be read")
        elif fate is None:
            content = tr("cannot be read, so it will not be graded: {why}", why=left.get(item.name, "?"))
        else:
            content = ", ".join(fate.exercises) or tr("nothing that is graded")
        out.print(Text(f"  {item.name}"))
        out.print(Text(f"      {content}", style="dim"))


def _print_check(
    out: Console, course: Course, exercises: Sequence[Exercise], submitted: Submitted, language: str
) -> None:
    """The visible tests on what the zip holds, and what it does not hold."""
    records = _records(course, submitted, language)
    broken = [record for record in submitted.without_judging(exercises) if record.outcome == "error"]
    known = {record.exercise: record for record in [*records, *broken]}
    begun_ones = [exercise for exercise in exercises if exercise.name in known]
    width = max((len(exercise.name) for exercise in begun_ones), default=0)
    out.print()
    for exercise in begun_ones:
        record = known[exercise.name]
        line = exercise_line(record, width)
        out.print(line if record.tests or not record.reason else line.append(f"   {record.reason}", style="dim"))
    failing = sum(record.outcome != "passed" for record in known.values())
    if failing:
        told = trn("{n} exercise still fails its visible tests.", "{n} exercises still fail their visible tests.", failing)
        out.print(told + " " + tr("`grader check` shows why."), markup=False)
    elif known:
        out.print(tr("Everything in it passes its visible tests."), markup=False)
    left = [exercise.name for exercise in exercises if exercise.name not in known]
    if left:
        out.print(trn("Not in it: {n} exercise ({names}).", "Not in it: {n} exercises ({names}).", len(left), names=_short(left)))
    out.print()


def _short(names: Sequence[str]) -> str:
    return ", ".join(names if len(names) <= 6 else [*names[:5], "…"])


def _records(course: Course, submitted: Submitted, language: str) -> list[Record]:
    from grader.grading.backends import checking_sandbox
    from grader.grading.host import Submission
    from grader.grading.judge import Judge
    from grader.grading.seeds import PRACTICE_SECRET, PRACTICE_STUDENT
    from grader.grading.suite import Suite, with_suite

    exercises = [course.exercise(name) for source in submitted.sources for name in source.exercises]
    if not exercises:
        return []
    sandbox: Sandbox = checking_sandbox(exercises, course.root, False)

    def run(suite: Suite) -> list[Record]:
        judge = Judge(suite, sandbox, PRACTICE_SECRET, hidden=False, language=language)
        found: list[Record] = []
        for source in submitted.sources:
            chosen = [course.exercise(name) for name in source.exercises]
            submission = Submission(PRACTICE_STUDENT, source.task.filename, source.task.source)
            found += [source.finished(done.record) for done in judge.grade(submission, chosen)]
        return found

    try:
        return with_suite(exercises, False, run)
    except Unavailable as error:
        raise CourseError(tr("the zip is written, but not checked: {why}; `grader doctor` tells more", why=error)) from None
    finally:
        sandbox.close()
