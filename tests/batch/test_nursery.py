"""Workers forked from one nursery grade as others do, are heard when they die, outlive it, and leave nothing behind."""

import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.batch.hire import can_fork
from grader.batch.pool import Lost, Pool
from grader.batch.task import Order, Task
from grader.catalog.course import Course
from grader.record import Record, same_verdict
from grader.sandbox.contract import Unavailable

KIT = Path(__file__).resolve().parents[2]
RIGHT = "def scale(x, factor=2.0):\n    return x * factor\n"
POISON = "def scale(x, factor=2.0):\n    return x * 0 + 13\n"
# Tells each time that it is collected, and dies of a certain answer.
COUNTING = """
import os, sys

with open({path!r}, "a") as file:
    file.write("collected ")

def test_doubles(student, rng):
    answer = student.scale(rng.normal(3))
    if (answer == 13).all():
        print("the last words of", os.getpid(), flush=True)
        os._exit(1)
    assert answer is not None
"""
PATIENCE = 60.0

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="this system has no handles on processes"),
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed"),
]


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    return tmp_path / "collected"


@pytest.fixture
def order(build: Any, collected: Path) -> Order:
    build.exercise("scale", hidden=COUNTING.format(path=str(collected)))
    return Order(build.root, ("scale",), "secret")


@pytest.fixture
def pool(order: Order) -> Iterator[Pool]:
    with Pool(order, jobs=2) as found:
        yield found


def graded(pool: Pool, count: int = 2, source: str = RIGHT) -> list[list[Record] | Lost]:
    tasks = ((number, Task(f"s{number}", "s.py", source.encode(), ("scale",))) for number in range(count))
    return [result for _, result in pool.grade(tasks)]


def all_pass(results: list[list[Record] | Lost]) -> bool:
    return all(not isinstance(result, Lost) and result[0].outcome == "passed" for result in results)


def staffed(pool: Pool) -> None:
    """Grade until two workers are there."""
    while len([worker for worker in pool.workers if worker.ready and worker.process.is_alive()]) < 2:
        assert all_pass(graded(pool, 4))


def nursery(pool: Pool) -> int:
    assert pool.hiring.nursery is not None
    return pool.hiring.nursery.process.pid


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def family(pid: int) -> set[int]:
    """All processes that descend from one."""
    children: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        children |= set(map(int, path.read_text().split()))
    return children.union(*(family(child) for child in children))


def gone(pids: set[int]) -> bool:
    end = time.monotonic() + PATIENCE
    while left := [pid for pid in pids if _runs(pid)]:
        if time.monotonic() > end:
            print("left:", left)
            return False
        time.sleep(0.02)
    return True


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_tests_are_collected_once_for_all_workers(pool: Pool, collected: Path) -> None:
    staffed(pool)
    assert {worker.process.pid for worker in pool.workers} <= family(nursery(pool))
    assert collected.read_text() == "collected "
    assert threads(nursery(pool)) == 1  # what is forked has none to wait for
    for worker in pool.workers:
        worker.process.kill()
        worker.process.join()
    assert all_pass(graded(pool))
    assert collected.read_text() == "collected "


def test_records_are_those_of_a_worker_that_was_not_forked() -> None:
    name = "scaled_dot_product_attention"
    right = Course(KIT).exercise(name).reference.read_text(encoding="utf-8")
    sources = [right, right.replace("math.sqrt(", "float("), "def scaled_dot_product_attention(*a, **k):\n    raise KeyError\n"]
    order = Order(KIT, (name,), "secret")
    found: list[dict[int, Any]] = []
    for jobs in (1, 2):
        with Pool(order, jobs) as pool:
            tasks = ((number, Task("s", "s.py", source.encode(), (name,))) for number, source in enumerate(sources))
            found.append(dict(pool.grade(tasks)))
            assert (pool.hiring.nursery is None) == (jobs == 1)
            assert jobs == 1 or threads(nursery(pool)) == 1  # with torch, too
    assert found[0][0][0].outcome == "passed"
    for number in range(len(sources)):
        assert same_verdict(found[0][number][0], found[1][number][0]) == []


def test_a_death_is_heard_though_siblings_live(pool: Pool) -> None:
    staffed(pool)
    for dying in list(pool.workers):  # the one forked first has a sibling that might hold its socket, and so has the last
        os.kill(dying.process.pid, signal.SIGKILL)
        assert select.select([dying.line], [], [], PATIENCE)[0], "nobody heard it"
        with pytest.raises(EOFError):
            dying.line.read()
        assert gone({dying.process.pid})
        others = [worker for worker in pool.workers if worker is not dying]
        pool._dismiss(dying)
        assert all(worker.process.is_alive() for worker in others)
        assert all_pass(graded(pool, 4))


