"""The hint that a key shows: of the mistake that was recognised, else the manifest's."""

from __future__ import annotations

from collections.abc import Callable

from grader.catalog.course import Exercise
from grader.locales import tr
from grader.record import Record

Hint = Callable[[Exercise, Record | None, int, str], str]


def hint(exercise: Exercise, record: Record | None, number: int, language: str) -> str:
    """The hint of a number, from 0; the last one where there are no more.

    Parameters:
        exercise: whose hints.
        record: of the last run; a known mistake in it speaks first.
        number: how many hints were shown already.
        language: of the hint.
    """
    found = [diagnosis.hint for diagnosis in record.diagnosis[:1]] if record is not None else []
    texts = [*found, *(text.get(language) for text in exercise.manifest.hints)]
    shown = min(number, len(texts) - 1)
    return tr("Hint {number} of {all}: {text}", number=shown + 1, all=len(texts), text=texts[shown])
