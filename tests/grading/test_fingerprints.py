"""A fingerprint is the same for answers that differ by rounding, and another one for any other answer."""

from typing import Any

import numpy as np
import pytest
import torch

from grader.grading.conversation import Event, Request
from grader.grading.fingerprints import GRIDS, Fingerprint, fingerprint
from grader.grading.judge import Run
from grader.record import Record, TestResult

ASKED = Request({}, [])


def run(*values: Any, outcome: Any = "failed", kind: str = "value", other: Any = "passed", reason: str | None = None) -> Run:
    """A run whose first test fails after these answers, and whose second one does something."""
    tests = (TestResult("test_a", "A", outcome, 0, 1), TestResult("test_b", "B", other, 0, 1))
    record = Record("scale", "you", "passed" if outcome == "passed" else "failed", 0, 2, tests, reason=reason)
    events = [Event(kind, (value, ()) if kind == "value" else value, ASKED) for value in values]
    return Run(record, {"test_a": events, "test_b": [Event("value", (np.ones(3), ()), ASKED)]})


def made(*values: Any, **options: Any) -> Fingerprint:
    found = fingerprint(run(*values, **options))
    assert found is not None
    return found


def alike(one: Fingerprint, other: Fingerprint) -> bool:
    grid = one.best_grid()
    return one.key(grid) == other.key(grid)


A = np.random.default_rng(3).normal(size=(4, 5))
HOLES = np.array([1.0, np.nan, np.inf, -np.inf, 2.5])
SAME = {
    "single precision": (A, A.astype(np.float32)),
    "a tensor": (A, torch.tensor(A)),
    "half a millionth more": (A, A * 1.0000005),
    "whole numbers as such": (np.array([1, 2]), np.array([1.0, 2.0])),
    "one number of another type": (np.float32(0.25), 0.25),
    "an int as a float": (123_456, 123_456.0),
    "a tuple for a list": ([A, 2.0], (A, 2.0)),
    "noise around zero": (np.zeros(4), np.array([1e-16, -1e-17, 0.0, 1e-15])),
    "huge numbers": (np.array([1e30, -2e-3]), np.array([1e30 * (1 + 1e-7), -2e-3])),
    "the same holes": (HOLES, HOLES.astype(np.float32)),
    "a dictionary in another order": ({"a": 1.0, "b": A}, {"b": A, "a": 1.0}),
    "a history": ([0.1 * n for n in range(300)], [0.1 * n * (1 + 1e-7) for n in range(300)]),
    "nothing": (None, None),
    "an empty array": (np.zeros((0, 3)), np.zeros((0, 3))),
    "a number beyond all floats": (10**400, 10**400),
}
OTHER = {
    "one value by a hundredth": (A, A + 0.01 * (np.arange(20).reshape(4, 5) == 7)),
    "all by a thousandth": (A, A * 1.001),
    "another shape": (A, A.reshape(5, 4)),
    "another order": (A, A[::-1]),
    "a sign": (A, -A),
    "a small gradient doubled": (1e-4 * A, 2e-4 * A),
    "a number for an array of one": (1.0, np.array([1.0])),
    "large counts by one": (65_536, 65_537),
    "beside a huge number": (np.array([1e9, 0.5]), np.array([1e9, 0.52])),
    "another hole": (HOLES, HOLES[[0, 2, 1, 3, 4]]),
    "infinity of the other sign": (np.array([np.inf]), np.array([-np.inf])),
    "a longer list": ([1.0], [1.0, 1.0]),
    "lists cut elsewhere": ([[1.0], [2.0, 3.0]], [[1.0, 2.0], [3.0]]),
    "another key": ({"a": 1.0}, {"b": 1.0}),
    "another text": ("sum", "mean"),
    "a text for nothing": ("None", None),
    "one in a history": ([0.5] * 300, [0.5] * 299 + [0.6]),
    "nothing for an empty array": (None, np.zeros(0)),
    "beyond all floats, below": (10**400, -(10**400)),
}


@pytest.mark.parametrize("kind", SAME)
def test_rounding_changes_nothing(kind: str) -> None:
    one, other = SAME[kind]
    assert alike(made(one), made(other))
    assert alike(made(other), made(one))


@pytest.mark.parametrize("kind", OTHER)
def test_any_other_answer_changes_it(kind: str) -> None:
    one, other = OTHER[kind]
    assert not alike(made(one), made(other))
    assert not alike(made(other), made(one))


def test_noise_of_a_millionth_hardly_ever_changes_it() -> None:
    rng = np.random.default_rng(5)
    kept = 0
    for _ in range(300):
        values = [rng.normal(size=(6, 7)) * 10.0 ** rng.integers(-3, 6) for _ in range(15)]
        noisy = [value * (1 + 1e-6 * rng.normal(size=value.shape)) for value in values]
        kept += alike(made(*values), made(*noisy))
    assert kept > 297


def test_a_grid_is_needed_for_that() -> None:
    """Without the choice of a grid, noise would cost some: numbers lie near borders."""
    rng = np.random.default_rng(5)
    kept = 0
    for _ in range(300):
        values = [rng.normal(size=(6, 7)) for _ in range(15)]
        noisy = [value * (1 + 1e-6 * rng.normal(size=value.shape)) for value in values]
        kept += made(*values).key(1) == made(*noisy).key(1)
    assert kept < 290
    assert 0 < made(A).best_grid() <= GRIDS


def test_errors_are_told_apart_by_type_and_text() -> None:
    keys = [made(value, kind="error").key(1) for value in (("ValueError", "no"), ("TypeError", "no"), ("ValueError", "none"))]
    assert len({*keys, made(("ValueError", "no")).key(1)}) == 4


def test_which_tests_fail_and_what_calls_change_counts() -> None:
    keys = {made(A).key(1), made(A, other="skipped").key(1), made(A, outcome="error").key(1), made(A, A).key(1)}
    changing = run(A)
    changing.events["test_a"] = [Event("value", (A, ("0",)), ASKED)]
    found = fingerprint(changing)
    assert found is not None
    assert len({*keys, found.key(1)}) == 5


def test_what_the_passed_tests_heard_does_not_count() -> None:
    one, other = run(A), run(A)
    other.events["test_b"] = [Event("value", (np.zeros(7), ()), ASKED)]
    prints = [fingerprint(one), fingerprint(other)]
    assert None not in prints
    assert len({found.form for found in prints if found}) == 1


@pytest.mark.parametrize(
    "nothing",
    [
        run(A, outcome="passed"),
        run(A, reason="a forbidden call"),
        run(),
        run(None, kind="ended"),
        run(A, other="failed", reason="the file defines nothing"),
    ],
)
def test_where_nothing_can_be_compared_there_is_none(nothing: Run) -> None:
    assert fingerprint(nothing) is None
