"""Records of what was put together from notebooks: lines told as cells, and what no source answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.catalog.course import Exercise
from grader.notebooks.assemble import Assembled
from grader.notebooks.notes import Note
from grader.record import Outcome, Record, TestResult, unread_reason

_LINE = re.compile(r"\bline (\d+)\b")


def placed(record: Record, assembled: Assembled) -> Record:
    """A record whose lines are told as cells of the notebook, or as lines of the file, that was handed in."""

    def place(found: re.Match[str]) -> str:
        at = assembled.place(int(found[1]))
        if at is None:
            return found[0]
        return f"line {at.line}" if at.file.endswith(".py") else f"cell {at.cell}, line {at.line}"

    def told(test: TestResult) -> TestResult:
        at = assembled.place(test.line) if test.line is not None else None
        line = at.line if at is not None and at.file.endswith(".py") else None
        return replace(test, message=_LINE.sub(place, test.message), line=line)

    return replace(
        record,
        tests=tuple(told(test) for test in record.tests),
        reason=_LINE.sub(place, record.reason) if record.reason else record.reason,
        notes=tuple(_LINE.sub(place, note) for note in record.notes),
        flags=tuple(_LINE.sub(place, flag) for flag in record.flags),
    )


def unanswered(exercise: Exercise, student: str, broken: Mapping[str, str]) -> Record:
    """The record of an exercise that no source answers: not begun, or written in a cell that cannot be read.

    Parameters:
        exercise, student: of whom.
        broken: the reasons why definitions cannot be read, by exercise.
    """
    reason = broken.get(exercise.name)
    told = reason or "the submission defines nothing of this name"
    outcome: Outcome = "error" if reason else "not_started"
    return Record(exercise.name, student, outcome, 0, exercise.manifest.points, reason=told)


def certain(record: Record, closed: Sequence[Note]) -> Record:
    """A record; where nothing was begun and not everything could be read, one that gives no mark and asks for a person.

    Parameters:
        record: of an exercise.
        closed: what may hold the answer and was not read.
    """
    if record.outcome != "not_started" or not closed:
        return record
    return replace(record, outcome="grader_error", tests=(), reason=unread_reason(map(str, closed)))
