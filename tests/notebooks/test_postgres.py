"""The gradebook on PostgreSQL: a real server, started here, and the whole way through both autogradings."""

import contextlib
import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

Course = Any  # `CourseFolder` of conftest.py


def program(name: str) -> str:
    """A program of the server; Debian keeps them off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(debian[-1]) if debian else shutil.which(name)
    assert found, f"{name} is missing: apt-get install postgresql"
    return found


def as_user(command: list[str]) -> None:
    """Run a program of the server, which refuses to be root."""
    user = "postgres" if os.geteuid() == 0 else None
    # A server that stays must not hold a pipe of ours.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(command, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False)
        said.seek(0)
        assert done.returncode == 0, said.read()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server that listens on a socket in a folder of its own, and nowhere else."""
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pg", dir="/tmp")))  # sockets need short paths
        if os.geteuid() == 0:
            shutil.chown(place, "postgres")
        data = str(place / "data")
        as_user([program("initdb"), "-D", data, "-U", "teacher", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"])
        options = f"-k {place} -c listen_addresses='' -c fsync=off"
        as_user([program("pg_ctl"), "-D", data, "-w", "-t", "120", "-o", options, "-l", str(place / "log"), "start"])
        stack.callback(as_user, [program("pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop"])
        as_user([program("createdb"), "-h", str(place), "-U", "teacher", "grades"])
        as_user([program("createdb"), "-h", str(place), "-U", "teacher", "grades2"])
        yield f"postgresql+psycopg://teacher@/grades?host={place}"


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
