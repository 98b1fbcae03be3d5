"""The judge: runs the tests of exercises on submissions and writes the records."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.catalog.course import Exercise
from grader.catalog.problems import nearest
from grader.grading.conversation import Conversation, Event, ForbiddenReached, Opened
from grader.grading.host import ForeignHit, Host, NotLoaded, Submission
from grader.grading.seeds import seed as seed_of
from grader.grading.student import Names, Student
from grader.grading.suite import Suite, Test, parameter_names
from grader.grading.verdicts import Verdict, forbidden_text, verdict
from grader.grading.versions import grader_hash, versions
from grader.record import Outcome, Record, TestResult, clean
from grader.record.limits import Limits
from grader.sandbox.contract import Ended, Process, Sandbox, Unavailable
from grader.testing.failure import StudentError
from grader.testing.random import Rng


@dataclass
class Run:
    """One exercise on one submission, as diagnosis needs it: the record, and what each test's calls answered."""

    record: Record
    events: dict[str, list[Event]] = field(default_factory=dict)


class Judge:
    """Grades submissions against collected tests.

    Parameters:
        suite: the collected tests.
        sandbox: where submissions run.
        secret: of the course, for the seeds.
        hidden: whether the tests are the hidden ones, which decides what messages may tell.
        language: of titles and hints.
        until: ends an exercise after a test for whose name and outcome it is true (for proofs, never for marks).
        limits: the limits before the manifests' overrides.
        seeds: by test, in the place of those that follow from the secret (a repetition).
        on_problem: called with the process right after a test that is not passed (a debugger's way in).

    Attributes:
        outcomes: of known mistakes, by exercise and mistake and test, as far as diagnosis has found them out.
        trusting: what breaks a test is the test's fault, whoever answered.
    """

    def __init__(
        self,
        suite: Suite,
        sandbox: Sandbox,
        secret: str,
        hidden: bool = True,
        language: str = "en",
        until: Callable[[str, str], bool] | None = None,
        limits: Limits | None = None,
        on_problem: Callable[[Process], None] | None = None,
        seeds: dict[str, int] | None = None,
    ) -> None:
        self.suite = suite
        self.sandbox = sandbox
        self.secret = secret
        self.hidden = hidden
        self.language = language
        self.until = until
        self.limits = limits or Limits()
        self.on_problem = on_problem
        self._names: dict[str, Names] = {}
        self._probes: dict[str, str | None] = {}
        self.outcomes: dict[tuple[str, str], dict[str, str]] = {}
        self._open: frozenset[str] = frozenset()
        self.trusting = False
        self._seeds = seeds

    def grade(self, submission: Submission, exercises: Sequence[Exercise]) -> list[Run]:
        """All exercises on one submission, in one process; an exercise that must run alone gets its own."""
        try:
            return self._grade_each(submission, exercises)
        except Exception as error:  # a fault of ours must not cost the class its marks, nor this student points
            return [self._our_fault(submission, exercise, error) for exercise in exercises]

    def _grade_each(self, submission: Submission, exercises: Sequence[Exercise]) -> list[Run]:
        runs = self._grade_together(submission, exercises)
        return [
            run if run is not None else self._grade_alone(submission, exercise)
            for exercise, run in zip(exercises, runs, strict=True)
        ]

    def _grade_alone(self, submission: Submission, exercise: Exercise) -> Run:
        run = self._grade_together(submission, [exercise])[0]
        assert run is not None, "nothing is foreign to an exercise that runs alone"
        return run

    def replay(self, submission: Submission, exercise: Exercise, seeds: dict[str, int]) -> Run:
        """One exercise again, with the seeds of an earlier record."""
        before, self._seeds = self._seeds, seeds
        try:
            return self.grade(submission, [exercise])[0]
        finally:
            self._seeds = before

    # -- one process -----------------------------------------------------------------------------------------------------------

    def _grade_together(self, submission: Submission, exercises: Sequence[Exercise]) -> list[Run | None]:
        while True:
            try:
                return self._grade_in_one(submission, exercises)
            except Opened as opened:
                # For all that come: where one uses a library, others do, and its import is what takes the time.
                self._open |= opened.packages

    def _grade_in_one(self, submission: Submission, exercises: Sequence[Exercise]) -> list[Run | None]:
        started = time.monotonic()
        probes = [text for exercise in exercises if (text := self.probe(exercise)) is not None]
        host = Host(self.sandbox, self.limits, submission, exercises, probes, self._open)
        runs: list[Run | None] = []
        try:
            for exercise in exercises:
                try:
                    run = self._grade_one(host, exercise)
                    seconds = round(time.monotonic() - started, 4)
                    runs.append(replace(run, record=replace(run.record, seconds=seconds)))
                    started = time.monotonic()
                except ForeignHit:
                    runs.append(None)
        finally:
            host.close()
        return runs

    def _grade_one(self, host: Host, exercise: Exercise) -> Run:
        tests = self.suite.tests[exercise.name]
        entry = exercise.manifest.entry
        try:
            loaded = host.begin(exercise)
        except NotLoaded as problem:
            return self._without_tests(host, exercise, tests, problem.outcome, problem.reason)
        if loaded.notes and len(host.exercises) > 1:
            raise ForeignHit  # a line may have been skipped for the sake of another exercise and be what this one needs
        if entry in loaded.untouched:
            return self._without_tests(host, exercise, tests, "not_started", "the stub is untouched")
        facts = loaded.entries.get(entry, {})
        if not facts.get("exists"):
            reason = f"the file defines no `{entry}`{nearest(entry, loaded.names)}"
            return self._without_tests(host, exercise, tests, "error", reason)
        if not facts.get("callable"):
            reason = f"`{entry}` is a {str(facts.get('kind'))[:80]}, not something to call"
            return self._without_tests(host, exercise, tests, "error", reason)
        return self._run_tests(host, exercise, tests)

    def _run_tests(self, host: Host, exercise: Exercise, tests: Sequence[Test]) -> Run:
        outcomes: dict[str, Verdict] = {}
        results: list[TestResult] = []
        events: dict[str, list[Event]] = {}
        hits: list[ForbiddenReached] = []
        for test in tests:
            seed = self._seed(host.submission, test)
            blocking = [name for name in test.depends if _blocks(name, outcomes)]
            if blocking:
                found = Verdict("skipped", f"needs {', '.join(self._title(tests, name) for name in blocking)} first")
                output = ""
            else:
                found, output, events[test.name], hit = self._run_test(host, exercise, test, seed)
                hits += hit
            outcomes[test.name] = found
            earned = test.points if found.outcome == "passed" else 0.0
            results.append(
                TestResult(
                    test.name, test.title(self.language), found.outcome, _plain(earned), _plain(test.points),
                    clean(found.message), seed, output, found.line,
                )
            )  # fmt: skip
            if self.until is not None and self.until(test.name, found.outcome):
                break
        record = self._record(host, exercise, tests, results, hits)
        flags = tuple(clean(found.flag) for found in outcomes.values() if found.flag)
        return Run(replace(record, flags=record.flags + flags), events)

    def _run_test(
        self, host: Host, exercise: Exercise, test: Test, seed: int
    ) -> tuple[Verdict, str, list[Event], list[ForbiddenReached]]:
        manifest = exercise.manifest
        student: Student | None = None
        raised: BaseException | None
        conversation: Conversation | None = None
        try:
            conversation = host.loaded().conversation
            conversation.begin_test(seed)
            names, probe = self._parameters(exercise), self.probe(exercise)
            student = Student(conversation, manifest.entry, manifest.returns, manifest.call_returns, names, probe)
            raised = self.suite.run(test, student, Rng(seed, manifest.library))
        except NotLoaded as problem:
            raised = problem.ended
        except (Ended, Unavailable, StudentError) as error:
            raised = error
        if conversation is not None and conversation.opened is not None:
            raise conversation.opened
        hits = conversation.hits if conversation else []
        if hits:
            hits = [host.own(exercise, hit) for hit in hits]
            raised = hits[0]
        if isinstance(raised, Ended):
            host.ended(raised)
        found = verdict(raised, manifest, lambda: student.last_call if student else "", self.hidden)
        ours = found.outcome == "grader_error" and not isinstance(raised, Unavailable)
        if ours and self._right_passes(host, exercise, test, seed):
            name = type(raised).__name__
            flag = f"{test.name} ended in {name} on this answer, and the reference passes it"
            found = Verdict("failed", f"the test cannot work with the answer: it ended in {name}", flag=flag)
        if raised is not None and self.on_problem is not None and conversation is not None:
            self.on_problem(conversation.process)
        # What is printed in a hidden test may tell its inputs, so it is not kept.
        printed = clean(conversation.output) if conversation and not self.hidden else ""
        return found, printed, conversation.events if conversation else [], hits

    def _right_passes(self, host: Host, exercise: Exercise, test: Test, seed: int) -> bool:
        """Whether the reference passes a test that broke: then the answer broke it, and not the course."""
        from grader.sandbox.inprocess import InProcessSandbox

        path = exercise.private / f"{exercise.name}.py"
        if not self.hidden or self.trusting or not path.is_file():
            return False
        quiet = Judge(
            self.suite, InProcessSandbox(), self.secret, until=lambda name, _: name == test.name, seeds={test.name: seed}
        )
        quiet.trusting = True
        right = Submission(host.submission.student, f"{exercise.name}.py", path.read_bytes())
        results = quiet.grade(right, [exercise])[0].record.tests
        return any(result.name == test.name and result.outcome == "passed" for result in results)

    def _seed(self, submission: Submission, test: Test) -> int:
        if self._seeds is not None and test.name in self._seeds:
            return self._seeds[test.name]
        return seed_of(self.secret, submission.student, test.exercise, test.name)

    def _parameters(self, exercise: Exercise) -> Names:
        if exercise.name not in self._names:
            self._names[exercise.name] = parameter_names(exercise.stub, exercise.manifest.entry)
        return self._names[exercise.name]

    def probe(self, exercise: Exercise) -> str | None:
        """The text of the probe file beside an exercise's tests, if there is one."""
        if exercise.name not in self._probes:
            path = (exercise.private if self.hidden else exercise.public) / "probe.py"
            self._probes[exercise.name] = path.read_text(encoding="utf-8") if path.exists() else None
        return self._probes[exercise.name]

    def _title(self, tests: Sequence[Test], name: str) -> str:
        return next((f"“{t.title(self.language)}”" for t in tests if t.name.partition("[")[0] == name), name)

    # -- records ---------------------------------------------------------------------------------------------------------------

    def _record(
        self,
        host: Host,
        exercise: Exercise,
        tests: Sequence[Test],
        results: list[TestResult],
        hits: list[ForbiddenReached],
    ) -> Record:
        reason = None
        if hits:
            reason = forbidden_text(hits[0], exercise.manifest)
            results = [replace(result, points=0) for result in results]
        score = sum(result.points for result in results)
        best = sum(test.points for test in tests)
        kinds = {result.outcome for result in results}
        outcome: Outcome
        if "grader_error" in kinds:
            outcome = "grader_error"
            reason = next(result.message for result in results if result.outcome == "grader_error")
        elif not hits and len(results) == len(tests) and kinds == {"passed"}:
            outcome = "passed"
        elif "failed" in kinds:
            outcome = "failed"
        else:
            outcome = "error"
        return self._finish(host, exercise, outcome, score, best, results, reason)

    def _without_tests(
        self, host: Host, exercise: Exercise, tests: Sequence[Test], outcome: Outcome, reason: str
    ) -> Run:
        kind: Any = "error" if outcome == "error" else outcome
        results = [
            TestResult(t.name, t.title(self.language), kind, 0, _plain(t.points), reason, self._seed(host.submission, t))
            for t in tests
        ]
        best = sum(test.points for test in tests)
        return Run(self._finish(host, exercise, outcome, 0, best, results, reason))

    def _our_fault(self, submission: Submission, exercise: Exercise, error: Exception) -> Run:
        host = Host(self.sandbox, self.limits, submission, [exercise], [])
        reason = f"the grader itself failed: {type(error).__name__}: {error}"[:300]
        return self._without_tests(host, exercise, self.suite.tests[exercise.name], "grader_error", reason)

    def _finish(
        self,
        host: Host,
        exercise: Exercise,
        outcome: Outcome,
        score: float,
        best: float,
        results: list[TestResult],
        reason: str | None,
    ) -> Record:
        known = host.known
        if reason is not None:
            reason = clean(reason)
            results = [replace(result, message=clean(result.message)) for result in results]
        return Record(
            exercise=exercise.name,
            submission=clean(host.submission.student),
            outcome=outcome,
            score=_plain(score),
            max_score=_plain(best),
            tests=tuple(results),
            reason=reason,
            notes=tuple(map(clean, known.notes)) if known else (),
            flags=tuple(map(clean, known.flags)) if known else (),
            source_hash=hashlib.sha256(host.submission.source).hexdigest(),
            sandbox=self.sandbox.name,
            versions=versions(grader_hash(exercise, self.hidden)),
        )


def _blocks(name: str, outcomes: dict[str, Verdict]) -> bool:
    """Whether a test that another depends on did not pass; a parametrised test blocks if any of its cases did not."""
    same = [found for test, found in outcomes.items() if test == name or test.partition("[")[0] == name]
    return any(found.outcome != "passed" for found in same)


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() else number
