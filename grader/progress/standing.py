"""Where a student stands: the outline of the course and the kept results together, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.progress.outline import Section, Step
from grader.progress.state import Checked, source_hash

Condition = Literal["passed", "failing", "not_started", "unknown", "missing"]


@dataclass(frozen=True)
class Place:
    """One exercise: what is known of it, and whether its file has changed since that was found out."""

    step: Step
    condition: Condition
    changed: bool
    kept: Checked | None


def standing(sections: Sequence[Section], state: Mapping[str, Checked]) -> list[tuple[Section, list[Place]]]:
    """The places of all exercises, by topic."""
    return [(section, [_place(step, state.get(step.name)) for step in section.steps]) for section in sections]


def _place(step: Step, kept: Checked | None) -> Place:
    now = source_hash(step.file)
    if now is None:
        return Place(step, "missing", False, kept)
    if kept is None:
        return Place(step, "unknown", False, None)
    conditions: dict[str, Condition] = {"passed": "passed", "not_started": "not_started"}
    return Place(step, conditions.get(kept.outcome, "failing"), now != kept.hash, kept)


def next_place(places: Iterable[Place], after: str | None = None) -> Place | None:
    """What to do next: what was begun or changed, else what can be begun, else what waits for others; None when all pass.

    Parameters:
        places: in the order of the course.
        after: an exercise; those behind it come first, and it comes after all others, even those that wait for it.
    """
    order = list(places)
    names = [place.step.name for place in order]
    if after in names:
        cut = names.index(after) + 1
        order = order[cut:] + order[:cut]
    done = {place.step.name for place in order if place.condition == "passed" and not place.changed}
    left = [place for place in order if place.step.name not in done]
    if after is None:
        for place in left:
            if place.condition == "failing" or place.changed:
                return place
    free = [place for place in left if all(name in done or name not in names for name in place.step.requires)]
    others = ([place for place in group if place.step.name != after] for group in (free, left))
    return next((group[0] for group in (*others, left) if group), None)
