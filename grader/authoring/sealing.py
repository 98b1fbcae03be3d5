"""Makes the sealed hints that students get: each known mistake meets the visible tests; what it answers there locks its hint."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from grader.authoring.trying import Attempt, Tried, tried
from grader.catalog.course import Exercise
from grader.grading.fingerprints import Fingerprint
from grader.grading.slips import grouped, sealed

Step = Callable[[str, int, int], None]
_SALT_BYTES = 16


@dataclass
class Sealed:
    """What was made.

    Attributes:
        files: the file of each exercise, by the exercise's name.
        told, known: how many mistakes the visible tests show, of how many.
        left_out: exercises whose library is missing here.
        broken: sentences about visible tests that fail themselves on a mistake, and mistakes that do not end.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    told: int = 0
    known: int = 0
    left_out: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def seal_slips(exercises: Sequence[Exercise], languages: Sequence[str], step: Step) -> Sealed:
    """Run all known mistakes on the visible tests.

    Parameters:
        exercises: those without a bank of mistakes are passed over.
        languages: of hints.
        step: called before each exercise with its name, its number and how many there are.

    Raises:
        CourseError: a bank or a test file must be mended first.
    """
    made = Sealed()
    chosen = []
    for exercise in exercises:
        if not exercise.mistakes:
            continue
        made.known += len(exercise.mistakes)
        library = exercise.manifest.library
        if library != "python" and importlib.util.find_spec(library) is None:
            made.left_out.append(exercise.name)
        else:
            chosen.append(exercise)
    if chosen:
        _run_all(made, chosen, languages, step)
    return made


def _run_all(made: Sealed, exercises: Sequence[Exercise], languages: Sequence[str], step: Step) -> None:
    attempts = {
        exercise.name: [Attempt(exercise, one.id, exercise.mistake_source(one).encode()) for one in exercise.mistakes]
        for exercise in exercises
    }
    with contextlib.closing(tried(list(chain.from_iterable(attempts.values())))) as results:
        for number, exercise in enumerate(exercises):
            step(exercise.name, number, len(exercises))
            found: list[tuple[Fingerprint, Mapping[str, str]]] = []
            for mistake, attempt in zip(exercise.mistakes, attempts[exercise.name], strict=True):
                one = next(results)
                _note(made, attempt, one)
                if one.found is not None:
                    found.append((one.found, {language: mistake.hint.get(language) for language in languages}))
            made.told += len(found)
            if found:
                made.files[exercise.name] = sealed(grouped(found), _salt(exercise))


def _note(made: Sealed, attempt: Attempt, one: Tried) -> None:
    """Tell the instructor what is wrong with a mistake, or with a test on it."""
    if one.broken:
        made.broken.append(f"{attempt.exercise.public_tests}: on the known mistake {attempt.mistake}: {one.broken}")
    if one.lost:
        made.broken.append(
            f"{attempt.exercise.private / 'mistakes.yaml'}: {attempt.mistake}: {one.lost} on the visible tests of "
            f"{attempt.exercise.name}, so `grader check` cannot tell this mistake; students who make it see the test that fails"
        )


def _salt(exercise: Exercise) -> bytes:
    """Fixed, so that a release of the same course has the same bytes, and another one for another exercise or text."""
    parts = [exercise.name.encode(), exercise.public_tests.read_bytes()]
    parts += [path.read_bytes() for path in sorted(exercise.public.glob("statement.*.md"))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()[:_SALT_BYTES]
