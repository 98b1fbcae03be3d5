"""Tells which known mistake a submission made: each mistake is asked what the submission was asked, and answers are compared.

The mistakes are our own code, so they run in this process. What the failing tests asked is asked again as it was sent, without
the tests. A mistake is told when it answers all of that as the submission did, and passes and fails the same tests: who passes a
test that the mistake fails has not made it, and what fails a test that the mistake passes is something else.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.catalog.course import Exercise
from grader.catalog.manifest import Mistake
from grader.grading.conversation import Event, student_error, value_of
from grader.grading.host import Submission, loading_seed
from grader.grading.judge import Judge, Run
from grader.grading.seeds import PRACTICE_SECRET, PRACTICE_STUDENT
from grader.grading.seeds import seed as seed_of
from grader.grading.student import RemoteModule
from grader.guest import loading
from grader.guest.decoding import Decoder
from grader.guest.frames import HEAD, unpack
from grader.guest.hits import Record as Hits
from grader.guest.session import Session, seed_generators
from grader.guest.wire import Handle
from grader.record import Diagnosis, Record
from grader.sandbox.inprocess import InProcessSandbox
from grader.testing.assertions import is_array, numpy_of

MOST = 3  # mistakes that are told at once
_RTOL = 1e-4
_ATOL = 1e-6
_ANSWER_BYTES = 1 << 30
_WHOLE = (int, np.integer)


def diagnose(run: Run, submission: Submission, exercise: Exercise, judge: Judge) -> Record:
    """The run's record with the known mistakes that explain it.

    Parameters:
        run: of the submission.
        submission: for its student's seeds.
        exercise: whose bank of mistakes is used; without one nothing is added.
        judge: for the tests and the secret.
    """
    try:
        return _diagnosed(run, submission, exercise, judge)
    except Exception:  # no answer is worth a lost record: without a diagnosis the marks are as good
        return run.record


def _diagnosed(run: Run, submission: Submission, exercise: Exercise, judge: Judge) -> Record:
    record = run.record
    if record.outcome not in ("failed", "error") or record.reason is not None:
        return record
    missed = {test.name: run.events.get(test.name, []) for test in record.tests if test.outcome in ("failed", "error")}
    # A test that never got an answer (the process died, time ran out) says nothing about which mistake it was.
    asked = {name: events for name, events in missed.items() if events and events[0].kind != "ended"}
    if not asked:
        return record
    kinds = {"passed", "skipped"} if len(asked) == len(missed) else {"passed"}  # skipped, perhaps, for what never got an answer
    outcomes = {test.name: test.outcome for test in record.tests if test.name in asked or test.outcome in kinds}
    # A mistake that remembers earlier calls answers as it does only after what the other tests asked.
    everything = [run.events[test.name] for test in record.tests if run.events.get(test.name)]
    failing = list(asked.values())
    for asked_again in [failing] if len(failing) == len(everything) else [failing, everything]:
        found = _matching(asked_again, outcomes, record, exercise, judge, submission.student)
        if found:
            return replace(record, diagnosis=tuple(found))
    return record


def _matching(
    asked: Sequence[Sequence[Event]],
    outcomes: Mapping[str, str],
    record: Record,
    exercise: Exercise,
    judge: Judge,
    student: str,
) -> list[Diagnosis]:
    """The mistakes that answer as the submission did, and have the same outcomes."""
    found: list[Diagnosis] = []
    for mistake in exercise.mistakes:
        if not _answers_alike(exercise, mistake, asked, judge.probe(exercise), student):
            continue
        if _has_outcomes(mistake, outcomes, record, exercise, judge, student):
            found.append(Diagnosis(mistake.id, mistake.hint.get(judge.language)))
            if len(found) == MOST:
                break
    return found


def _has_outcomes(
    mistake: Mistake, outcomes: Mapping[str, str], record: Record, exercise: Exercise, judge: Judge, student: str
) -> bool:
    """Whether a mistake passes and fails the same tests.

    On one set of inputs, the same for every submission, the outcomes of a mistake are found out once; where they differ, the
    submission's own inputs decide.
    """
    key = exercise.name, mistake.id
    if key not in judge.outcomes:
        usual = {test.name: seed_of(PRACTICE_SECRET, PRACTICE_STUDENT, exercise.name, test.name) for test in record.tests}
        judge.outcomes[key] = _outcomes(mistake, usual, PRACTICE_STUDENT, exercise, judge)
    if outcomes.items() <= judge.outcomes[key].items():
        return True
    own = {test.name: test.seed for test in record.tests}
    return outcomes.items() <= _outcomes(mistake, own, student, exercise, judge, outcomes).items()


def _outcomes(
    mistake: Mistake,
    seeds: dict[str, int],
    student: str,
    exercise: Exercise,
    judge: Judge,
    wanted: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """What becomes of a mistake, by test; of `wanted`, no more than up to the first test that ends in another way."""

    def other(test: str, outcome: str) -> bool:
        return wanted is not None and wanted.get(test, outcome) != outcome

    quiet = Judge(judge.suite, InProcessSandbox(), judge.secret, judge.hidden, judge.language, until=other, seeds=seeds)
    wrong = Submission(student, f"{exercise.name}.py", exercise.mistake_source(mistake).encode())
    return {test.name: test.outcome for test in quiet.grade(wrong, [exercise])[0].record.tests}


# -- asking a mistake ----------------------------------------------------------------------------------------------------------


def _answers_alike(
    exercise: Exercise, mistake: Mistake, asked: Sequence[Sequence[Event]], probe: str | None, student: str
) -> bool:
    """Whether a mistake answers as the submission did; most differ in the first answer, so nothing more is asked of them."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        session = Session(Hits(), _ANSWER_BYTES)
        session.source = loading.read(f"{exercise.name}.py", exercise.mistake_source(mistake).encode())
        seed_generators(loading_seed(student))
        session.module = loading.execute(session.source)
        return all(_answers_as(session, event, probe) for events in asked for event in events)


