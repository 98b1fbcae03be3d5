"""The quizzes that topics name: each bank must be there and say that it belongs to that topic."""

from __future__ import annotations

from pathlib import Path

from grader.catalog.course import Course
from grader.catalog.problems import CourseError, nearest
from grader.quiz.bank import Bank, bank_folder, read_bank


def banks_of_topic(course: Course, topic: str) -> list[Bank]:
    """The banks that `topic.yaml` names, in its order.

    Raises:
        CourseError: there is no such bank, it cannot be read, or it belongs to another topic; file, key and remedy are told.
    """
    return [_bank(course.root, topic, name) for name in course.topic(topic).quizzes]


def check_topics(course: Course) -> None:
    """Check what all topics name: `CourseError` with one line for each thing that is wrong."""
    problems: list[str] = []
    for path in sorted((course.root / "exercises").glob("*/topic.yaml")):
        for name in course.topic(path.parent.name).quizzes:
            try:
                _bank(course.root, path.parent.name, name)
            except CourseError as error:
                # What is wrong within a bank is told where the bank is verified.
                problems += [str(error)] if "quizzes: " in str(error) else []
    if problems:
        raise CourseError("\n".join(problems))


def _bank(root: Path, topic: str, name: str) -> Bank:
    where = root / "exercises" / topic / "topic.yaml"
    known = sorted(path.stem for path in bank_folder(root).glob("*.yaml"))
    if name not in known:
        remedy = nearest(name, known) or f"; write {bank_folder(root) / f'{name}.yaml'}, or take the name out"
        raise CourseError(f"{where}: quizzes: there is no bank {name!r}{remedy}")
    bank = read_bank(bank_folder(root) / f"{name}.yaml")
    if bank.topic != topic:
        raise CourseError(
            f"{where}: quizzes: the bank {name!r} belongs to the topic {bank.topic!r}; let {bank.path} say `topic: {topic}`, "
            "or take the name out"
        )
    return bank
