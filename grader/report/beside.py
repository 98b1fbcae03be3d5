"""What others have found out about a class and its report shows: questions of quizzes, and submissions that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.report.exports import Row, Table

QUESTION_COLUMNS = (
    "quiz", "question", "title", "students", "blank", "facility", "facility_low", "facility_high", "discrimination",
    "discrimination_low", "discrimination_high", "signs",
)  # fmt: skip
GROUP_COLUMNS = ("exercise", "topic", "score", "students")


@dataclass(frozen=True)
class Question:
    """The figures of a question; what is undefined is None.

    Attributes:
        students: whose credit is known; `blank` of them left it out.
        facility: mean credit from 0 to 1, with its 95 % interval.
        discrimination: correlation with the points of the other questions, with its 95 % interval.
        signs: reasons to look at it, by their codes: `negative`, `easy`, `hard`, `weak`, `blank`.
        look: luck hardly explains one of them.
    """

    id: str
    title: str
    students: int
    blank: int
    facility: float | None
    low: float | None
    high: float | None
    discrimination: float | None
    discrimination_low: float | None
    discrimination_high: float | None
    signs: tuple[str, ...]
    look: bool


@dataclass(frozen=True)
class Quiz:
    """A quiz over all who answered something in it; the reliability is KR-20 or Cronbach's alpha.

    Attributes:
        rough: so few students that its numbers decide nothing by themselves.
    """

    name: str
    students: int
    mean: float | None
    best: float
    reliability: float | None
    rough: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Group:
    """Submissions to an exercise that are alike; the score is the mean of the pairs that join them, from 0 to 1."""

    exercise: str
    students: tuple[str, ...]
    score: float


def questions(quizzes: Sequence[Quiz]) -> Table:
    """A row per question of each quiz."""
    rows: list[Row] = [
        {
            "quiz": quiz.name,
            "question": one.id,
            "title": one.title,
            "students": one.students,
            "blank": one.blank,
            "facility": one.facility,
            "facility_low": one.low,
            "facility_high": one.high,
            "discrimination": one.discrimination,
            "discrimination_low": one.discrimination_low,
            "discrimination_high": one.discrimination_high,
            "signs": list(one.signs),
        }
        for quiz in quizzes
        for one in quiz.questions
    ]
    return Table(QUESTION_COLUMNS, rows)


def groups(found: Sequence[Group], topics: Mapping[str, str]) -> Table:
    """A row per group; it names students."""
    rows: list[Row] = [
        {
            "exercise": one.exercise,
            "topic": topics.get(one.exercise, ""),
            "score": one.score,
            "students": list(one.students),
        }
        for one in found
    ]
    return Table(GROUP_COLUMNS, rows)
