"""Parts of the class's report that other rooms work out: statistics of quizzes, groups of submissions that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.catalog.problems import CourseError
from grader.record import Record
from grader.report.beside import Group, Question, Quiz
from grader.report.quizwords import is_quiz

if TYPE_CHECKING:  # nothing of statistics is imported for a class without quizzes
    from grader.quiz.stats.statistics import Row

_GROUPS = "groups.json"  # what `similar` calls it in its folder
_SIGNS = ("negative", "easy", "hard", "weak", "blank")


def quizzes(records: Iterable[Record]) -> tuple[Quiz, ...]:
    """The statistics of each quiz that somebody answered, by name.

    Parameters:
        records: of a class, one per student and exercise.
    """
    taken: dict[str, list[Record]] = {}
    for record in records:
        if is_quiz(record):
            taken.setdefault(record.exercise, []).append(record)
    found = (_quiz(name, own) for name, own in sorted(taken.items()))
    return tuple(quiz for quiz in found if quiz.students and quiz.questions)


def _quiz(name: str, records: Sequence[Record]) -> Quiz:
    from grader.quiz.stats.recorded import from_records
    from grader.quiz.stats.reliability import FEW
    from grader.quiz.stats.statistics import statistics

    found = statistics(from_records(records), name)
    return Quiz(
        name=name,
        students=found.students,
        mean=found.mean,
        best=found.max_points,
        reliability=found.reliability.value,
        rough=found.students < FEW,
        questions=tuple(map(_question, found.rows)),
    )


def _question(row: Row) -> Question:
    one, link = row.figures, row.figures.discrimination
    flags = [flag for flag in row.flags if flag.code in _SIGNS]
    return Question(
        id=one.item.id,
        title=one.item.title,
        students=one.students,
        blank=one.unanswered,
        facility=one.facility,
        low=one.low,
        high=one.high,
        discrimination=link.value,
        discrimination_low=link.low,
        discrimination_high=link.high,
        signs=tuple(flag.code for flag in flags),
        look=any(flag.weight == "look" for flag in flags),
    )


def read_groups(path: Path) -> tuple[Group, ...]:
    """Groups of submissions that are alike, the most alike first.

    Parameters:
        path: JSON with a list of `{"exercise": …, "students": […], "score": …}`, or the folder that `similar` wrote.

    Raises:
        CourseError: it cannot be read, or is something else.
    """
    from grader.quiz.jsonfile import Unusable, read_json

    file = path / _GROUPS if path.is_dir() else path
    try:
        data = read_json(file)
    except Unusable as problem:
        raise CourseError(f"{file}: {problem}; --similar names the {_GROUPS} of `grader similar`, or its folder") from None
    if not isinstance(data, list):
        raise CourseError(f"{file}: not a list of groups; --similar names the {_GROUPS} of `grader similar`, or its folder")
    found = [_group(file, number, one) for number, one in enumerate(data, 1)]
    return tuple(sorted(found, key=lambda group: (-group.score, group.exercise, group.students)))


def _group(file: Path, number: int, data: object) -> Group:
    where = f"{file}: group {number}"
    if not isinstance(data, dict):
        raise CourseError(f"{where}: not an object with exercise, students and score")
    exercise, students, score = data.get("exercise"), data.get("students"), data.get("score")
    if not isinstance(exercise, str) or not exercise:
        raise CourseError(f"{where}: exercise: must be the name of an exercise")
    if not isinstance(students, list) or len(students) < 2 or not all(isinstance(one, str) and one for one in students):
        raise CourseError(f"{where}: students: must be a list of two names or more")
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 <= score <= 1:  # NaN is not, either
        raise CourseError(f"{where}: score: must be a number from 0 to 1")
    return Group(exercise, tuple(dict.fromkeys(students)), float(score))


def strangers(groups: Iterable[Group], records: Iterable[Record]) -> list[str]:
    """A sentence where groups name work that has no record, so that another class's file is noticed."""
    known = {(record.submission, record.exercise) for record in records}
    found = list(dict.fromkeys(f"{s}, {one.exercise}" for one in groups for s in one.students if (s, one.exercise) not in known))
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return [f"--similar names work that has no marks here: {'; '.join(found[:3])}{more}"] if found else []
