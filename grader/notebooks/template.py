"""The notebook of a topic as the kit would write it: which cells, with which text, under which grade ids."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader import __version__
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.guest.loading import read, untouched
from grader.notebooks.kitcell import Cell, as_node, plain
from grader.notebooks.quizcells import cells_of_quizzes

# nbgrader takes these signs in grade ids; in names of assignments it takes more, but paths and patterns suffer there.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class _Words:
    intro: str
    exercise: str
    points: str
    graded: str


_WORDS = {
    "en": _Words(
        "Write your code in the cells that raise `NotImplementedError`. Run such a cell, then the one below it: it tries what "
        "you have written on a few visible tests and tells you what it finds. Marks come from further tests, after you have "
        "handed in. Add cells of your own wherever you like: what you define is found by its name.",
        "Exercise",
        "Points",
        "# {}: marks are entered here when your work is graded.",
    ),
    "ru": _Words(
        "Пишите код в тех ячейках, где стоит `NotImplementedError`. Выполните такую ячейку, а затем ту, что под ней: она "
        "проверит написанное на нескольких открытых тестах и скажет, что получилось. Баллы ставятся после сдачи, по другим "
        "тестам. Свои ячейки добавляйте где угодно: то, что вы определили, находят по имени.",
        "Задание",
        "Баллы",
        "# {}: сюда при проверке работы заносятся баллы.",
    ),
    "hi": _Words(
        "कोड उन cells में लिखिए जिनमें `NotImplementedError` है। ऐसा cell चलाइए, फिर उसके नीचे वाला: वह आपके कोड को कुछ "
        "खुले tests पर आज़माकर बताता है कि क्या निकला। अंक जमा करने के बाद दूसरे tests से मिलते हैं। अपने cells जहाँ चाहें "
        "जोड़िए: आपने जो लिखा है, वह अपने नाम से पहचाना जाता है।",
        "अभ्यास",
        "अंक",
        "# {}: काम जाँचे जाने पर अंक यहीं दर्ज होते हैं।",
    ),
}


def topic_cells(
    course: Course, topic: str, exercises: Sequence[Exercise], language: str, quizzes: bool = True
) -> list[Cell]:
    """The cells of a topic's notebook, in order; with the quizzes of its `topic.yaml`, unless they are not wanted.

    Raises:
        CourseError: a file of an exercise is missing or not fit for a notebook; the message names it.
    """
    last = cells_of_quizzes(course, topic, language) if quizzes else []
    cells = [_heading(course, topic, exercises, last, language)]
    for exercise in exercises:
        cells += exercise_cells(exercise, language)
    cells += last
    seen: set[str] = set()
    for cell in cells:
        if cell.grade_id in seen:
            folder = course.root / "exercises" / topic
            raise CourseError(f"{folder}: two cells would be called {cell.grade_id!r}; rename an exercise")
        seen.add(cell.grade_id)
    return cells


def exercise_cells(exercise: Exercise, language: str) -> list[Cell]:
    """Statement, solution, check and graded cell of an exercise."""
    name = _usable(exercise.name, exercise.public)
    stub = with_regions(stub_text(exercise), exercise.manifest.entry, exercise.stub)
    return [
        Cell(f"{name}-statement", "markdown", demoted(_read(exercise.statement(language)))),
        Cell(f"{name}-solution", "code", stub, solution=True),
        Cell(f"{name}-check", "code", f'from grader import check\ncheck("{name}")'),
        Cell(name, "code", graded_text(name, language), points=exercise.manifest.points),
    ]


def graded_text(name: str, language: str) -> str:
    """What a graded cell holds: a word for the student, and what makes nbgrader's validation tell the truth."""
    return f'{_WORDS[language].graded.format(name)}\nfrom grader import check\ncheck("{name}", validate=True)'


def notebook(cells: Sequence[NotebookNode], topic: str, language: str) -> NotebookNode:
    """A notebook of cells."""
    return as_node({"cells": list(cells), "metadata": notebook_metadata(topic, language), "nbformat": 4, "nbformat_minor": 5})


def notebook_metadata(topic: str, language: str) -> dict[str, Any]:
    """The kernel, and under `grader` what the check and the grading read of a notebook."""
    return {
        "grader": {"kit": __version__, "language": language, "topic": topic},
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def stub_text(exercise: Exercise) -> str:
    """The stub of an exercise.

    Raises:
        CourseError: it is missing, is no Python, or somebody has begun to fill it: then it would hand out a solution.
    """
    text = _read(exercise.stub)
    try:
        source = read(exercise.stub.name, text.encode())
    except SyntaxError as error:
        raise CourseError(f"{exercise.stub}:{error.lineno or 1}: not valid Python: {error.msg}") from None
    if not untouched(source, exercise.manifest.entry):
        raise CourseError(
            f"{exercise.stub}: this stub is not empty, students would receive what is in it; "
            f"let {exercise.manifest.entry} only raise NotImplementedError again"
        )
    return text


def with_regions(stub: str, entry: str, path: Path) -> str:
    """A stub whose `raise NotImplementedError` nbgrader takes for the solution, so that it leaves signature and docstring."""
    lines = stub.rstrip().splitlines()
    places = {node.lineno: node for node in _raises(ast.parse(stub), entry)}
    result: list[str] = []
    for number, line in enumerate(lines, 1):
        node = places.get(number)
        if node is None:
            result.append(line)
        elif node.end_lineno != number or not line.strip().startswith("raise"):
            raise CourseError(f"{path}:{number}: `raise NotImplementedError` needs a line of its own")
        else:
            indent = line[: len(line) - len(line.lstrip())]
            result += [f"{indent}### BEGIN SOLUTION", line, f"{indent}### END SOLUTION"]
    return "\n".join(result)


def _raises(tree: ast.Module, entry: str) -> list[ast.Raise]:
    found: list[ast.Raise] = []
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and statement.name == entry:
            found = [node for node in ast.walk(statement) if isinstance(node, ast.Raise)]
    return found


def demoted(markdown: str) -> str:
    """A text with its headings one level down, below the title of the notebook; code in fences stays as it is."""
    lines, fence = [], ""
    for line in markdown.strip().splitlines():
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and line.strip() == mark[1]:
            fence = ""
        heading = not fence and re.match(r"#{1,5}[ \t]", line)
        lines.append(f"#{line}" if heading else line)
    return "\n".join(lines)


def _heading(course: Course, topic: str, exercises: Sequence[Exercise], quizzes: Sequence[Cell], language: str) -> Cell:
    w = _WORDS[language]
    name = _usable(topic, course.root / "exercises" / topic)
    manifests = [exercise.manifest for exercise in exercises]
    rows = [f"| {_in_table(manifest.title.get(language))} | {plain(manifest.points)} |" for manifest in manifests]
    titles = (cell.source.partition("\n")[0].removeprefix("## ") for cell in quizzes if cell.kind == "markdown")
    points = (cell.points for cell in quizzes if cell.points is not None)
    rows += [f"| {_in_table(title)} | {plain(worth)} |" for title, worth in zip(titles, points, strict=False)]
    table = "\n".join([f"| {w.exercise} | {w.points} |", "|:---|---:|", *rows])
    text = f"# {course.topic(topic).title.get(language)}\n\n{w.intro}\n\n{table}"
    return Cell(f"{name}-title", "markdown", text)


def _in_table(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _usable(name: str, path: Path) -> str:
    if not _NAME.fullmatch(name):
        raise CourseError(f"{path}: nbgrader takes only English letters, digits, - and _ in names; rename this folder")
    return name


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
        raise CourseError(f"{path}: {reason}") from None
