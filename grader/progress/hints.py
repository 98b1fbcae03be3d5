"""Which hint comes next: what a failing attempt tells comes first, then the exercise's own steps, one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from grader.catalog.course import Exercise
from grader.locales import tr
from grader.progress.kept import Remembered
from grader.record import Record


@dataclass(frozen=True)
class Step:
    """One hint.

    Attributes:
        title: what kind of hint it is.
        text: the hint.
        new: whether it is shown for the first time.
    """

    title: str
    text: str
    new: bool


@dataclass(frozen=True)
class Steps:
    """What to show now.

    Attributes:
        shown: the hints so far, the new one last.
        left: how many more there are.
    """

    shown: tuple[Step, ...]
    left: int


def next_steps(exercise: Exercise, record: Record | None, kept: Remembered, language: str, everything: bool = False) -> Steps:
    """The hints up to the next one; what is shown is remembered in `kept`, which the caller saves.

    A mistake that was recognised and not told before is the next hint. Otherwise the manifest's hints follow in their order.

    Parameters:
        exercise: whose hints.
        record: of the last check, None where there was none.
        kept: what was shown before.
        language: of the hints.
        everything: show all hints at once.
    """
    hints = exercise.manifest.hints
    before = min(kept.hints_shown(exercise.name), len(hints))
    told = kept.mistakes_shown(exercise.name)
    found = record.diagnosis[0] if record is not None and record.diagnosis else None
    fresh = found is not None and found.id not in told
    now = len(hints) if everything else before if fresh else min(before + 1, len(hints))
    own = [Step(_title(n, len(hints)), hints[n].get(language), n >= before) for n in range(now)]
    mistake = [Step(tr("What your code does"), found.hint, fresh)] if found is not None else []
    if found is not None and fresh:
        kept.show_mistake(exercise.name, found.id)
    if now != before:
        kept.show_hints(exercise.name, now)
    # The new one is read last.
    shown = [*own, *mistake] if fresh and not everything else [*mistake, *own]
    return Steps(tuple(shown), len(hints) - now)


def _title(number: int, count: int) -> str:
    if number == 0:
        return tr("A nudge")
    return tr("The shape of the answer") if number == count - 1 and count > 2 else tr("The idea")
