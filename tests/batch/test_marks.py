"""The database of marks: nothing is lost, taken twice or written over, whoever else writes, dies or is out of time."""

import contextlib
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql

from grader.batch import marks as module
from grader.batch.marks import Marks, Work
from grader.batch.store import Kept
from grader.catalog.problems import CourseError
from grader.record import Record
from grader.sandbox.contract import Unavailable

WORK = Work("ada", (("one", "k1"), ("two", "k2")))


def kept(exercise: str, score: float = 1, outcome: str = "passed", student: str = "ada") -> Kept:
    return Kept({"one": "k1", "two": "k2"}[exercise], Record(exercise, student, outcome, score, 2, reason="naïve"))  # type: ignore[arg-type]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'marks.db'}"


@pytest.fixture
def two(url: str) -> Iterator[tuple[Marks, Marks]]:
    with contextlib.closing(Marks(url)) as one, contextlib.closing(Marks(url)) as other:
        yield one, other


def test_marks_come_back_and_are_found_by_their_keys(two: tuple[Marks, Marks]) -> None:
    one, other = two
    one.keep(None, [kept("two"), kept("one")])
    one.keep(None, [kept("two", 2)], force=True)
    assert other.keys() == {("ada", "one"): "k1", ("ada", "two"): "k2"}
    assert list(other.records()) == [kept("one").record, kept("two", 2).record]
    assert list(other.records("bob")) == []


def test_a_mark_under_its_key_stays_as_it_was_written(two: tuple[Marks, Marks]) -> None:
    """Where one exercise of a source failed on our side, the others are graded again with it."""
    one, other = two
    one.keep(None, [kept("one"), kept("two", 0, "grader_error")])
    one.keep(None, [kept("one", 2), kept("two", 2)])
    assert [record.score for record in other.records()] == [1, 2]
    assert list(other.failures()) == []


