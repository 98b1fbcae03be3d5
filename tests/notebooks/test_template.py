"""The notebook of a topic: cells that nbgrader accepts, stubs that survive its clearing of solutions, three languages."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import ClearSolutions

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.guest.loading import read, untouched
from grader.notebooks import template
from grader.notebooks.kitcell import Cell
from grader.notebooks.template import demoted, exercise_cells, notebook, stub_text, topic_cells, with_regions

KIT = Course(Path(__file__).resolve().parents[2])
STATEMENTS = {
    f"public/statement.{language}.md": f"# Scale\n\nIn {language}: $x_i$\n\n## Rules\n" for language in ("en", "ru", "hi")
}


@pytest.fixture
def scale(build: Any) -> Exercise:
    made: Exercise = build.exercise("scale", files=STATEMENTS, points=2.5)
    return made


def of_basics(build: Any, language: str = "en") -> list[Cell]:
    course = Course(build.root)
    return topic_cells(course, "basics", course.exercises, language)


def test_each_exercise_has_its_four_cells_in_order(build: Any, scale: Exercise) -> None:
    build.exercise("shift", files=STATEMENTS)
    assert [cell.grade_id for cell in of_basics(build)] == [
        "basics-title",
        *("scale-statement", "scale-solution", "scale-check", "scale"),
        *("shift-statement", "shift-solution", "shift-check", "shift"),
    ]


def test_only_the_solution_is_open_and_only_the_last_cell_counts(scale: Exercise) -> None:
    statement, solution, check, graded = exercise_cells(scale, "en")
    assert [cell.nbgrader["locked"] for cell in (statement, solution, check, graded)] == [True, False, True, True]
    assert [cell.nbgrader["solution"] for cell in (statement, solution, check, graded)] == [False, True, False, False]
    assert [cell.nbgrader["grade"] for cell in (statement, solution, check, graded)] == [False, False, False, True]
    assert graded.nbgrader["points"] == 2.5
    assert "points" not in check.nbgrader
    assert check.source == 'from grader import check\ncheck("scale")'


def test_the_graded_cell_names_the_exercise_and_holds_no_test(scale: Exercise) -> None:
    for language in ("en", "ru", "hi"):
        source = exercise_cells(scale, language)[-1].source
        comment, *call = source.split("\n")
        assert comment.startswith("# scale: ")
        assert call == ["from grader import check", 'check("scale", validate=True)']


def test_whole_points_are_written_as_whole_numbers(build: Any) -> None:
    exercise = build.exercise("scale", files=STATEMENTS, points=10)
    assert repr(exercise_cells(exercise, "en")[-1].nbgrader["points"]) == "10"


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_nbgrader_and_nbformat_accept_the_notebook(build: Any, scale: Exercise, language: str) -> None:
    made = notebook([cell.node() for cell in of_basics(build, language)], "basics", language)
    MetadataValidator().validate_nb(made)
    nbformat.validate(made)
    assert made.metadata.grader.language == language
    assert made.metadata.grader.topic == "basics"
    assert made.metadata.kernelspec.name == "python3"
    assert f"In {language}: $x_i$" in made.cells[1].source
    assert made.cells[0].source.startswith(f"# basics {language}\n")


def test_cells_keep_their_ids(build: Any, scale: Exercise) -> None:
    first, second = ([cell.node().id for cell in of_basics(build)] for _ in range(2))
    assert first == second
    assert first[1] == "scale-statement"


def test_long_names_give_ids_that_nbformat_takes() -> None:
    ids = {Cell(f"{'x' * 90}{end}", "code", "").node().id for end in ("a", "b")}
    assert len(ids) == 2
    assert all(len(name) <= 64 for name in ids)


def test_two_cells_of_one_name_are_refused(build: Any) -> None:
    build.exercise("scale", files=STATEMENTS)
    build.exercise("scale-check", entry="f", files=STATEMENTS)
    with pytest.raises(CourseError, match=r"exercises/basics: two cells would be called 'scale-check'"):
        of_basics(build)


def test_names_that_nbgrader_does_not_take_are_refused(build: Any) -> None:
    exercise = build.exercise("scale it", entry="scale", files=STATEMENTS)
    with pytest.raises(CourseError, match=r"scale it: nbgrader takes only"):
        exercise_cells(exercise, "en")


def test_a_missing_statement_falls_back_to_english_and_none_at_all_is_told(build: Any) -> None:
    exercise = build.exercise("scale", files={"public/statement.en.md": "# Scale\n"})
    assert exercise_cells(exercise, "hi")[0].source == "## Scale"
    (exercise.public / "statement.en.md").unlink()
    with pytest.raises(CourseError, match=r"statement\.en\.md: there is no such file"):
        exercise_cells(exercise, "hi")


def test_titles_do_not_break_the_table(build: Any) -> None:
    words = {"en": "A | B", "ru": "А", "hi": "क"}
    build.exercise("scale", files=STATEMENTS, title=words, points=3)
    assert "\n| A \\| B | 3 |" in of_basics(build)[0].source


# -- stubs ---------------------------------------------------------------------------------------------------------------------


def cleared(cell: Cell) -> str:
    """What nbgrader makes of a cell when it generates the assignment, with its own settings."""
    nb = notebook([cell.node()], "t", "en")
    return str(ClearSolutions().preprocess(nb, {})[0].cells[0].source)


@pytest.mark.parametrize("exercise", KIT.exercises, ids=lambda exercise: exercise.name)
def test_what_students_receive_is_the_stub_and_counts_as_untouched(exercise: Exercise) -> None:
    solution = exercise_cells(exercise, "en")[1]
    released = cleared(solution)
    stub = exercise.stub.read_text(encoding="utf-8").rstrip()
    kept = [line for line in stub.splitlines() if "raise NotImplementedError" not in line]
    assert [line for line in released.splitlines() if "NotImplementedError" not in line and "YOUR CODE" not in line] == kept
    assert released.count("raise NotImplementedError()") == stub.count("raise NotImplementedError")
    assert untouched(read("x.py", released.encode()), exercise.manifest.entry)


def test_only_the_entry_is_opened() -> None:
    stub = "def helper():\n    raise NotImplementedError\n\n\nclass A:\n    def f(self):\n        raise NotImplementedError\n"
    made = with_regions(stub, "A", Path("a.py"))
    assert made.count("BEGIN SOLUTION") == made.count("END SOLUTION") == 1
    assert made.startswith("def helper():\n    raise NotImplementedError\n")
    assert "        ### BEGIN SOLUTION\n        raise NotImplementedError\n        ### END SOLUTION" in made


@pytest.mark.parametrize(
    "text", ["def f(): raise NotImplementedError\n", "def f():\n    raise (\n        NotImplementedError)\n"]
)
def test_a_raise_that_shares_its_line_is_refused(text: str) -> None:
    with pytest.raises(CourseError, match=r"a\.py:\d: `raise NotImplementedError` needs a line of its own"):
        with_regions(text, "f", Path("a.py"))


def test_a_stub_that_somebody_has_filled_is_not_handed_out(scale: Exercise) -> None:
    scale.stub.write_text("def scale(x, factor=2.0):\n    return x * factor\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"scale\.py: this stub is not empty.*let scale only raise"):
        stub_text(scale)


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"def scale(:\n", r"scale\.py:1: not valid Python"), (b"\xff", "cannot be read"), (None, "no such file")],
)
def test_a_stub_that_cannot_be_read_is_told_with_its_place(scale: Exercise, data: bytes | None, message: str) -> None:
    scale.stub.unlink()
    if data is not None:
        scale.stub.write_bytes(data)
    with pytest.raises(CourseError, match=message):
        stub_text(scale)


# -- headings ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# A\n\n## B", "## A\n\n### B"),
        ("#no heading", "#no heading"),
        ("###### A", "###### A"),
        ("```\n# code\n```\n# A", "```\n# code\n```\n## A"),
        ("~~~\n```\n# code\n~~~\n# A", "~~~\n```\n# code\n~~~\n## A"),
        ("````\n```\n# code\n````\n# A", "````\n```\n# code\n````\n## A"),
        ("  \n# A\n", "## A"),
    ],
)
def test_headings_go_one_level_down_and_code_stays(before: str, after: str) -> None:
    assert demoted(before) == after


def test_quizzes_join_after_the_exercises(build: Any, scale: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def quizzes(course: Course, topic: str, language: str) -> list[Cell]:
        asked.append((topic, language))
        return [Cell("quiz-1", "markdown", "?")]

    monkeypatch.setattr(template, "cells_of_quizzes", quizzes)
    assert of_basics(build, "ru")[-1].grade_id == "quiz-1"
    assert asked == [("basics", "ru")]
