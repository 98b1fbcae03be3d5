"""The pool hands out every task once, whatever happens to its workers, and its records are those of a single judge."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.batch.pool import Lost, Pool, _Worker
from grader.batch.task import Order, Task, answer_line, records_of
from grader.catalog.course import Course
from grader.record import Record, same_verdict
from grader.sandbox.contract import Unavailable

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = ("conv_output_size", "linear_params")


def task(student: str, text: str | None = None) -> Task:
    course = Course(REPOSITORY)
    right = "\n\n".join(course.exercise(name).reference.read_text(encoding="utf-8") for name in NAMES)
    return Task(student, "submission.py", (text or right).encode(), NAMES)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(Order(REPOSITORY, NAMES, "secret"), jobs=2) as found:
        yield found


def graded(pool: Pool, tasks: list[Task]) -> dict[str, list[Record] | Lost]:
    found: dict[str, list[Record] | Lost] = {}
    for key, result in pool.grade((task.student, task) for task in tasks):
        assert key not in found
        found[key] = result
    return found


def scores(result: list[Record] | Lost) -> list[float]:
    assert not isinstance(result, Lost), result.reason
    return [record.score for record in result]


def test_every_task_is_graded_once(pool: Pool) -> None:
    wrong = "def linear_params(a, b, bias=True):\n    return a * b\n\n\ndef conv_output_size(*a, **k):\n    raise KeyError(1)\n"
    found = graded(pool, [task(f"s{i}") for i in range(5)] + [task("wrong", wrong)])
    assert sorted(found) == ["s0", "s1", "s2", "s3", "s4", "wrong"]
    assert all(scores(found[f"s{i}"]) == [5, 5] for i in range(5))
    assert scores(found["wrong"])[0] == 0
    assert not isinstance(found["wrong"], Lost)
    assert found["wrong"][1].diagnosis


def test_the_next_task_is_on_its_way_before_a_result_is_handled(pool: Pool) -> None:
    """Who writes results down takes time, in which no worker should wait."""
    results = pool.grade((number, task(f"s{number}")) for number in range(6))
    idle = [sum(worker.ready and worker.errand is None for worker in pool.workers) for _ in results]
    assert idle[:3] == [0, 0, 0]
    assert idle[-1] > 0


def test_workers_stay_warm(pool: Pool) -> None:
    graded(pool, [task("a"), task("b")])
    before = {worker.process.pid for worker in pool.workers}
    graded(pool, [task("c"), task("d")])
    assert {worker.process.pid for worker in pool.workers} == before


def test_a_record_does_not_depend_on_the_worker(pool: Pool) -> None:
    one, other = graded(pool, [task("same")])["same"], graded(pool, [task("same"), task("x"), task("y")])["same"]
    assert not isinstance(one, Lost)
    assert not isinstance(other, Lost)
    for left, right in zip(one, other, strict=True):
        assert same_verdict(left, right) == []


def test_an_idle_worker_that_died_is_replaced(pool: Pool) -> None:
    graded(pool, [task("a"), task("b")])
    for worker in pool.workers:
        worker.process.kill()
        worker.process.join()
    assert scores(graded(pool, [task("after")])["after"]) == [5, 5]


def test_a_worker_that_dies_at_work_costs_nothing(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    graded(pool, [task("warm")])
    deaths: list[str] = []
    give = _Worker.give

    def give_and_kill(self: _Worker, errand: object) -> None:
        give(self, errand)  # type: ignore[arg-type]  # a test's stand-in
        if not deaths:
            deaths.append("once")
            self.process.kill()

    monkeypatch.setattr(_Worker, "give", give_and_kill)
    found = graded(pool, [task("one"), task("two"), task("three")])
    assert deaths
    assert [scores(found[name]) for name in ("one", "two", "three")] == [[5, 5]] * 3


def test_a_task_that_kills_every_worker_is_given_up_and_the_others_are_not(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    give = _Worker.give

    def give_and_kill(self: _Worker, errand: object) -> None:
        give(self, errand)  # type: ignore[arg-type]  # a test's stand-in
        if self.errand is not None and self.errand.task.student == "poison":
            self.process.kill()

    monkeypatch.setattr(_Worker, "give", give_and_kill)
    found = graded(pool, [task("one"), task("poison"), task("two")])
    assert isinstance(found["poison"], Lost)
    assert "twice" in found["poison"].reason
    assert scores(found["one"]) == scores(found["two"]) == [5, 5]


def test_a_worker_that_dies_while_it_starts_is_replaced() -> None:
    with Pool(Order(REPOSITORY, NAMES, "secret"), jobs=1) as young:
        killed: list[_Worker] = []

        def kill() -> None:
            while not young.workers:
                time.sleep(0.001)
            killed.extend(young.workers)
            killed[0].process.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        assert scores(graded(young, [task("one")])["one"]) == [5, 5]
        killer.join()
        assert not killed[0].ready


def test_what_a_worker_cannot_start_for_is_told(tmp_path: Path) -> None:
    with Pool(Order(tmp_path, ("nothing",), "secret"), jobs=1) as broken, pytest.raises(Unavailable, match="nothing"):
        list(broken.grade([("a", task("a"))]))


def test_a_worker_that_grows_is_replaced_between_two_tasks() -> None:
    with Pool(Order(REPOSITORY, NAMES, "secret"), jobs=1, growth=-1) as leaking:
        workers = []
        for name, result in leaking.grade((name, task(name)) for name in ("one", "two")):
            assert scores(result) == [5, 5], name
            workers.append([worker.done for worker in leaking.workers])
    assert workers == [[0], []]  # the first has gone, and another has the second task


def test_tasks_are_drawn_when_there_is_room(pool: Pool) -> None:
    drawn: list[str] = []

    def tasks() -> Iterator[tuple[str, Task]]:
        for name in "abcdefgh":
            drawn.append(name)
            yield name, task(name)

    for number, _ in enumerate(pool.grade(tasks()), 1):
        assert len(drawn) <= number + 2 * pool.jobs
    assert len(drawn) == 8


def test_stopping_early_leaves_no_half_done_work(pool: Pool) -> None:
    for _ in pool.grade((name, task(name)) for name in "abcd"):
        break
    assert scores(graded(pool, [task("next")])["next"]) == [5, 5]


def test_lines_carry_everything() -> None:
    odd = Task("ä\nb", "x.py", b"\xff\x00\n", ("a", "b"))
    assert Task.from_line(odd.to_line()) == odd
    assert odd.to_line().count(b"\n") == 1
    order = Order(Path("/x"), ("a",), "s\n", "ru", True)
    assert Order.from_line(order.to_line()) == order
    record = Record("e", "s\n", "failed", 1, 2)
    assert records_of(answer_line([record, record])) == [record, record]
