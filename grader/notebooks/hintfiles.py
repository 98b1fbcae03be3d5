"""The sealed hints of known mistakes that come with an assignment; made again only where what they follow from has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from grader.authoring.sealing import Step, seal_slips
from grader.catalog.course import SLIPS, Exercise
from grader.grading.versions import grader_hash
from grader.notebooks.ledger import Ledger, digest


@dataclass
class HintFiles:
    """Sealed hints for a course folder.

    Attributes:
        files: by place in the folder; an exercise whose mistakes no visible test shows has none.
        sealed: see `Ledger`.
        notes: sentences for the instructor.
    """

    files: dict[Path, bytes] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def hint_files(folder: Path, exercises: Iterable[Exercise], language: str, last: Ledger, step: Step) -> HintFiles:
    """What is in the folder as far as it still fits, and the rest made anew.

    Parameters:
        folder: the course folder.
        exercises: of its assignments.
        language: of hints.
        last: what the folder was made with.
        step: see `seal_slips`.

    Raises:
        CourseError: a bank of mistakes or a test file must be mended first.
    """
    made = HintFiles()
    old: list[Exercise] = []
    for exercise in exercises:
        key = _key(exercise, language)
        place = hint_place(exercise)
        kept = _kept(folder, place, last) if last.sealed.get(exercise.name) == key else None
        if kept is None:
            old.append(exercise)
        elif kept:
            made.files[place] = kept
        made.sealed[exercise.name] = key
    fresh = seal_slips(old, (language,), step)
    made.files |= {hint_place(exercise): fresh.files[exercise.name] for exercise in old if exercise.name in fresh.files}
    made.notes += fresh.broken
    if fresh.left_out:
        made.notes.append(
            f"known mistakes are not told in {', '.join(fresh.left_out)}: the library is not installed here; install it and "
            "run this again"
        )
    for exercise in old if fresh.broken else ():  # so that the next run tells what is broken too
        made.sealed.pop(exercise.name)
    for name in fresh.left_out:
        made.sealed.pop(name, None)
    return made


def hint_place(exercise: Exercise) -> Path:
    """Where an exercise's sealed hints lie in a course folder: where a check looks for them."""
    return Path("source") / exercise.topic / "exercises" / exercise.topic / exercise.name / SLIPS


def _kept(folder: Path, place: Path, last: Ledger) -> bytes | None:
    """What was written the last time; empty where that was nothing, None where it is gone or is another's."""
    known = last.files.get(place.as_posix())
    if known is None:
        return b""
    try:
        data = (folder / place).read_bytes()
    except OSError:
        return None
    return data if digest(data) == known else None


def _key(exercise: Exercise, language: str) -> str:
    parts = [grader_hash(exercise, hidden=False).encode(), language.encode()]
    paths = [exercise.reference, exercise.private / "mistakes.yaml", *sorted(exercise.public.glob("statement.*.md"))]
    parts += [path.read_bytes() if path.exists() else b"" for path in paths]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
