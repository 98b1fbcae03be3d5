"""The gate of an exercise: the stub earns nothing, what is right passes, what is wrong loses marks, mutants die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.authoring.completeness import missing_pieces
from grader.authoring.drawing import picture_problems
from grader.authoring.mutation import Mutant, mutants
from grader.authoring.odd_answers import sources as odd_sources
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.grading.backends import libraries_for
from grader.grading.diagnosis import diagnose
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.suite import Suite, with_suite
from grader.guest.limits import PR_SET_PDEATHSIG, is_linux, prctl
from grader.record import Record
from grader.record.limits import Limits
from grader.sandbox.contract import Sandbox
from grader.sandbox.warm import WarmSandbox

SECRET = "verify"
# A mutant that loops for ever is as good as dead, so little time is spent on it.
_MUTANT_LIMITS = Limits(call_seconds=3.0, submission_seconds=8.0)


@dataclass
class Proof:
    """What `grader verify` found out about one exercise."""

    exercise: str
    stub_score: float = 0
    reference_score: float = 0
    max_score: float = 0
    alternatives: tuple[int, int] = (0, 0)
    mistakes: tuple[int, int] = (0, 0)
    diagnosed: int = 0
    odd: tuple[int, int] = (0, 0)
    mutants: tuple[int, int] = (0, 0)
    equivalent: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    survivors: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing falls short."""
        return not self.problems and not self.survivors


@dataclass(frozen=True)
class Effort:
    """How much to try: seeds per solution, and which share of the mutants (1.0 is all)."""

    seeds: int = 5
    mutant_share: float = 1.0


class _Prover:
    def __init__(self, course: Course, exercise: Exercise, sandbox: Sandbox, effort: Effort) -> None:
        self.course = course
        self.exercise = exercise
        self.sandbox = sandbox
        self.effort = effort
        self.proof = Proof(exercise.name)

    def public(self, suite: Suite) -> Suite:
        """The public tests: the stub is not started, what is right passes."""
        judge = Judge(suite, self.sandbox, SECRET, hidden=False)
        for path in [self.exercise.reference, *self.exercise.alternatives]:
            if path.is_file():
                record = self._grade(judge, path.read_bytes(), 0)
                if record.outcome != "passed":
                    self.proof.problems.append(f"{path.name} fails the public tests: {_first_problem(record)}")
        self.proof.problems += picture_problems(self.exercise, self.sandbox)
        return suite

    def hidden(self, suite: Suite) -> None:
        """The hidden tests, with everything that is known to be right or wrong."""
        early = Judge(suite, self.sandbox, SECRET, until=_not_passed)
        whole = Judge(suite, self.sandbox, SECRET)
        hasty = Judge(suite, self.sandbox, SECRET, until=_not_passed, limits=_MUTANT_LIMITS)
        self._stub(whole)
        self._right(early)
        self._mistakes(early, whole)
        self._odd(early)
        self._mutants(hasty)

    def _grade(self, judge: Judge, source: bytes, seed: int) -> Record:
        submission = Submission(f"seed-{seed}", f"{self.exercise.name}.py", source)
        return judge.grade(submission, [self.exercise])[0].record

    def _seeds(self) -> Iterable[int]:
        return range(self.effort.seeds)

    def _stub(self, judge: Judge) -> None:
        record = self._grade(judge, self.exercise.stub.read_bytes(), 0)
        self.proof.stub_score, self.proof.max_score = record.score, record.max_score
        if record.outcome != "not_started" or record.score:
            self.proof.problems.append(f"the stub is {record.outcome} with {record.score:g} points: {record.reason}")

    def _right(self, judge: Judge) -> None:
        records = [self._grade(judge, self.exercise.reference.read_bytes(), seed) for seed in self._seeds()]
        worst = min(records, key=lambda record: record.score)
        self.proof.reference_score = worst.score
        if not all(record.outcome == "passed" for record in records):
            self.proof.problems.append(f"the reference fails: {_first_problem(worst)}")
        accepted = 0
        for path in self.exercise.alternatives:
            failed = self._first(judge, path.read_bytes(), lambda record: record.outcome != "passed")
            accepted += failed is None
            if failed is not None:
                self.proof.problems.append(f"alternatives/{path.name} fails: {_first_problem(failed)}")
        self.proof.alternatives = (accepted, len(self.exercise.alternatives))

    def _mistakes(self, judge: Judge, whole: Judge) -> None:
        rejected = 0
        for mistake in self.exercise.mistakes:
            try:
                source = self.exercise.mistake_source(mistake).encode()
            except CourseError:  # already told by `missing_pieces`
                continue
            wrong = self._first(judge, source, lambda record: not _loses_honestly(record))
            rejected += wrong is None
            if wrong is not None:
                told = "passes" if wrong.outcome == "passed" else _first_problem(wrong)
                self.proof.problems.append(f"the mistake {mistake.id}: {told}")
                continue
            submission = Submission("seed-0", f"{self.exercise.name}.py", source)
            run = whole.grade(submission, [self.exercise])[0]
            found = diagnose(run, submission, self.exercise, whole).diagnosis
            self.proof.diagnosed += mistake.id in {diagnosis.id for diagnosis in found}
        self.proof.mistakes = (rejected, len(self.exercise.mistakes))

    def _odd(self, judge: Judge) -> None:
        rejected = 0
        made = odd_sources(self.exercise.manifest.entry)
        for name, source in made.items():
            record = self._grade(judge, source.encode(), 0)
            rejected += record.outcome in ("failed", "error")
            if record.outcome not in ("failed", "error"):
                self.proof.problems.append(f"an odd answer, {name}, is {record.outcome}: {_first_problem(record)}")
        self.proof.odd = (rejected, len(made))

    def _mutants(self, judge: Judge) -> None:
        explained = self.exercise.equivalents
        path = self.exercise.private / "equivalent.yaml"
        try:
            everything = mutants(self.exercise.reference.read_text(encoding="utf-8"))
        except SyntaxError:  # the reference fails, and is told to
            return
        known = {mutant.description for mutant in everything}
        self.proof.problems += [f"{path.name}: no mutant is called {text!r}" for text in explained if text not in known]
        killed = 0
        chosen = _sample(everything, self.effort.mutant_share)
        for mutant in chosen:
            alive = self._first(judge, mutant.source.encode(), lambda record: record.outcome == "passed")
            killed += alive is None
            if alive is None and mutant.description in explained:
                self.proof.problems.append(f"{path.name}: {mutant.description!r} is no equivalent, a test tells it apart")
            elif alive is not None and mutant.description in explained:
                self.proof.equivalent += 1
            elif alive is not None:
                self.proof.survivors.append(f"line {mutant.line}: {mutant.description}")
        self.proof.mutants = (killed, len(chosen))

    def _first(self, judge: Judge, source: bytes, bad: Callable[[Record], bool]) -> Record | None:
        for seed in self._seeds():
            record = self._grade(judge, source, seed)
            if bad(record):
                return record
        return None


