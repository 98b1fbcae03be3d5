"""The gradebook on PostgreSQL: a real server, and the whole way through both autogradings."""

import csv
from pathlib import Path
from typing import Any

import pytest

Course = Any  # `CourseFolder` of conftest.py


@pytest.fixture(scope="module")
def server(postgres: str) -> str:
    """The address of a server."""
    return postgres


def on(course: Course, server: str) -> Course:
    """The course with its gradebook on the server."""
    (course.root / "gradebook.db").unlink()
    course.configure(f"c.CourseDirectory.db_url = {server!r}")
    course.db_url = server
    return course


def test_the_whole_way(course: Course, server: str, tmp_path: Path) -> None:
    first = course.copy(tmp_path / "first")
    first.hand_in("ada", first.right)
    first.hand_in("bob", first.wrong)
    first.hand_in("Ольга 1", first.right, name="renamed.ipynb")
    second = first.copy(tmp_path / "second")
    stock, quick = on(first, server), on(second, server.replace("/grades?", "/grades2?"))
    for each in (stock, quick):
        each.by_nbgrader("generate_assignment", "counting", "--force")
    stock.autograde("nbgrader", "counting")
    quick.autograde("grader", "counting", "--jobs", "2")
    assert stock.marks() == {"ada": (5.0, 10.0), "bob": (1.0, 6.5), "Ольга 1": (5.0, 10.0)}
    assert stock.rows() == quick.rows()
    assert stock.all_autograded() == quick.all_autograded()
    assert not (stock.root / "gradebook.db").exists()
    # Either way goes on where the other one was.
    assert "0 graded, 3 up to date" in stock.autograde("grader", "counting")
    quick.hand_in("bob", quick.right)
    quick.autograde("nbgrader", "counting", "--force")
    assert quick.marks()["bob"] == (5.0, 10.0)
    quick.by_nbgrader("generate_feedback", "counting", "--student", "bob")
    assert "linear_params" in quick.feedback("bob")
    stock.by_nbgrader("export", "--to", "grades.csv")
    with (stock.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {row["student_id"]: row["score"] for row in csv.DictReader(file) if row["assignment"] == "counting"}
    assert scores == {"ada": "15.0", "bob": "7.5", "Ольга 1": "15.0"}