def test_reading_goes_page_by_page_and_lets_others_write(two: tuple[Marks, Marks], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    one, other = two
    for number in range(5):
        one.keep(None, [kept("one", student=f"s{number}"), kept("two", student=f"s{number}")])
    seen = []
    for record in other.records():
        seen.append((record.submission, record.exercise))
        one.keep(None, [kept("one", student="s0")])
    assert seen == [(f"s{number}", exercise) for number in range(5) for exercise in ("one", "two")]


def test_a_failure_of_ours_stands_beside_the_mark_and_goes_when_it_is_mended(two: tuple[Marks, Marks]) -> None:
    one, other = two
    one.keep(None, [kept("one")])
    one.keep(None, [kept("one", 0, "grader_error"), kept("two", 0, "grader_error")])
    assert list(other.records()) == [kept("one").record]
    assert [record.exercise for record in other.failures()] == ["one", "two"]
    assert sorted(other.keys()) == [("ada", "one")]
    one.keep(None, [kept("one"), kept("two")])
    assert list(other.failures()) == []


def test_work_is_taken_once(two: tuple[Marks, Marks]) -> None:
    one, other = two
    assert one.claim(WORK) == "mine"
    assert one.claim(WORK) == "mine"
    assert other.claim(WORK) == "taken"
    assert other.claim(Work("bob", WORK.keys)) == "mine"
    one.keep(WORK, [kept("one"), kept("two")])
    assert other.claim(WORK) == "done"
    assert other.claim(WORK, force=True) == "mine"


def test_half_of_the_work_done_is_not_done(two: tuple[Marks, Marks]) -> None:
    one, other = two
    one.keep(None, [kept("one")])
    assert other.claim(WORK) == "mine"


def test_a_run_that_ends_lets_go(url: str) -> None:
    with contextlib.closing(Marks(url)) as one, contextlib.closing(Marks(url)) as other:
        one.claim(WORK)
        one.close()
        assert other.claim(WORK) == "mine"


def test_a_run_that_is_killed_lets_go_at_once(url: str) -> None:
    code = (
        "import os, sys; from grader.batch.marks import Marks, Work\n"
        f"m = Marks(sys.argv[1]); print(m.claim(Work('ada', {WORK.keys!r})), flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=False)
    assert done.stdout == "mine\n", done.stderr
    with contextlib.closing(Marks(url)) as other:
        assert other.claim(WORK) == "mine"


def test_a_run_that_was_killed_leaves_nothing_once_another_ends(url: str) -> None:
    code = (
        "import os, sys; from grader.batch.marks import Marks, Work\n"
        f"m = Marks(sys.argv[1]); m.claim(Work('ada', {WORK.keys!r})); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, url], check=False)
    with contextlib.closing(Marks(url)) as alive, contextlib.closing(Marks(url)) as other:
        alive.claim(Work("bob", WORK.keys))
        other.close()
        with alive.engine.begin() as connection:
            assert connection.scalars(sql.select(module._claims.c.run)).all() == [alive.run]
            assert connection.scalars(sql.select(module._runs.c.run)).all() == [alive.run]


@pytest.mark.parametrize(("ago", "claim"), [(10, "taken"), (1000, "mine"), (-10, "taken"), (-100_000, "mine")])
def test_a_run_on_another_machine_lets_go_when_it_is_silent_whatever_clocks_did(
    two: tuple[Marks, Marks], ago: float, claim: str
) -> None:
    one, other = two
    one.claim(WORK)
    with one.engine.begin() as connection:
        connection.execute(module._runs.update().values(place="elsewhere", beat=module._runs.c.beat - ago))
    assert other.claim(WORK) == claim


def test_many_at_once_share_the_work(url: str) -> None:
    works = [Work(f"s{number}", (("one", "k1"),)) for number in range(30)]
    mine: list[list[str]] = []

    def run() -> None:
        with contextlib.closing(Marks(url)) as marks:
            found = [work for work in works if marks.claim(work) == "mine"]
            for work in found:
                marks.keep(work, [kept("one", student=work.student)])
            mine.append([work.student for work in found])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(student for each in mine for student in each) == sorted(work.student for work in works)


def test_a_store_that_stays_locked_is_told(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.2)
    with contextlib.closing(Marks(url)) as marks:
        marks.keep(None, [kept("one")])
        blocking = sqlite3.connect(tmp_path / "marks.db", isolation_level=None)
        blocking.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="locked; another program has it open"):
            marks.keep(None, [kept("two")])
        blocking.close()
        marks.keep(None, [kept("two")])
        assert len(list(marks.records())) == 2


def test_a_full_disk_is_told_and_loses_nothing(url: str, tmp_path: Path) -> None:
    with contextlib.closing(Marks(url)) as marks:
        marks.keep(None, [kept("one")])
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "marks.db").stat().st_size, before[1]))
        try:
            big = Kept("k2", Record("two", "ada", "failed", 1, 2, reason="x" * 200_000))
            with pytest.raises(Unavailable, match=r"marks\.db: .*(full|disk I/O)"):
                marks.keep(None, [kept("one", 2), big])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert list(marks.records()) == [kept("one").record]
        marks.keep(None, [big])
        assert len(list(marks.records())) == 2


@pytest.mark.parametrize(
    ("address", "kind", "text"),
    [
        ("mysql://x/y", CourseError, "address cannot be used|not supported"),
        ("sqlite://", CourseError, "without a file"),
        ("nonsense://x", CourseError, "not supported"),
        ("sqlite:////nowhere/at/all/marks.db", Unavailable, "unable to open.*--store"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", Unavailable, "none: "),
    ],
)
def test_addresses_that_do_not_work_are_told(address: str, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=text):
        Marks(address)


def test_a_file_that_is_something_else_is_left_alone(url: str, tmp_path: Path) -> None:
    (tmp_path / "marks.db").write_bytes(b"my thesis" * 1000)
    with pytest.raises(Unavailable, match="not a database"):
        Marks(url)
    assert (tmp_path / "marks.db").read_bytes() == b"my thesis" * 1000


def test_a_store_of_a_newer_kit_is_left_alone(url: str) -> None:
    with contextlib.closing(Marks(url)) as marks, marks.engine.begin() as connection:
        connection.execute(sql.text("update about set schema = 99"))
    with pytest.raises(CourseError, match="newer version"):
        Marks(url)