def _sample(found: Sequence[Mutant], share: float) -> list[Mutant]:
    """Every n-th mutant, so that a sample covers the whole function."""
    if share <= 0.0:
        return []
    step = max(1, round(1 / share))
    return list(found[::step])


def _loses_honestly(record: Record) -> bool:
    """Wrong, and wrong by its answers: a mistake that hangs or dies could not be compared with a student's answers."""
    died = any("took longer" in test.message or "the process" in test.message for test in record.tests)
    return record.outcome in ("failed", "error") and not died


def _not_passed(_test: str, outcome: str) -> bool:
    return outcome != "passed"


def _first_problem(record: Record) -> str:
    for test in record.tests:
        if test.outcome not in ("passed", "skipped"):
            return f"{test.name} ({test.outcome}) on {record.submission}: {test.message.splitlines()[-1] if test.message else ''}"
    return record.reason or record.outcome


def prove(course: Course, exercise: Exercise, sandbox: Sandbox, effort: Effort) -> Proof:
    """Everything `grader verify` says about one exercise."""
    started = time.monotonic()
    prover = _Prover(course, exercise, sandbox, effort)
    try:
        public = with_suite([exercise], False, prover.public)
        with_suite([exercise], True, lambda suite: _complete_then_hidden(prover, public, suite))
    except (CourseError, OSError) as error:
        prover.proof.problems.append(str(error))
    prover.proof.seconds = time.monotonic() - started
    return prover.proof


def _complete_then_hidden(prover: _Prover, public: Suite, suite: Suite) -> None:
    name = prover.exercise.name
    prover.proof.problems += missing_pieces(prover.exercise, public.tests[name], suite.tests[name])
    prover.hidden(suite)


_sandbox: WarmSandbox | None = None


def start_worker(root: Path) -> None:
    """Prepare a worker process: one warm sandbox for all the exercises it proves."""
    global _sandbox
    os.environ["OMP_NUM_THREADS"] = "1"
    # An interrupt is for the command, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if is_linux():
        # A proof that is killed must not leave workers computing on.
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _sandbox = WarmSandbox(libraries_for(Course(root).exercises, marks=True), [root])


def prove_in_worker(root: Path, name: str, effort: Effort) -> Proof:
    """`prove` for a process pool."""
    assert _sandbox is not None
    course = Course(root)
    return prove(course, course.exercise(name), _sandbox, effort)
