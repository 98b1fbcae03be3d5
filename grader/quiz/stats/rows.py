"""Item statistics as flat rows, for spreadsheets."""

from __future__ import annotations

from grader.quiz.stats.statistics import Row, Statistics

COLUMNS = (
    "bank", "question", "type", "points", "students", "unanswered", "unreadable", "lost", "facility", "facility_low",
    "facility_high", "facility_answered", "guessing", "discrimination", "discrimination_low", "discrimination_high",
    "discrimination_undefined", "reliability_without", "options", "flags", "look", "text",
)  # fmt: skip


def rows(found: Statistics) -> list[dict[str, str | float | bool | list[str] | None]]:
    """A row per question, with all `COLUMNS`; options as `id=all/strong/weak`, a right one with a star."""
    return [_row(found.bank, row) for row in found.rows]


def _row(bank: str, row: Row) -> dict[str, str | float | bool | list[str] | None]:
    one, link = row.figures, row.figures.discrimination
    return {
        "bank": bank,
        "question": one.item.id,
        "type": one.item.form,
        "points": one.item.points,
        "students": one.students,
        "unanswered": one.unanswered,
        "unreadable": one.invalid,
        "lost": one.lost,
        "facility": one.facility,
        "facility_low": one.low,
        "facility_high": one.high,
        "facility_answered": one.facility_answered,
        "guessing": one.item.guess,
        "discrimination": link.value,
        "discrimination_low": link.low,
        "discrimination_high": link.high,
        "discrimination_undefined": link.why,
        "reliability_without": row.alpha_without,
        "options": [
            f"{option.choice.id}{'*' if option.choice.value == 'right' else ''}={option.count}"
            + (f"/{option.upper}/{option.lower}" if option.upper is not None else "")
            for option in row.options
        ],
        "flags": [flag.code for flag in row.flags],
        "look": any(flag.weight == "look" for flag in row.flags),
        "text": one.item.title,
    }
