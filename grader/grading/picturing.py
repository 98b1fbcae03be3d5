"""Runs an exercise's `picture.py` on a submission: the same isolation as its public tests, panels or a reason in the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError
from grader.grading.conversation import ForbiddenReached
from grader.grading.host import Host, NotLoaded, Submission
from grader.grading.seeds import PRACTICE_SECRET
from grader.grading.seeds import seed as seed_of
from grader.grading.student import Student
from grader.grading.suite import parameter_names
from grader.grading.verdicts import verdict
from grader.pictures.draw import Draw, PictureError
from grader.pictures.panels import Picture
from grader.record import Record, clean
from grader.record.limits import Limits
from grader.sandbox.contract import Ended, Sandbox, Unavailable
from grader.testing.failure import Failure, StudentError

# A picture is a few calls on small inputs: a call that takes longer hangs.
_LIMITS = Limits(call_seconds=3.0)


def picture_of(exercise: Exercise, submission: Submission, record: Record, sandbox: Sandbox) -> Picture | None:
    """The picture that belongs to a checked submission; None where the exercise draws none or there is nothing to draw.

    What the tests have found to stop is not run again: the picture is left out with the reason that they give.
    """
    if not exercise.picture.is_file() or record.outcome in ("not_started", "grader_error"):
        return None
    stopped = next((test.message for test in record.tests if test.outcome == "error"), "")
    if record.reason or record.outcome == "error":
        return Picture(reason=record.reason or stopped)
    return draw_picture(exercise, submission, sandbox)


def draw_picture(exercise: Exercise, submission: Submission, sandbox: Sandbox) -> Picture:
    """Draw a submission; whatever goes wrong becomes the reason why there is no picture."""
    try:
        function = load_picture(exercise.picture)
    except CourseError as error:
        return Picture(reason=str(error), ours=True)
    probe_file = exercise.public / "probe.py"
    probe = probe_file.read_text(encoding="utf-8") if probe_file.is_file() else None
    host = Host(sandbox, _LIMITS, submission, [exercise], [probe] if probe is not None else [])
    try:
        return _drawn(host, exercise, function, probe)
    finally:
        host.close()


def _drawn(host: Host, exercise: Exercise, function: Callable[[Student, Draw], Any], probe: str | None) -> Picture:
    manifest = exercise.manifest
    student: Student | None = None
    draw = Draw()
    try:
        conversation = host.begin(exercise).conversation
        conversation.begin_test(seed_of(PRACTICE_SECRET, "", exercise.name, "picture"))
        names = parameter_names(exercise.stub, manifest.entry)
        student = Student(conversation, manifest.entry, manifest.returns, manifest.call_returns, names, probe)
        function(student, draw)
    except NotLoaded as problem:
        return Picture(reason=clean(problem.reason))
    except PictureError as error:
        return Picture(reason=f"{exercise.picture.name}: {error}", ours=True)
    except (Failure, StudentError, ForbiddenReached, Ended, Unavailable) as error:
        found = verdict(error, manifest, lambda: student.last_call if student else "", hidden=False)
        return Picture(reason=clean(found.message))
    except Exception as error:  # a slip of the picture's author must not cost a student the check
        return Picture(reason=f"{exercise.picture.name}: {type(error).__name__}: {error}"[:300], ours=True)
    if not draw.panels:
        return Picture(reason=f"{exercise.picture.name}: it draws nothing", ours=True)
    return Picture(tuple(draw.panels))


def load_picture(path: Path) -> Callable[[Student, Draw], Any]:
    """The function `picture` of a file.

    Raises:
        CourseError: the file cannot be executed or defines no such function.
    """
    namespace: dict[str, Any] = {"__name__": "picture", "__file__": str(path)}
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True), namespace)
    except Exception as error:  # an author's file may raise anything
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) else ""
        raise CourseError(f"{path}: cannot be loaded: {type(error).__name__}: {error}{line}") from None
    function = namespace.get("picture")
    if not callable(function):
        raise CourseError(f"{path}: it defines no function `picture(student, draw)`")
    return function  # type: ignore[no-any-return]  # a namespace holds anything
