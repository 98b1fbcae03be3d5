"""Keeps the result of each exercise's last check in the course folder, so that a student sees at once where they are.

The file is a convenience: whatever is wrong with it, or with the folder, costs no more than the memory of a result.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from grader.quiz.jsonfile import json_bytes, write_whole
from grader.record import Record, clean

FOLDER = ".grader"
FORMAT = 1
_LOCK_SECONDS = 2.0
_OUTCOMES = ("passed", "failed", "error", "not_started")


@dataclass(frozen=True)
class Checked:
    """What is kept of a check.

    Attributes:
        outcome: of the record.
        passed, tests: how many tests pass, of how many.
        problem: the title of the first test that does not pass, or the reason why none ran.
        hash: SHA-256 of the file that was checked.
        time: of the check, in seconds since 1970.
    """

    outcome: str
    passed: int
    tests: int
    problem: str
    hash: str
    time: float


def state_file(root: Path) -> Path:
    """Where the state of a course folder lies."""
    return root / FOLDER / "progress.json"


def checked_of(record: Record) -> Checked:
    """What is worth keeping of a record."""
    passed = sum(test.outcome == "passed" for test in record.tests)
    first = next((test.title for test in record.tests if test.outcome in ("failed", "error")), "")
    problem = "" if record.outcome in ("passed", "not_started") else record.reason or first
    return Checked(record.outcome, passed, len(record.tests), problem, record.source_hash, round(time.time(), 3))


def source_hash(path: Path) -> str | None:
    """SHA-256 of a file, as records have it; None where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def load(root: Path) -> dict[str, Checked]:
    """The state by exercise; what cannot be read, or is not of this format, is as if it were not there."""
    return _entries(_read(state_file(root)))


def keep(root: Path, records: Sequence[Record]) -> bool:
    """Add results to the state; whether that was possible. A fault of ours does not replace an earlier result."""
    new = {record.exercise: checked_of(record) for record in records if record.outcome in _OUTCOMES}
    if not new or not (root / "exercises").is_dir():
        return False
    path = state_file(root)
    try:
        path.parent.mkdir(exist_ok=True)
        _leave_out_of_git(path.parent)
        with _locked(path.with_suffix(".lock")):
            data = _read(path)
            if _from_the_future(data):
                return False
            _write(path, {**_entries(data), **new})
    except OSError:
        return False
    return True


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _from_the_future(data: Any) -> bool:
    """A later kit wrote it; what we would write would lose what it knows."""
    return isinstance(data, dict) and isinstance(data.get("format"), int) and data["format"] > FORMAT


def _entries(data: Any) -> dict[str, Checked]:
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("exercises"), dict):
        return {}
    found = {}
    for name, entry in data["exercises"].items():
        with contextlib.suppress(TypeError, ValueError, KeyError, OverflowError):
            found[name] = _entry(entry)
    return found


def _entry(entry: Mapping[str, Any]) -> Checked:
    kept = Checked(
        str(entry["outcome"]), int(entry["passed"]), int(entry["tests"]), clean(str(entry["problem"])), str(entry["hash"]),
        float(entry["time"]),
    )  # fmt: skip
    if kept.outcome not in _OUTCOMES or not 0 <= kept.passed <= kept.tests:
        raise ValueError(kept.outcome)
    return kept


def _write(path: Path, entries: Mapping[str, Checked]) -> None:
    data = {"format": FORMAT, "exercises": {name: asdict(kept) for name, kept in sorted(entries.items())}}
    write_whole(path, json_bytes(data))


def _leave_out_of_git(folder: Path) -> None:
    """A student's repository is spared the state; a file that is there already is the course's own business."""
    place = folder / ".gitignore"
    if not place.exists():
        place.write_text("progress.*\n", encoding="utf-8")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file, so that what others write meanwhile is not lost; the system lets go of it when we die.

    After two seconds, or where the file system knows no locks, go on without.
    """
    with open(path, "ab") as file:
        deadline = time.monotonic() + _LOCK_SECONDS
        while not (held := _try_lock(file)) and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield
        finally:
            if held:
                _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        with contextlib.suppress(OSError):
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
