"""What a class did together, as rows: the known mistakes, and how often each test passed. No names of students."""

from __future__ import annotations

from collections.abc import Mapping

from grader.report.exports import Row, Table
from grader.report.overview import Overview

MISTAKE_COLUMNS = ("exercise", "topic", "mistake", "hint", "students", "began")
RATE_COLUMNS = ("exercise", "topic", "test", "title", "began", "passed", "failed", "error", "skipped")


def mistakes(found: Overview, topics: Mapping[str, str]) -> Table:
    """A row per known mistake that somebody made, the most frequent first."""
    rows: list[Row] = [
        {
            "exercise": one.exercise,
            "topic": topics.get(one.exercise, ""),
            "mistake": one.id,
            "hint": one.hint,
            "students": len(one.students),
            "began": one.tried,
        }
        for one in found.mistakes
    ]
    return Table(MISTAKE_COLUMNS, rows)


def rates(found: Overview, topics: Mapping[str, str]) -> Table:
    """A row per test, with how often it ended how among those who began the exercise."""
    rows: list[Row] = []
    for exercise in found.exercises:
        for test in exercise.tests:
            row: Row = {
                "exercise": exercise.name,
                "topic": topics.get(exercise.name, ""),
                "test": test.name,
                "title": test.title,
                "began": exercise.tried,
            }
            row.update({outcome: test.outcomes.get(outcome, 0) for outcome in RATE_COLUMNS[5:]})
            rows.append(row)
    return Table(RATE_COLUMNS, rows)
