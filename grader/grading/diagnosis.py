"""Tells which known mistake a submission made: its answers are compared with those of each mistake on the same inputs.

The mistakes are our own code, so they run in this process, over the same frames as a submission. A mistake matches when it
answers every call of the failing tests as the submission did; among several, those that also pass and fail the same tests win.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.catalog.course import Exercise
from grader.grading.conversation import Event
from grader.grading.host import Submission
from grader.grading.judge import Judge, Run
from grader.grading.student import RemoteModule
from grader.record import Diagnosis, Record
from grader.sandbox.inprocess import InProcessSandbox
from grader.testing.assertions import is_array, numpy_of

_MOST = 3
_RTOL = 1e-4
_ATOL = 1e-6


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
    failing = [test.name for test in record.tests if test.outcome in ("failed", "error") and run.events.get(test.name)]
    if record.outcome not in ("failed", "error") or not failing or record.reason is not None:
        return record
    matches: list[tuple[bool, Diagnosis]] = []
    seeds = {test.name: test.seed for test in record.tests}
    quiet = Judge(judge.suite, InProcessSandbox(), judge.secret, judge.hidden, judge.language, seeds=seeds)
    for mistake in exercise.mistakes:
        source = exercise.mistake_source(mistake).encode()
        wrong = Submission(submission.student, submission.filename, source)
        # Most mistakes differ in the first answers of the first failing test already, so the rest is not run for them.
        first = quiet.grade_one_test(wrong, exercise, failing[0], _while_like(run.events[failing[0]]))
        if not _alike(run.events[failing[0]], first.events.get(failing[0], [])):
            continue
        other = quiet.grade(wrong, [exercise])[0]
        if all(_alike(run.events[name], other.events.get(name, [])) for name in failing):
            same = [t.outcome for t in other.record.tests] == [t.outcome for t in record.tests]
            matches.append((same, Diagnosis(mistake.id, mistake.hint.get(judge.language))))
    exact = [diagnosis for same, diagnosis in matches if same]
    found = exact or [diagnosis for _, diagnosis in matches]
    return replace(record, diagnosis=tuple(found[:_MOST]))


class _Unlike(Exception):
    """An answer differs from the submission's."""


def _while_like(events: Sequence[Event]) -> Callable[[list[Event]], None]:
    def watch(so_far: list[Event]) -> None:
        if len(so_far) > len(events) or not _alike(events[len(so_far) - 1 : len(so_far)], so_far[-1:]):
            raise _Unlike

    return watch


def _alike(one: Sequence[Event], other: Sequence[Event]) -> bool:
    return len(one) == len(other) and all(
        a.kind == b.kind and _same(a.value, b.value) for a, b in zip(one, other, strict=True)
    )


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if is_array(one) or is_array(other):
        if not (is_array(one) and is_array(other)):
            return False
        left, right = numpy_of(one), numpy_of(other)
        if left.shape != right.shape:
            return False
        return bool(np.allclose(left.astype(float), right.astype(float), _RTOL, _ATOL, equal_nan=True))
    if isinstance(one, (int, float, np.generic)) and isinstance(other, (int, float, np.generic)):
        return bool(np.isclose(float(one), float(other), _RTOL, _ATOL, equal_nan=True))
    if isinstance(one, RemoteModule) and isinstance(other, RemoteModule):
        return _shapes(one) == _shapes(other)
    with contextlib.suppress(Exception):  # values of unlike kinds need not be comparable
        return type(one) is type(other) and bool(one == other)
    return False


def _shapes(module: RemoteModule) -> dict[str, Any]:
    return {name: parameter.shape for name, parameter in module.named_parameters().items()}
