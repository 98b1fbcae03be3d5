"""One submission as Gradescope wants it: `grader grade --format gradescope`, and what the autograder's zip runs."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.authoring.gradescope import SETTINGS
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.cli.notices import warn_of_practice, warn_of_weakness
from grader.grading.backends import marking_sandbox
from grader.grading.diagnosis import diagnose
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.suite import Suite, with_suite
from grader.record import Record
from grader.report.gradescope import no_score, results
from grader.sandbox.contract import Sandbox, Unavailable

if TYPE_CHECKING:  # notebooks are read only where one was handed in
    from grader.notebooks.assemble import Assembled
    from grader.notebooks.notes import Note

_NOBODY = "submission"


@dataclass(frozen=True)
class Piece:
    """A source, the exercises that it answers, and where it was put together from if it was."""

    submission: Submission
    exercises: Sequence[Exercise]
    assembled: Assembled | None = None


@dataclass(frozen=True)
class Settings:
    """How marks are given."""

    secret: str
    language: str
    allow_unsandboxed: bool


def grade_one(course: Course, exercise: Exercise, submission: Submission, settings: Settings) -> int:
    """Print results.json for one file; the exit code: 0, or 3 where something of ours broke and there is no score."""
    warn_of_practice(settings.secret)
    records = judge(course, [Piece(submission, [exercise])], settings)
    print(_text(results(records, _titles([exercise], settings.language), settings.language)))
    return 3 if any(record.outcome == "grader_error" for record in records) else 0


# -- judging ---------------------------------------------------------------------------------------------------------------------


def judge(course: Course, pieces: Sequence[Piece], settings: Settings) -> list[Record]:
    """The records of all pieces.

    Raises:
        CourseError: a hidden test is missing or cannot be collected.
        Unavailable: the sandbox does not work here and going without was not allowed.
    """
    exercises = [exercise for piece in pieces for exercise in piece.exercises]
    if not exercises:
        return []
    sandbox = marking_sandbox(exercises, course.root, settings.allow_unsandboxed)
    warn_of_weakness(sandbox)
    try:
        return with_suite(exercises, True, lambda suite: _judge(suite, sandbox, pieces, settings))
    finally:
        sandbox.close()


def _judge(suite: Suite, sandbox: Sandbox, pieces: Sequence[Piece], settings: Settings) -> list[Record]:
    judge = Judge(suite, sandbox, settings.secret, language=settings.language)
    records: list[Record] = []
    for piece in pieces:
        runs = judge.grade(piece.submission, piece.exercises)
        found = [
            diagnose(run, piece.submission, exercise, judge) for run, exercise in zip(runs, piece.exercises, strict=True)
        ]
        records += _placed(found, piece.assembled) if piece.assembled else found
    return records


def _placed(records: Sequence[Record], assembled: Assembled) -> list[Record]:
    from grader.notebooks.records import placed

    return [placed(record, assembled) for record in records]


# -- what was handed in ----------------------------------------------------------------------------------------------------------


@dataclass
class Found:
    """What a submitted folder holds.

    Attributes:
        pieces: the sources to judge.
        missing: the records of exercises that none of them answers.
        notes: what should be known about how it was read, by exercise.
        closed: what was not read and may hold the answer.
    """

    pieces: list[Piece] = field(default_factory=list)
    missing: list[Record] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    closed: list[Note] = field(default_factory=list)


def find(folder: Path, exercises: Sequence[Exercise], student: str, language: str) -> Found:
    """What a student handed in.

    A file named after its exercise is graded as it is, as `grader grade` does. Where notebooks were handed in, or an
    exercise has no file of its name with work in it, the cells and files are searched for what it asks for.
    """
    from grader.notebooks.submitted import submission_files

    there = submission_files(folder, _NOBODY)
    files = there.code
    notebooks = any(path.suffix.lower() == ".ipynb" for path in files)
    own = {path.name: path for path in sorted(files, key=lambda path: -len(path.parts))}
    found = Found(closed=there.closed)
    searched = []
    for exercise in exercises:
        path = own.get(f"{exercise.name}.py")
        if path is None or notebooks or (len(files) > 1 and not _has_work(path, exercise.manifest.entry)):
            searched.append(exercise)
        else:
            found.pieces.append(Piece(Submission(student, path.name, path.read_bytes()), [exercise]))
    if searched:
        # No name was asked for, so the first file is the one whose word counts.
        assignment = files[0].stem if files else _NOBODY
        _search(found, folder, assignment, searched, student, language)
    return found


def _has_work(path: Path, entry: str) -> bool:
    """Whether a file defines an entry and is more than the stub."""
    from grader.notebooks.assemble import has_work
    from grader.notebooks.cells import Unreadable, read_cells

    try:
        return has_work(read_cells(path), entry)
    except Unreadable:
        return False


def _search(
    found: Found, folder: Path, assignment: str, exercises: Sequence[Exercise], student: str, language: str
) -> None:
    """Add what notebooks, and files of any name, have for exercises."""
    from grader.notebooks.judging import read_submission
    from grader.notebooks.records import unanswered
    from grader.notebooks.submitted import submission_files

    handed_in = read_submission(folder, assignment, student, exercises)
    found.closed = handed_in.closed
    handed_in.notes[:] = _of_files_there(handed_in.notes, [path.name for path in submission_files(folder, _NOBODY).code])
    by_name = {exercise.name: exercise for exercise in exercises}
    served: set[str] = set()
    for job in handed_in.jobs:
        served |= set(job.task.exercises)
        submission = Submission(student, job.task.filename, job.task.source)
        found.pieces.append(Piece(submission, [by_name[name] for name in job.task.exercises], job.assembled))
    for exercise in exercises:
        found.notes[exercise.name] = handed_in.sentences(exercise.manifest.entry, language)
        if exercise.name not in served:
            found.missing.append(unanswered(exercise, student, handed_in.broken))


def _of_files_there(notes: Sequence[Note], files: Sequence[str]) -> Iterator[Note]:
    """Notes that name no notebook of the assignment, because here is none: the first file is what others are compared with."""
    for note in notes:
        if note.kind == "other_file" and note.values["own"] not in files:
            if note.values["file"] == files[0]:
                continue
            note = replace(note, values={**note.values, "own": files[0]})
        yield note


def _finished(record: Record, found: Found, language: str) -> Record:
    """A record with what is to be said about the reading, and no mark where the answer may lie in what was not read."""
    from grader.notebooks.notes import tell
    from grader.notebooks.records import certain

    told = found.notes.get(record.exercise) or [tell(note, language) for note in found.closed]
    return replace(certain(record, found.closed), notes=(*told, *record.notes))


# -- on Gradescope ---------------------------------------------------------------------------------------------------------------


def run(root: Path) -> int:
    """What `run_autograder` does: the submission's results.json, whatever happens; the exit code is 3 where it has no score.

    Parameters:
        root: the folder with `source`, `submission` and `results`. What goes wrong is printed, for the instructor alone.
    """
    language = "en"
    try:
        data = json.loads((root / "source" / SETTINGS).read_text(encoding="utf-8"))
        settings = Settings(data["secret"], data["language"], data["allow_unsandboxed"])
        language = settings.language
        course = Course(root / "source" / "course")
        exercises = course.select(data["exercises"])
        found = find(root / "submission", exercises, student_of(root / "submission_metadata.json"), language)
        by_name = {record.exercise: record for record in [*judge(course, found.pieces, settings), *found.missing]}
        records = [_finished(by_name[exercise.name], found, language) for exercise in exercises]
        _replace(root, results(records, _titles(exercises, language), language))
    except (CourseError, Unavailable) as error:
        print(f"grader: {error}", file=sys.stderr)
    except Exception:  # without a results.json of ours a student would read a message that nobody meant for them
        traceback.print_exc()
    else:
        broken = [record for record in records if record.outcome == "grader_error"]
        for record in broken:
            print(f"grader: {record.exercise}: {record.reason}", file=sys.stderr)
        return 3 if broken else 0
    _replace(root, no_score(language))
    return 3


def student_of(metadata: Path) -> str:
    """Who handed in, the same for each of a group's submissions: their addresses; a fixed word where nobody is named."""
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        named = sorted(str(user.get("email") or user["id"]) for user in users)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        named = []
    return ", ".join(named) or _NOBODY


def _titles(exercises: Sequence[Exercise], language: str) -> dict[str, str]:
    return {exercise.name: exercise.manifest.title.get(language) for exercise in exercises}


def _text(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False)


def _replace(root: Path, found: dict[str, Any]) -> None:
    target = root / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    # A new file: whatever lies there, a link too, is not written through.
    fresh = target.with_name("results.json.new")
    fresh.unlink(missing_ok=True)
    fresh.write_text(_text(found), encoding="utf-8")
    os.replace(fresh, target)


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
