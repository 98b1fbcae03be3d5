"""Runs known mistakes on the visible tests in a process of its own, which is ended where a mistake does not end by itself."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError
from grader.grading.fingerprints import Fingerprint, fingerprint
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.seeds import PRACTICE_SECRET, PRACTICE_STUDENT
from grader.grading.suite import Suite, with_suite
from grader.guest.limits import PR_SET_PDEATHSIG, is_linux, prctl
from grader.record.limits import Limits
from grader.sandbox.inprocess import InProcessSandbox

# Importing torch and collecting all tests of a course; a machine may be busy.
_COLLECTING_SECONDS = 300.0


@dataclass(frozen=True)
class Attempt:
    """A known mistake to be tried: its exercise, its id, its whole module."""

    exercise: Exercise
    mistake: str
    source: bytes

    @property
    def seconds(self) -> float:
        """After which a student's check ends it too, so that its hint could never be told."""
        return Limits().with_overrides(self.exercise.manifest.limits).submission_seconds


@dataclass(frozen=True)
class Tried:
    """What became of it.

    Attributes:
        found: its fingerprint; None where the tests do not show it.
        broken: why a visible test failed itself; empty where none did.
        lost: why there was no result at all; empty where there was one.
    """

    found: Fingerprint | None = None
    broken: str = ""
    lost: str = ""


def tried(attempts: Sequence[Attempt]) -> Generator[Tried, None, None]:
    """Try each; one after the other, as they are asked for.

    Raises:
        CourseError: the visible tests cannot be collected.
    """
    done = 0
    while done < len(attempts):
        with _process(attempts[done:]) as results:
            _await_collection(results)
            while done < len(attempts):
                seconds = attempts[done].seconds
                try:
                    one = _received(results) if results.poll(seconds) else Tried(lost=f"did not end within {seconds:g} s")
                except EOFError:
                    one = Tried(lost="took its process down")
                done += 1
                yield one
                if one.lost:
                    break


def _await_collection(results: Connection[Any, Any]) -> None:
    try:
        if results.poll(_COLLECTING_SECONDS):
            _received(results)
            return
    except EOFError:
        raise CourseError("the process that tries known mistakes died on the visible tests; is there memory enough?") from None
    raise CourseError(f"the visible tests were not collected within {_COLLECTING_SECONDS:g} s; does one of them wait?")


@contextlib.contextmanager
def _process(attempts: Sequence[Attempt]) -> Iterator[Connection[Any, Any]]:
    """A process that tries these in their order; the other end of its pipe."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_try_all, args=(theirs, attempts), daemon=True)
    process.start()
    theirs.close()  # or the end of the process would not be seen
    try:
        yield ours
    finally:
        process.kill()
        process.join()
        ours.close()


def _received(results: Connection[Any, Any]) -> Tried:
    """The next result; `EOFError` where the process has ended, and the error that it met."""
    one = results.recv()
    if isinstance(one, Exception):
        raise one
    assert isinstance(one, Tried)
    return one


# -- in the process ------------------------------------------------------------------------------------------------------------


def _try_all(results: Connection[Any, Any], attempts: Sequence[Attempt]) -> None:
    # An interrupt is for the command, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if is_linux():
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def work(suite: Suite) -> None:
        judge = Judge(suite, InProcessSandbox(), PRACTICE_SECRET, hidden=False)
        results.send(Tried())  # the tests are collected
        for attempt in attempts:
            results.send(_try(judge, attempt))

    try:
        with_suite(list({attempt.exercise.name: attempt.exercise for attempt in attempts}.values()), False, work)
    except CourseError as error:
        results.send(error)
    except Exception as error:  # not every exception can be sent
        results.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _try(judge: Judge, attempt: Attempt) -> Tried:
    submission = Submission(PRACTICE_STUDENT, attempt.exercise.stub.name, attempt.source)
    run = judge.grade(submission, [attempt.exercise])[0]
    broken = (run.record.reason or "") if run.record.outcome == "grader_error" else ""
    return Tried(fingerprint(run), broken)
