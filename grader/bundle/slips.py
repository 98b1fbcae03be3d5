"""Makes the sealed hints of a bundle: every known mistake meets the visible tests, and what it answers there locks its hint."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.catalog.course import Exercise
from grader.grading.fingerprints import Fingerprint, fingerprint
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.seeds import PRACTICE_SECRET, PRACTICE_STUDENT
from grader.grading.slips import grouped, sealed
from grader.grading.suite import Suite, with_suite
from grader.sandbox.inprocess import InProcessSandbox

Step = Callable[[str, int, int], None]
_SALT_BYTES = 16


@dataclass
class Sealed:
    """What was made.

    Attributes:
        files: the file of each exercise, by the exercise's name.
        told, known: how many mistakes the visible tests show, of how many.
        left_out: exercises whose library is missing here.
        broken: sentences about visible tests that fail themselves on a mistake.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    told: int = 0
    known: int = 0
    left_out: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def seal_slips(exercises: Sequence[Exercise], languages: Sequence[str], step: Step) -> Sealed:
    """Run all known mistakes on the visible tests, in this process.

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
    def work(suite: Suite) -> None:
        judge = Judge(suite, InProcessSandbox(), PRACTICE_SECRET, hidden=False)
        for number, exercise in enumerate(exercises):
            step(exercise.name, number, len(exercises))
            found = list(_fingerprints(made, judge, exercise, languages))
            made.told += len(found)
            if found:
                made.files[exercise.name] = sealed(grouped(found), _salt(exercise))

    with_suite(exercises, False, work)


def _fingerprints(
    made: Sealed, judge: Judge, exercise: Exercise, languages: Sequence[str]
) -> Iterator[tuple[Fingerprint, Mapping[str, str]]]:
    """The mistakes that fail: what they answer, and their hints."""
    for mistake in exercise.mistakes:
        source = exercise.mistake_source(mistake).encode()
        run = judge.grade(Submission(PRACTICE_STUDENT, exercise.stub.name, source), [exercise])[0]
        if run.record.outcome == "grader_error":
            made.broken.append(f"{exercise.public_tests}: on the known mistake {mistake.id}: {run.record.reason}")
        found = fingerprint(run)
        if found is not None:
            yield found, {language: mistake.hint.get(language) for language in languages}


def _salt(exercise: Exercise) -> bytes:
    """Fixed, so that a release of the same course has the same bytes, and another one for another exercise or text."""
    parts = [exercise.name.encode(), exercise.public_tests.read_bytes()]
    parts += [path.read_bytes() for path in sorted(exercise.public.glob("statement.*.md"))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()[:_SALT_BYTES]
