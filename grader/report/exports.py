"""Marks out of records: a row per exercise, per test or per student, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.record import Record, TestResult, clean

Value = str | float | bool | None | list[str]
Row = dict[str, Value]

EXERCISE_COLUMNS = (
    "student", "exercise", "topic", "outcome", "score", "max_score", "diagnosis", "reason", "notes", "grader_error",
    "source_hash", "grader_hash",
)  # fmt: skip
TEST_COLUMNS = (
    "student", "exercise", "topic", "test", "title", "outcome", "points", "max_points", "message", "line", "grader_error",
    "source_hash", "grader_hash",
)  # fmt: skip

# A spreadsheet takes a cell for a formula that begins so; the wide signs count in East Asian settings. One that splits at
# semicolons loses sight of the quotes, so there and at a line's start the same holds, behind quotes of the text's own too.
_FORMULA = re.compile("(^|[;\t\n])(?=\"*[=+\\-@＝＋－＠\t])")


@dataclass(frozen=True)
class Table:
    """Columns in their order, and rows that have them all; None is what is not known."""

    columns: tuple[str, ...]
    rows: list[Row]


def settle(records: Iterable[Record]) -> tuple[list[Record], list[str]]:
    """One record per student and exercise, and a sentence for each choice.

    The last one counts. A failure of ours counts only where there is nothing else: it must not overwrite a mark.
    """
    found: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        found.setdefault((record.submission, record.exercise), []).append(record)
    chosen: list[Record] = []
    told: list[str] = []
    for (student, exercise), same in found.items():
        marks = [record for record in same if record.outcome != "grader_error"]
        chosen.append((marks or same)[-1])
        if len(same) > 1:
            kept = "the last counts"
            if marks and marks[-1] is not same[-1]:
                kept = "the last is a grader_error, so the mark before it counts; grade this again"
            told.append(f"{student}, {exercise}: {len(same)} records, {kept}")
    return chosen, told


def in_order(records: Iterable[Record], topics: Mapping[str, str]) -> list[Record]:
    """Records by student, then by exercise as the course has them; of one exercise they keep their order."""
    places = {exercise: place for place, exercise in enumerate(topics)}
    return sorted(
        records, key=lambda record: (record.submission, places.get(record.exercise, len(places)), record.exercise)
    )


def per_exercise(records: Iterable[Record], topics: Mapping[str, str]) -> Table:
    """A row per record.

    Parameters:
        records: see `settle`.
        topics: the topic of each exercise, in the course's order.
    """
    rows: list[Row] = []
    for record in in_order(records, topics):
        row: Row = {
            **_whose(record, topics),
            "outcome": record.outcome,
            "score": score_of(record),
            "max_score": record.max_score,
            "diagnosis": [found.id for found in record.diagnosis],
            "reason": record.reason or "",
            "notes": len(record.notes),
            **_proof(record),
        }
        rows.append({column: row[column] for column in EXERCISE_COLUMNS})
    return Table(EXERCISE_COLUMNS, rows)


def per_test(records: Iterable[Record], topics: Mapping[str, str]) -> Table:
    """A row per test of each record, in the order of the test file; where none was run, one row without a test."""
    rows: list[Row] = []
    for record in in_order(records, topics):
        none = TestResult("", "", record.outcome, record.score, record.max_score, record.reason or "")
        for test in record.tests or (none,):
            row: Row = {
                **_whose(record, topics),
                "test": test.name,
                "title": test.title,
                "outcome": test.outcome,
                "points": _points_of(record, test),
                "max_points": test.max_points,
                "message": test.message,
                "line": test.line,
                **_proof(record),
            }
            rows.append({column: row[column] for column in TEST_COLUMNS})
    return Table(TEST_COLUMNS, rows)


def per_student(records: Iterable[Record], topics: Mapping[str, str]) -> Table:
    """A row per student, a column per exercise: what gradebooks want.

    A cell is empty where there is no record, and where there is only a failure of ours; then the total is empty too, because
    nobody knows it, and `grader_error` names the exercises to grade again.
    """
    exercises: dict[str, float] = {}
    students: dict[str, dict[str, Record]] = {}
    for record in in_order(records, topics):
        # Where points have changed between two gradings, nobody has more than there are.
        exercises[record.exercise] = max(record.max_score, exercises.get(record.exercise, 0.0))
        students.setdefault(record.submission, {})[record.exercise] = record
    places = {exercise: place for place, exercise in enumerate(topics)}
    names = sorted(exercises, key=lambda name: (places.get(name, len(places)), name))
    rows: list[Row] = []
    for student, own in students.items():
        scores = {column_of(name): score_of(own[name]) if name in own else None for name in names}
        broken = [name for name in names if name in own and score_of(own[name]) is None]
        total = None if broken else sum(score for score in scores.values() if score is not None)
        best = sum(exercises.values())
        rows.append({"student": student, **scores, "total": total, "max_total": best, "grader_error": broken})
    return Table(("student", *map(column_of, names), "total", "max_total", "grader_error"), rows)


def column_of(exercise: str) -> str:
    """The column of an exercise in `per_student`: its name, unless one of the others is called so."""
    return f"{exercise} (points)" if exercise in ("student", "total", "max_total", "grader_error") else exercise


def score_of(record: Record) -> float | None:
    """The mark; None where a failure of ours says nothing about it."""
    return None if record.outcome == "grader_error" else record.score


def _points_of(record: Record, test: TestResult) -> float | None:
    return None if "grader_error" in (record.outcome, test.outcome) else test.points


def _whose(record: Record, topics: Mapping[str, str]) -> Row:
    return {"student": record.submission, "exercise": record.exercise, "topic": topics.get(record.exercise, "")}


def _proof(record: Record) -> Row:
    return {
        "grader_error": record.outcome == "grader_error",
        "source_hash": record.source_hash,
        "grader_hash": record.versions.grader_hash if record.versions else "",
    }


# -- text ------------------------------------------------------------------------------------------------------------------------


def as_csv(table: Table) -> str:
    """The table as comma-separated values, quoted where needed, a line per row ended by "\\n".

    Numbers have a dot and no exponent. Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_text(column) for column in table.columns])
    writer.writerows([_cell(row[column]) for column in table.columns] for row in table.rows)
    return text.getvalue()


def as_json(table: Table) -> str:
    """The table as a JSON array, an object per row; text as it is, null for what is not known."""
    lines = [json.dumps({key: _value(value) for key, value in row.items()}, ensure_ascii=False) for row in table.rows]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def plain(number: float) -> str:
    """A number as people write it: a dot, no exponent, no zeros at the end.

    >>> plain(2.50), plain(0.1 + 0.2), plain(1e-7), plain(10)
    ('2.5', '0.3', '0', '10')
    """
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return plain(value)
    return _text(" ".join(value) if isinstance(value, list) else value)


def _text(text: str) -> str:
    return _FORMULA.sub(r"\1'", clean(text))


def _value(value: Value) -> Value:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        rounded = round(value, 6)
        return int(rounded) if rounded == int(rounded) else rounded
    return value
