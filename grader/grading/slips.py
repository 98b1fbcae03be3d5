"""Known mistakes in a student's folder: hints that nobody can read but those whose code answers as the mistake does.

A released exercise has no bank of mistakes, for it shows the reference. Beside its tests lies a sealed entry per mistake that the
tests show; the key of an entry is the mistake's own fingerprint. docs/threat-model.md tells the construction.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from grader.catalog.course import Exercise
from grader.grading.diagnosis import MOST, diagnose
from grader.grading.fingerprints import GRIDS, Fingerprint, fingerprint
from grader.grading.host import Submission
from grader.grading.judge import Judge, Run
from grader.record import Diagnosis, Record

_FORMAT = 1
_NAME_BYTES = 16
_SEAL_BYTES = 16
# All lengths are multiples of it, so that they tell little.
_BLOCK = 256
Hints = tuple[Mapping[str, str], ...]


@dataclass
class Slip:
    """Mistakes that answer alike wherever the tests look.

    Attributes:
        found: their fingerprint.
        grid: the one that its numbers fit best.
        hints: by language, one per mistake.
    """

    found: Fingerprint
    grid: int
    hints: Hints


def tell(run: Run, submission: Submission, exercise: Exercise, judge: Judge) -> Record:
    """The run's record with the known mistakes that explain it: from the bank where it is here, else from what is sealed.

    Parameters:
        run: of the submission, on the visible tests.
        submission, exercise, judge: see `diagnose`.
    """
    if (exercise.private / "mistakes.yaml").exists():
        return diagnose(run, submission, exercise, judge)
    try:
        found = tuple(_recognised(run, exercise, judge.language))
    except Exception:  # a damaged file, or answers that nobody thought of: no hint, and the verdict is as good
        return run.record
    return replace(run.record, diagnosis=found[:MOST]) if found else run.record


def _recognised(run: Run, exercise: Exercise, language: str) -> Iterator[Diagnosis]:
    if run.record.outcome not in ("failed", "error") or not exercise.slips.exists():
        return
    found = fingerprint(run)
    if found is None:
        return
    for name, hints in opened(exercise.slips.read_bytes(), found):
        for number, hint in enumerate(hints):
            text = hint.get(language) or hint.get("en") or next(iter(hint.values()))
            yield Diagnosis(f"slip-{name[:8]}-{number + 1}", text)


# -- the file ------------------------------------------------------------------------------------------------------------------


def grouped(found: Iterable[tuple[Fingerprint, Mapping[str, str]]]) -> list[Slip]:
    """Mistakes by what they answer, in the order of the bank.

    Parameters:
        found: the fingerprints of an exercise's mistakes with their hints by language.
    """
    slips: list[Slip] = []
    for one, hint in found:
        same = next((slip for slip in slips if slip.found.key(slip.grid) == one.key(slip.grid)), None)
        if same is None:
            slips.append(Slip(one, one.best_grid(), (hint,)))
        elif len(same.hints) < MOST:
            same.hints = (*same.hints, hint)
    return slips


def sealed(slips: Iterable[Slip], salt: bytes) -> bytes:
    """The bytes of a file; the same for the same slips and salt, in an order that says nothing about the bank.

    Parameters:
        salt: 16 bytes or more that no other exercise has.
    """
    entries = []
    for slip in slips:
        name, secret = _derived(slip.found.key(slip.grid), salt)
        text = json.dumps(list(map(dict, slip.hints)), ensure_ascii=False, sort_keys=True).encode()
        hidden = _crossed(text + b" " * (-len(text) % _BLOCK), secret)
        data = base64.b64encode(_seal(hidden, secret) + hidden).decode()
        entries.append({"name": name, "grid": slip.grid, "sealed": data})
    entries.sort(key=lambda entry: str(entry["name"]))
    whole = {"format": _FORMAT, "salt": salt.hex(), "slips": entries}
    return (json.dumps(whole, indent=1) + "\n").encode()


def opened(data: bytes, found: Fingerprint) -> Iterator[tuple[str, Hints]]:
    """The entries whose mistake answers as the fingerprint says: their names and hints.

    Raises:
        ValueError, KeyError, TypeError: the file is damaged.
    """
    whole: Any = json.loads(data)
    if whole["format"] != _FORMAT:
        return
    salt = bytes.fromhex(whole["salt"])
    for entry in whole["slips"]:
        grid = int(entry["grid"])
        if not 0 < grid <= GRIDS:
            continue
        name, secret = _derived(found.key(grid), salt)
        if name != entry["name"]:
            continue
        whole_text = base64.b64decode(entry["sealed"], validate=True)
        seal, hidden = whole_text[:_SEAL_BYTES], whole_text[_SEAL_BYTES:]
        if hmac.compare_digest(seal, _seal(hidden, secret)):
            yield name, tuple(json.loads(_crossed(hidden, secret)))


def _derived(key: bytes, salt: bytes) -> tuple[str, bytes]:
    """From a fingerprint's key the public name of its entry and the secret that opens it; neither tells the other."""
    master = hmac.digest(salt, key, "sha256")
    return hmac.digest(master, b"name", "sha256")[:_NAME_BYTES].hex(), hmac.digest(master, b"secret", "sha256")


def _crossed(text: bytes, secret: bytes) -> bytes:
    """A text with the keystream of a secret; twice gives the text again. A secret serves one text only."""
    stream = hashlib.shake_256(b"stream" + secret).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))


def _seal(hidden: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"seal" + hidden, "sha256")[:_SEAL_BYTES]
