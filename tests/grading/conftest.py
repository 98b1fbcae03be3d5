"""Grading in one line: exercises, a source, and what the judge says."""

from collections.abc import Callable, Sequence
from textwrap import dedent
from typing import Any

import pytest

from grader.catalog.course import Exercise
from grader.grading.diagnosis import diagnose
from grader.grading.host import Submission
from grader.grading.judge import Judge, Run
from grader.grading.suite import with_suite
from grader.record import Record
from grader.record.limits import Limits
from grader.sandbox.contract import Sandbox
from grader.sandbox.plain import PlainSandbox
from grader.sandbox.warm import WarmSandbox

# Wall clock is the subject of few tests, and the machine may be busy.
PATIENT = Limits(call_seconds=60.0, submission_seconds=240.0)


class Grading:
    """A judge's desk."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def runs(
        self,
        exercises: Sequence[Exercise],
        source: str | bytes,
        student: str = "ann",
        secret: str = "s3cret",
        hidden: bool = True,
        limits: Limits = PATIENT,
        work: Callable[[Judge, Submission], Any] | None = None,
        sandbox: Sandbox | None = None,
        **options: Any,
    ) -> Any:
        """Grade a source; all runs, or what `work` makes of judge and submission."""
        data = source if isinstance(source, bytes) else dedent(source).encode()
        submission = Submission(student, f"{student}.py", data)

        def grade(judge: Judge) -> Any:
            return work(judge, submission) if work else judge.grade(submission, exercises)

        return with_suite(
            exercises,
            hidden,
            lambda suite: grade(Judge(suite, sandbox or self.sandbox, secret, hidden, limits=limits, **options)),
        )

    def __call__(self, exercise: Exercise, source: str | bytes, **options: Any) -> Record:
        """Grade one exercise; its record."""
        run: Run = self.runs([exercise], source, **options)[0]
        return run.record

    def diagnosed(self, exercise: Exercise, source: str | bytes, **options: Any) -> Record:
        """Grade one exercise and look for the mistake."""

        def work(judge: Judge, submission: Submission) -> Record:
            return diagnose(judge.grade(submission, [exercise])[0], submission, exercise, judge)

        record: Record = self.runs([exercise], source, work=work, **options)
        return record


@pytest.fixture(scope="session")
def grade(warm: WarmSandbox) -> Grading:
    """Grades in the sandbox."""
    return Grading(warm)


@pytest.fixture
def fresh() -> Grading:
    """Grades in a process per submission, where nothing has been imported for another."""
    return Grading(PlainSandbox(["numpy"]))
