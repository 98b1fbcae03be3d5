"""The sentences above the table: how many took part, how far totals can be trusted."""

from __future__ import annotations

from grader.quiz.stats.flags import language
from grader.quiz.stats.numbers import count, short, some, span
from grader.quiz.stats.statistics import Statistics

# What each column means, in the order shown; terminal and page say the same.
COLUMNS = {
    "facility": "mean credit, what is blank counting as 0",
    "guess": "the credit that blind guessing earns",
    "blank": "students who left it out",
    "discr.": "correlation with the points of all other questions",
}


def who(found: Statistics) -> str:
    """How many took part in what."""
    parts = [count(found.students, "student"), count(len(found.rows), "question"), count(found.variants, "variant")]
    spoken = [f"{language(name) if name else 'unknown language'} {number}" for name, number in found.languages.items()]
    return ", ".join(parts) + (f"; {', '.join(spoken)}" if len(spoken) > 1 else "")


def trust(found: Statistics) -> list[str]:
    """Totals and their reliability, a fact per line."""
    told = []
    if found.mean is not None:
        spread = f", standard deviation {short(found.sd)}" if found.sd is not None else ""
        told.append(f"Mean total {short(found.mean)} of {some(found.max_points)} points{spread}")
    value = found.reliability
    if value.value is not None:
        told.append(f"{value.name} {short(value.value)}, 95 % interval {span(value.low, value.high)}")
    if value.sem is not None:
        told.append(f"A total is good to ± {short(value.sem)} points (standard error of measurement)")
    return told


def groups(found: Statistics) -> str:
    """How the strong and the weak were chosen; empty where there are no groups."""
    if not found.groups.upper:
        return ""
    return (
        f"Strong and weak: the {len(found.groups.upper)} and {len(found.groups.lower)} students with the highest and the lowest "
        "totals, 27 % each and whoever ties with the last of them."
    )