def _answers_as(session: Session, event: Event, probe: str | None) -> bool:
    if event.kind == "ended":  # what took the submission's process down is not asked in this one
        return False
    message = event.request.message
    # A probe file travels once only, and perhaps before an earlier test.
    again = {**message, "source": probe} if "probe" in message else message
    answer = session.answer(again, memoryview(b"".join(event.request.buffers)))
    text = HEAD.unpack_from(answer)[1]
    body = memoryview(answer)[HEAD.size :]
    reply = unpack(body[:text])
    if "error" in reply:
        error = student_error(reply["error"])
        return event.kind == "error" and bool(event.value == (error.name, error.message))
    if "value" not in reply or event.kind != "value":
        return False
    return _same(event.value, value_of(reply, Decoder(body[text:], handle=lambda handle: handle)))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if is_array(one) or is_array(other):
        if not (is_array(one) and is_array(other)):
            return False
        return _close(numpy_of(one), numpy_of(other))
    if isinstance(one, _WHOLE) and isinstance(other, _WHOLE):
        return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
    if isinstance(one, (float, np.inexact)) and isinstance(other, (float, np.inexact)):
        return bool(np.isclose(float(one), float(other), _RTOL, _ATOL, equal_nan=True))
    if isinstance(one, RemoteModule) and isinstance(other, Handle):
        return _shapes(one.named_parameters()) == _shapes(other.parameters)
    with contextlib.suppress(Exception):  # values of unlike kinds need not be comparable
        return type(one) is type(other) and bool(one == other)
    return False


def _close(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    if one.shape != other.shape:
        return False
    left, right = one.astype(float), other.astype(float)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(left - right) <= _ATOL + _RTOL * np.abs(right)
    # What is not finite needs the slower comparison.
    return bool(near.all() or (not np.isfinite(right[~near]).all() and np.allclose(left, right, _RTOL, _ATOL, equal_nan=True)))


def _shapes(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: parameter.shape for name, parameter in parameters.items()}
