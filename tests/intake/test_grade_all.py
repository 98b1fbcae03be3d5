"""`grader grade-all` as instructors run it: a class, killed and resumed, twice at once, on one machine and on a cluster."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.record import Record, from_json, same_verdict

KIT = Path(__file__).resolve().parents[2]
RIGHT = "def scale(x, factor=2.0):\n    return x * factor\n"
WRONG = "def scale(x, factor=2.0):\n    return x + factor\n"
BOTH = RIGHT + "\n\ndef centre(x, factor=2.0):\n    return x * factor\n"
Done = subprocess.CompletedProcess[str]

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")


class Class:
    """A tiny course, a folder of submissions and the command."""

    def __init__(self, build: Any, tmp_path: Path) -> None:
        for name in ("scale", "centre"):
            build.exercise(name)
        self.root: Path = build.root
        self.folder = tmp_path / "class"
        self.folder.mkdir()
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "GRADER_"))}
        self.environment = {**kept, "PYTHONPATH": str(KIT), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}

    @property
    def store(self) -> Path:
        return self.folder / ".grader" / "marks.db"

    def hand_in(self, **sources: str) -> None:
        for student, text in sources.items():
            (self.folder / f"{student}.py").write_text(text, encoding="utf-8")

    def command(self, *options: object) -> list[str]:
        code = "from grader.cli.entry import run; run()"
        given = [str(option) for option in (self.folder, "--course", self.root, "--course-secret", "s", *options)]
        return [sys.executable, "-c", code, "grade-all", *given]

    def run(self, *options: object, code: int = 0) -> Done:
        done = subprocess.run(self.command(*options), env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr + done.stdout
        assert "Traceback" not in done.stderr
        return done

    def start(self, *options: object) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(self.command(*options), env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def rows(self, store: Path | None = None) -> dict[tuple[str, str], tuple[str, str]]:
        """What the database holds, by student and exercise: when it was written, and the record."""
        if not (store or self.store).exists():
            return {}
        with closing(sqlite3.connect(store or self.store)) as connection:
            try:
                found = connection.execute("select student, exercise, written, record from marks").fetchall()
            except sqlite3.OperationalError:
                return {}
        return {(row[0], row[1]): (row[2], row[3]) for row in found}

    def failures(self) -> list[tuple[str, str]]:
        """What waits for another try, by student and exercise."""
        with closing(sqlite3.connect(self.store)) as connection:
            return connection.execute("select student, exercise from failures").fetchall()

    def scores(self) -> dict[str, float]:
        return {student: record.score for student, record in self.records("scale").items()}

    def records(self, exercise: str) -> dict[str, Record]:
        return {student: from_json(row[1]) for (student, name), row in self.rows().items() if name == exercise}

    def until(self, count: int, process: subprocess.Popen[str]) -> None:
        """Wait for so many marks."""
        end = time.monotonic() + 120
        while len(self.rows()) < count and process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        assert len(self.rows()) >= count, process.communicate()


@pytest.fixture
def course(build: Any, tmp_path: Path) -> Class:
    return Class(build, tmp_path)


def slow(number: int) -> str:
    """A right answer, another one for each number, that takes about a third of a second."""
    return RIGHT.replace("    return", f"    import time\n    time.sleep({0.06 + number / 1e4})\n    return")


def test_a_class_is_graded_kept_and_passed_over(course: Class) -> None:
    course.hand_in(ada=RIGHT, bob=WRONG)
    (course.folder / "bad.zip").write_bytes(b"PK no zip")
    (course.folder / "essay.pdf").write_bytes(b"%PDF")
    first = course.run("--jobs", 1, code=3)
    assert course.scores() == {"ada": 5, "bob": 0.5}
    assert "2 results new" in first.stdout
    assert "bad.zip: not unpacked" in first.stdout
    assert "essay.pdf: neither" in first.stdout
    (course.folder / "bad.zip").unlink()
    before = course.rows()
    again = course.run()
    assert "0 results new, 2 unchanged" in again.stdout
    assert course.rows() == before
    course.hand_in(bob=RIGHT)
    changed = course.run("--json")
    assert "1 results new, 1 unchanged" in changed.stderr
    assert [json.loads(line)["score"] for line in changed.stdout.splitlines()] == [5, 5]
    forced = course.run("--force")
    assert "2 results new, 0 unchanged" in forced.stdout
    assert same(course.rows(), {**before, ("bob", "scale"): course.rows()["bob", "scale"]})


def same(left: dict[tuple[str, str], tuple[str, str]], right: dict[tuple[str, str], tuple[str, str]]) -> bool:
    """Whether the records are the same, bit for bit but for the time that they took."""
    assert left.keys() == right.keys()
    return all(same_verdict(from_json(left[key][1]), from_json(right[key][1])) == [] for key in left)


def test_behind_what_cannot_be_opened_an_untouched_stub_is_no_zero(course: Class) -> None:
    stub = (course.root / "exercises" / "basics" / "scale" / "scale.py").read_text()
    for student, work in {"ada": stub, "bob": WRONG, "carl": stub}.items():
        (course.folder / student).mkdir()
        (course.folder / student / "released.py").write_text(work)
    for student in ("ada", "bob"):
        (course.folder / student / "work.zip").write_bytes(b"PK cut off")
    done = course.run("--jobs", 1, code=3)
    assert course.scores() == {"bob": 0.5, "carl": 0}
    assert "ada, scale: no mark: not found, and not everything that was handed in could be read: work.zip" in done.stdout
    assert "part of the hand-in could not be read: ada: no failure of the grader" in done.stdout
    (course.folder / "ada" / "work.zip").unlink()
    course.run("--jobs", 1)
    assert course.scores() == {"ada": 0, "bob": 0.5, "carl": 0}


def test_a_table_shows_who_is_who_and_nothing_is_graded(course: Class) -> None:
    course.hand_in(ada=BOTH, lovelaceada_12_34_hw=WRONG)
    done = course.run("--dry-run")
    assert [line.split() for line in done.stdout.splitlines()[1:3]] == [
        ["ada", "file", "ada.py", "centre,", "scale"],
        ["lovelaceada_12", "Canvas", "lovelaceada_12_34_hw.py", "scale"],
    ]
    assert not course.store.exists()


def test_exercises_that_are_named_are_asked_of_everybody(course: Class) -> None:
    course.hand_in(ada=BOTH, bob=RIGHT)
    course.hand_in(carl=RIGHT.replace("scale", "centre"))
    course.run("--exercises", "scale")
    outcomes = {student: record.outcome for student, record in course.records("scale").items()}
    assert outcomes == {"ada": "passed", "bob": "passed", "carl": "not_started"}
    assert len(course.rows()) == 3


def test_a_killed_run_goes_on_where_it_was(course: Class) -> None:
    students = {f"s{number}": slow(number) for number in range(8)}
    course.hand_in(**students)
    process = course.start("--jobs", 1)
    course.until(2, process)
    process.kill()
    process.communicate()
    before = course.rows()
    assert 2 <= len(before) < 8
    done = course.run()
    after = course.rows()
    assert {key: after[key] for key in before} == before
    assert course.scores() == dict.fromkeys(students, 5)
    assert f"{8 - len(before)} results new, {len(before)} unchanged" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_so_and_goes_on_later(course: Class, number: int) -> None:
    course.hand_in(**{f"s{each}": slow(each) for each in range(6)})
    process = course.start("--jobs", 1)
    course.until(1, process)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "goes on from there" in said
    assert "Traceback" not in said
    with closing(sqlite3.connect(course.store)) as connection:
        assert connection.execute("select (select count(*) from claims) + (select count(*) from runs)").fetchone() == (0,)
    assert 1 <= len(course.rows()) < 6


def test_two_runs_at_once_share_the_work(course: Class) -> None:
    course.hand_in(**{f"s{each}": slow(each) for each in range(8)})
    runs = [course.start("--jobs", 1) for _ in range(2)]
    said = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    new = [int(text.rpartition(" results new")[0].rpartition("\n")[2]) for text, _ in said]
    assert sum(new) == 8
    assert course.scores() == dict.fromkeys((f"s{each}" for each in range(8)), 5)


def test_what_fails_on_our_side_leaves_the_mark(course: Class) -> None:
    course.hand_in(ada=RIGHT)
    course.run()
    before = course.rows()
    tests = course.root / "solutions" / "basics" / "scale" / "test_hidden.py"
    tests.write_text(tests.read_text().replace("def test_default(student, rng):", "def test_default(student, rng):\n    oops"))
    done = course.run(code=3)
    assert "the earlier one stays" in done.stdout
    assert course.rows() == before


def test_who_goes_back_to_what_has_its_mark_waits_for_nothing(course: Class) -> None:
    stub = "def scale(x, factor=2.0):\n    raise NotImplementedError\n"
    ada = course.folder / "ada"
    ada.mkdir()
    (ada / "scale.py").write_text(RIGHT, encoding="utf-8")
    course.hand_in(bob="")
    asked = ("--exercises", "scale")
    course.run(*asked)
    for handed in (stub, None):  # a task that ends in a failure of ours, then one that needs no judge
        (ada / "work.rar").write_bytes(b"Rar!")
        (ada / "scale.py").write_text(handed or "", encoding="utf-8")
        (course.folder / "bob.rar").write_bytes(b"Rar!")
        course.run(*asked, code=3)
        assert len(course.failures()) == 2
        (ada / "work.rar").unlink()
        (course.folder / "bob.rar").unlink()
        (ada / "scale.py").write_text(RIGHT, encoding="utf-8")
        assert "0 results new, 2 unchanged" in course.run(*asked).stdout
        assert course.failures() == []


def test_what_cannot_start_is_one_sentence(course: Class, tmp_path: Path) -> None:
    assert "no notebook, Python file or zip" in course.run(code=2).stderr
    course.hand_in(ada="x = 1")
    assert "nothing in it defines an exercise" in course.run(code=2).stderr
    course.hand_in(ada=RIGHT)
    assert "there is no exercise" in course.run("--exercises", "nothing", code=2).stderr
    assert "unable to open" in course.run("--store", tmp_path / "no" / "marks.db", code=3).stderr


# -- a cluster -----------------------------------------------------------------------------------------------------------------


def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def dask(course: Class, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"dask{len(started)}.log").open("wb")
        module = [sys.executable, "-m", "dask", *command, "--no-dashboard"]
        process = subprocess.Popen(module, env=course.environment, stdout=log, stderr=log, cwd=tmp_path)
        log.close()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_cluster_gives_the_same_records_and_survives_a_death(course: Class, dask: Any, tmp_path: Path) -> None:
    students = {f"s{each}": slow(each) for each in range(10)}
    course.hand_in(**students, eve=WRONG, odd="def scale(x):\n    raise SystemExit\n")
    address = f"tcp://127.0.0.1:{port()}"
    dask("scheduler", "--host", address.replace("tcp://", "").partition(":")[0], "--port", address.rpartition(":")[2])
    workers = [dask("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    process = course.start("--scheduler", address)
    course.until(2, process)
    workers[0].kill()
    assert len(course.rows()) < 10
    late = dask("worker", address, "--nthreads", "1", "--no-nanny")
    said = process.communicate(timeout=180)
    assert process.returncode == 0, said
    assert late.poll() is None
    assert len(course.rows()) == 12
    local = tmp_path / "local.db"
    course.run("--store", local)
    assert same(course.rows(), course.rows(local))


@pytest.mark.slow
def test_a_cluster_that_goes_away_is_told_and_loses_nothing(course: Class, dask: Any) -> None:
    course.hand_in(**{f"s{each}": slow(each) for each in range(12)})
    address = f"tcp://127.0.0.1:{port()}"
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])
    dask("worker", address, "--nthreads", "1", "--no-nanny")
    process = course.start("--scheduler", address)
    course.until(2, process)
    scheduler.kill()
    said = process.communicate(timeout=180)
    assert process.returncode == 3, said
    assert "the scheduler is gone; run the same command again" in said[1]
    assert "Traceback" not in said[1]
    assert 2 <= len(course.rows()) < 12
