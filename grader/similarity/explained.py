"""What an exercise itself explains: prints of its stub, public text, solutions and known mistakes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError
from grader.similarity.prints import plain, prints_of
from grader.similarity.unit import Incomparable, unit_of

_BLOCK = re.compile(r"```[^\n]*\n(.*?)```", re.DOTALL)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Explained:
    """What two students may share without having seen each other's work.

    Attributes:
        form: fingerprints.
        words: names and other words.
        text: everything that students were given or that is known, in small letters without signs.
        operations: of the reference; None where there is none.
    """

    form: frozenset[str]
    words: frozenset[str]
    text: str
    operations: int | None


def explained_of(exercise: Exercise) -> Explained:
    """What an exercise explains; parts that are missing or are no Python explain nothing."""
    entry = exercise.manifest.entry
    given = [_read(path) for path in (exercise.stub, exercise.public_tests)]
    prose = [_read(path) for path in sorted(exercise.public.glob("statement.*.md"))]
    solutions = [_read(path) for path in (exercise.reference, *exercise.alternatives)]
    snippets = [block for text in prose for block in _BLOCK.findall(text)]
    form: set[str] = set()
    for text in (*given, *snippets, *solutions, *_mistakes(exercise)):
        form |= _form(text, entry)
    try:
        operations = prints_of(unit_of(solutions[0].encode(), entry)).operations if solutions[0] else None
    except Incomparable:
        operations = None
    everything = "\n".join((*given, *prose, *solutions))
    return Explained(frozenset(form), frozenset(_WORD.findall(everything)), plain(everything), operations)


def _form(text: str, entry: str) -> set[str]:
    try:
        return set(prints_of(unit_of(text.encode("utf-8", "replace"), entry)).form)
    except Incomparable:
        return set()


def _mistakes(exercise: Exercise) -> list[str]:
    """Known wrong solutions as whole modules; a slip that many make is no sign of copying."""
    try:
        return [exercise.mistake_source(mistake) for mistake in exercise.mistakes]
    except (CourseError, OSError):
        return []  # `grader verify` tells what is wrong with them


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
