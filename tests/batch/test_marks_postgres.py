"""The database of marks on a real PostgreSQL: the same promises as in a file."""

import contextlib
import threading
from collections.abc import Iterator

import pytest

from grader.batch.marks import Marks, Work
from grader.batch.store import Kept
from grader.record import Record


def url_of(postgres: str) -> str:
    return postgres.replace("/grades?", "/marks?")


def kept(student: str, outcome: str = "passed") -> Kept:
    return Kept("k", Record("one", student, outcome, 1, 2, reason="naïve कखग"))  # type: ignore[arg-type]


@pytest.fixture
def two(postgres: str) -> Iterator[tuple[Marks, Marks]]:
    with contextlib.closing(Marks(url_of(postgres))) as one, contextlib.closing(Marks(url_of(postgres))) as other:
        yield one, other


def test_marks_and_failures(two: tuple[Marks, Marks]) -> None:
    one, other = two
    one.keep(None, [kept("Ян")])
    one.keep(None, [kept("Ян"), kept("Ян", "grader_error")])
    assert list(other.records("Ян")) == [kept("Ян").record]
    assert [record.outcome for record in other.failures()] == ["grader_error"]
    one.keep(None, [kept("Ян")])
    assert list(other.failures()) == []


def test_claims(two: tuple[Marks, Marks]) -> None:
    one, other = two
    work = Work("bob", (("one", "k"),))
    assert (one.claim(work), other.claim(work)) == ("mine", "taken")
    one.keep(work, [kept("bob")])
    assert (other.claim(work), other.claim(work, force=True)) == ("done", "mine")


def test_many_at_once(postgres: str) -> None:
    works = [Work(f"s{number}", (("one", "k"),)) for number in range(30)]
    mine: list[str] = []

    def run() -> None:
        with contextlib.closing(Marks(url_of(postgres))) as marks:
            for work in works:
                if marks.claim(work) == "mine":
                    marks.keep(work, [kept(work.student)])
                    mine.append(work.student)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mine) == sorted(work.student for work in works)
