"""Reads and marks files of answers into a matrix, and says what became of each file that does not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.catalog.problems import CourseError
from grader.quiz.answerfile import MOST_BYTES, problem_of
from grader.quiz.bank import Bank
from grader.quiz.drawing import Drawn, draw
from grader.quiz.filenotes import note
from grader.quiz.grading import mark_answers
from grader.quiz.jsonfile import Unusable, brief, read_json
from grader.quiz.lint.guessing import guess
from grader.quiz.marking import Marked
from grader.quiz.model import LANGUAGES, AnyQuestion, TrueFalseQuestion, form_of
from grader.quiz.stats.matrix import Attempt, Cell, Choice, Item, Matrix
from grader.quiz.unlatex import plain
from grader.quiz.words import TRUE_FALSE
from grader.record import clean

_CUT_NAME = 100
_LOST = note("cannot-map", "en")


@dataclass(frozen=True)
class AnswersOnDisk:
    """The content of a file of answers, or the problem with it."""

    path: Path
    data: Mapping[str, Any]
    problem: str = ""

    @property
    def bank(self) -> str:
        """The bank as recorded; empty where nothing is."""
        named = self.data.get("bank")
        return named if isinstance(named, str) else ""

    @property
    def student(self) -> str:
        """The student as recorded, else by the folder of the file."""
        name = self.data.get("student")
        text = clean(" ".join(name.split()))[:_CUT_NAME] if isinstance(name, str) else ""
        return text or self.path.resolve().parent.name


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and of folders all files of answers below them, each once.

    Raises:
        CourseError: something is not there, or a folder holds no answers.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = sorted(file for file in path.rglob("answers_*.json") if _is_counted(file.relative_to(path)))
            if not below:
                raise CourseError(f"{path}: no answers_….json in this folder or below; name the folder that holds submissions")
            found += below
        elif path.exists():
            found.append(path)
        else:
            raise CourseError(f"{path}: there is no such file; name students' answers_….json or the folder that holds them")
    return list(dict.fromkeys(found))


def _is_counted(path: Path) -> bool:
    """Neither a copy of an editor's nor a broken file that was put aside."""
    return not any(part.startswith(".") for part in path.parts) and ".broken-" not in path.name


def load(path: Path) -> AnswersOnDisk:
    """What a file holds; never raises for its content."""
    try:
        data = read_json(path, MOST_BYTES)
    except Unusable as problem:
        return AnswersOnDisk(path, {}, str(problem))
    return AnswersOnDisk(path, data) if isinstance(data, dict) else AnswersOnDisk(path, {}, "not an object with answers")


def bank_of(files: Sequence[AnswersOnDisk]) -> str:
    """The one bank that all readable files answer.

    Raises:
        CourseError: none or several.
    """
    named = Counter(file.bank for file in files if file.bank)
    if not named:
        told = f"; {files[0].path}: {files[0].problem}" if files and files[0].problem else ""
        raise CourseError(f"none of the {len(files)} files says which bank it answers; name it with --bank{told}")
    if len(named) > 1:
        counts = ", ".join(f"{brief(name)} ({count})" for name, count in sorted(named.items()))
        raise CourseError(f"these files answer several banks: {counts}; choose one with --bank")
    return next(iter(named))


def read_matrix(
    bank: Bank, secret: str, files: Sequence[AnswersOnDisk], *, each_file: bool = False, variants: int = 16, language: str = "en"
) -> tuple[Matrix, tuple[str, ...]]:
    """Mark the files; the matrix, and a sentence for each thing that a reader should know about them.

    Parameters:
        secret: of the course; practice banks are marked with the one that everybody knows.
        each_file: take every file for a student of its own, whatever name it records.
        language: of the questions' titles.
    """
    notes: list[str] = []
    last: dict[str, tuple[AnswersOnDisk, Attempt]] = {}
    replaced: Counter[str] = Counter()
    told: dict[str, list[str]] = {}
    for file in files:
        problem = file.problem or problem_of(file.data, bank.id)
        attempt = None
        if not problem:
            student = str(file.path) if each_file else file.student
            attempt, problem = _attempt(bank, secret, file, student, variants)
        if attempt is None:
            told.setdefault(problem, []).append(str(file.path))
            continue
        replaced[attempt.student] += attempt.student in last
        last[attempt.student] = (file, attempt)
    for problem, paths in told.items():
        notes.append(f"left out, {problem}: {_some(paths)}")
    for student in replaced:
        if replaced[student]:
            notes.append(
                f"{student}: {replaced[student] + 1} files, the last counts ({last[student][0].path}); "
                "--each-file takes each for a student of its own"
            )
    open_ones = [student for student, (file, _) in last.items() if file.data.get("submitted") is not True]
    if open_ones:
        notes.append(f"not submitted, but counted: {_some(open_ones)}")
    items = tuple(_item(question, language) for question in bank.questions)
    return Matrix(items, tuple(attempt for _, attempt in last.values())), tuple(notes)


def _attempt(bank: Bank, secret: str, file: AnswersOnDisk, student: str, variants: int) -> tuple[Attempt | None, str]:
    """A marked file, or why it does not count."""
    result = mark_answers(bank, secret, file.data, student=file.student, language="en", variants=variants)
    if result.ours:
        return None, "drawn with another secret (--course-secret) or from another bank"
    if all(item.status == "unanswered" for item in result.marked):
        return None, "nothing answered"
    spoken = file.data.get("language")
    cells = tuple(_cell(item) for item in result.marked)
    return Attempt(student, cells, spoken if spoken in LANGUAGES else "", result.variant), ""


def _cell(item: Marked) -> Cell:
    if item.status == "invalid" and item.reason == _LOST:
        return Cell(status="lost")
    ticks = item.form in ("single", "multiple", "true_false")
    chosen = frozenset(told.id for told in item.told if told.chosen) if ticks else frozenset()
    given = "" if ticks or item.answer is None else clean(" ".join(str(item.answer).split()))[:_CUT_NAME]
    return Cell(item.credit, item.status, chosen, given)


def _item(question: AnyQuestion, language: str) -> Item:
    drawn = draw(question, 0)  # any numbers do: they only make the text readable
    return Item(
        id=question.id,
        title=_line(drawn.say(question.text, language)),
        form=form_of(question),
        points=question.points,
        guess=guess(question).random,
        choices=_choices(drawn, language),
        parameters=bool(question.parameters),
    )


def _choices(drawn: Drawn, language: str) -> tuple[Choice, ...]:
    question = drawn.question
    if isinstance(question, TrueFalseQuestion):
        if not isinstance(question.answer, bool):
            return ()  # what is right depends on the numbers that a student got
        right = "true" if question.answer else "false"
        return tuple(Choice(key, TRUE_FALSE[key][language], "right" if key == right else "wrong") for key in TRUE_FALSE)
    options = getattr(question, "options", None) or ()
    return tuple(Choice(option.id, _line(drawn.say(option.text, language)), option.value) for option in options)


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
