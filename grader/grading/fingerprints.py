"""The fingerprint of a wrong submission: one short key of what its failing tests heard, the same for all code that answers alike.

Numbers come in by weighted sums that are rounded coarsely, so that another order of operations, or single precision, changes
nothing. A number near the border of two cells would fall into either: who makes a key may choose among many grids the one in
which all numbers lie well inside their cells, and tells which grid it was.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.grading.conversation import Event
from grader.grading.judge import Run
from grader.grading.student import RemoteModule
from grader.testing.assertions import is_array, numpy_of

GRIDS = 1024
# Beneath this, values count by their difference; above, by their ratio.
_LINEAR = 1e-2
_TINY = 1e-3
_CELL = 2e-4
# Whole numbers from here on are compared exactly: two of them may be nearer to each other than a cell is wide.
_WHOLE = 100
_SUMS = 3
_SEED = 20_011
_Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Fingerprint:
    """What a run's failing tests heard.

    Attributes:
        form: digest of all that is compared exactly: outcomes of tests, kinds, shapes, texts, what is not finite.
        numbers: what is compared roughly, noise of 1e-6 of the values changes it by about as much.
    """

    form: bytes
    numbers: _Floats

    def key(self, grid: int) -> bytes:
        """The key in a grid, 32 bytes; nobody who knows neither these answers nor the key can work it out."""
        cells = np.floor(self._placed(np.array([grid], np.uint64))[0])
        return hashlib.sha256(self.form + cells.astype("<i8").tobytes()).digest()

    def best_grid(self) -> int:
        """The grid in which the number that is nearest to a border is farthest from it."""
        if not len(self.numbers):
            return 1
        placed = self._placed(np.arange(1, GRIDS + 1, dtype=np.uint64))
        return int(np.abs(placed - np.rint(placed)).min(axis=1).argmax()) + 1

    def _placed(self, grids: np.ndarray[Any, np.dtype[np.uint64]]) -> _Floats:
        """The numbers in units of cells, a row per grid, each shifted by its own part of a cell."""
        shifts = (grids[:, None] * _raw(len(self.numbers), 1)[0][None, :]) >> np.uint64(11)
        placed: _Floats = self.numbers[None, :] / _CELL + shifts * 2.0**-53
        return placed


def fingerprint(run: Run) -> Fingerprint | None:
    """The fingerprint of a run, None where there is nothing to tell a mistake by: it passed, never ran, or broke off."""
    record = run.record
    if record.outcome not in ("failed", "error") or record.reason is not None:
        return None
    missed = [test.name for test in record.tests if test.outcome in ("failed", "error")]
    heard = {name: run.events[name] for name in missed if run.events.get(name)}
    heard = {name: events for name, events in heard.items() if events[0].kind != "ended"}
    if not heard or any(event.kind == "ended" for events in heard.values() for event in events):
        return None
    made = _Notes()
    made.word("tests", *(f"{test.name}\0{test.outcome}" for test in record.tests))
    for name, events in heard.items():
        made.word("test", name)
        made.events(events)
    return Fingerprint(made.form.digest(), np.array(made.numbers, float))


class _Notes:
    """What is noted while answers are walked through."""

    def __init__(self) -> None:
        self.form = hashlib.sha256()
        self.numbers: list[float] = []

    def word(self, kind: str, *words: str) -> None:
        """Something that is compared exactly; each word with its length, so that no two lists of words look alike."""
        for text in (kind, str(len(words)), *words):
            data = text.encode("utf-8", "surrogatepass")
            self.form.update(len(data).to_bytes(8, "big") + data)

    def events(self, events: Sequence[Event]) -> None:
        """The answers of one test."""
        for event in events:
            if event.kind == "error":
                self.word("error", *map(str, event.value))
                continue
            value, changed = event.value
            self.word("value", *changed)
            # Single numbers are too many in a history of losses to be summed up one by one.
            singles: list[float] = []
            self.value(value, singles)
            if singles:
                self.array(np.array(singles))

    def value(self, value: Any, singles: list[float]) -> None:
        """One value and what is in it; its single numbers are added to a list."""
        if is_array(value):
            self.word("array", *map(str, value.shape))
            self.array(numpy_of(value))
        elif isinstance(value, (bool, int, float, np.generic)):
            number = _as_float(value)
            self.word("number", *([repr(int(number))] if abs(number) >= _WHOLE and number.is_integer() else []))
            singles.append(number)
        elif isinstance(value, (tuple, list)):
            self.word("list", str(len(value)))
            for item in value:
                self.value(item, singles)
        elif isinstance(value, dict):
            self.word("dict", *sorted(map(repr, value)))
            for key in sorted(value, key=repr):
                self.value(value[key], singles)
        elif isinstance(value, RemoteModule):
            shapes = {name: tuple(parameter.shape) for name, parameter in value.named_parameters().items()}
            self.word("module", *(f"{name}\0{shapes[name]}" for name in sorted(shapes)))
        else:
            self.word(type(value).__name__, repr(value))

    def array(self, array: np.ndarray[Any, Any]) -> None:
        """The numbers of an array: its size and its weighted sums, after a logarithm that is straight around zero."""
        flat = array.astype(float).ravel()
        finite = np.isfinite(flat)
        if not finite.all():
            self.word("not finite", np.where(finite, "0", flat.astype(str)).tobytes().hex())
            flat = np.where(finite, flat, 0.0)
        if len(flat):
            self.numbers += _sums(np.arcsinh(flat / _LINEAR))


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond all floats
        return math.inf if value > 0 else -math.inf


def _sums(bent: _Floats) -> Iterator[float]:
    size = float(np.sqrt(np.mean(bent**2)))
    yield math.log(size + _TINY)
    # Small arrays count by their ratio, too.
    scale = (min(size, 1.0) + _TINY) * math.sqrt(len(bent))
    yield from (_weights(len(bent)) @ bent / scale).tolist()


@functools.lru_cache(maxsize=64)
def _weights(count: int) -> _Floats:
    return np.asarray((_raw(count, _SUMS) >> np.uint64(11)) * 2.0**-52 - 1.0, np.float64)


def _raw(count: int, rows: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Pseudo-random words that are the same on every machine and in every version."""
    return np.asarray(np.random.PCG64(_SEED + rows).random_raw(count * rows), np.uint64).reshape(rows, count)