def test_a_nurserys_death_is_heard_by_who_waits_for_a_worker_though_others_live(pool: Pool) -> None:
    staffed(pool)
    os.kill(nursery(pool), signal.SIGSTOP)
    waiting = pool.hiring.hire()
    os.kill(nursery(pool), signal.SIGKILL)
    assert select.select([waiting], [], [], PATIENCE)[0], "nobody heard it"
    with pytest.raises(EOFError):
        waiting.read()
    assert waiting.start() is pool.hiring.nursery
    assert waiting.end() == "it said nothing"
    assert all(worker.process.is_alive() for worker in pool.workers)


def test_the_last_words_are_those_of_the_worker_itself(pool: Pool) -> None:
    staffed(pool)
    (result,) = graded(pool, 1, POISON)
    assert isinstance(result, Lost)
    told, _, pid = result.reason.rpartition(" ")
    assert told == "the grading process died twice on this submission: the last words of"
    assert int(pid) != nursery(pool)
    assert all_pass(graded(pool))


def test_workers_outlive_a_nursery_that_died_and_another_takes_its_place(pool: Pool, collected: Path) -> None:
    staffed(pool)
    before, first = {worker.process.pid for worker in pool.workers}, nursery(pool)
    os.kill(first, signal.SIGKILL)
    assert gone({first})
    assert all_pass(graded(pool, 4))
    assert {worker.process.pid for worker in pool.workers} == before
    os.kill(pool.workers[0].process.pid, signal.SIGKILL)
    pool.workers[0].process.join()
    staffed(pool)
    assert nursery(pool) != first
    assert len(before & {worker.process.pid for worker in pool.workers}) == 1
    assert collected.read_text() == "collected " * 2
    pool.close()
    assert gone(before)


def test_a_nursery_that_dies_before_it_forked_counts_once_for_all_workers(pool: Pool) -> None:
    killed: list[int] = []

    def kill() -> None:
        while len(pool.workers) < 2:
            time.sleep(0.001)
        killed.append(nursery(pool))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    assert all_pass(graded(pool, 4))
    killer.join()
    assert nursery(pool) not in killed


def test_a_nursery_that_always_dies_is_given_up_with_what_it_said(build: Any, collected: Path) -> None:
    text = f"import os, sys\nopen({str(collected)!r}, 'a').write('x')\nprint('no room', file=sys.stderr)\nos._exit(1)\n"
    build.exercise("scale", hidden=text)
    with Pool(Order(build.root, ("scale",), "secret"), jobs=3) as pool, pytest.raises(Unavailable, match=r"^no room$"):
        graded(pool, 6)
    assert collected.read_text() == "xxx"
    assert not pool.workers


@pytest.mark.parametrize(("hidden", "told"), [("def test_x(student: return", "SyntaxError"), ("x = 1", "there is no test in it")])
def test_what_is_wrong_with_the_tests_is_told(build: Any, hidden: str, told: str) -> None:
    build.exercise("scale", hidden=hidden)
    with Pool(Order(build.root, ("scale",), "secret"), jobs=2) as pool, pytest.raises(Unavailable, match=told):
        graded(pool)


def test_what_a_forked_worker_lacks_is_told(order: Order, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no bubblewrap there
    with Pool(order, jobs=2) as pool, pytest.raises(Unavailable, match="marks need the sandbox"):
        graded(pool)


@pytest.mark.parametrize("started", [True, False])
def test_nothing_is_left_after_close(order: Order, started: bool) -> None:
    with Pool(order, jobs=2) as pool:
        if started:
            staffed(pool)
        else:
            waiting = pool.hiring.hire()
        left = family(nursery(pool)) | {nursery(pool)}
        assert len(left) > 2 or not started
    assert gone(left)
    if not started:
        waiting.end()


def test_nothing_is_left_after_the_command_was_killed(order: Order) -> None:
    code = (
        "import sys, time; from grader.batch.pool import Pool; from grader.batch.task import Order, Task\n"
        "order = Order.from_line(sys.stdin.buffer.readline()); pool = Pool(order, 2)\n"
        f"task = Task('s', 's.py', {RIGHT.encode()!r}, ('scale',))\n"
        "while sum(worker.ready for worker in pool.workers) < 2: list(pool.grade((n, task) for n in range(4)))\n"
        "print('ready', flush=True); time.sleep(600)"
    )
    environment = {**os.environ, "PYTHONPATH": str(KIT)}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order.to_line())
        process.stdin.flush()
        assert process.stdout.readline() == b"ready\n"
        left = family(process.pid)
        assert len(left) >= 5  # the nursery, its workers and their sandboxes
        process.kill()
    assert gone(left)
