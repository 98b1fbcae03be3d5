"""What goes wrong on the way to a cluster is one sentence; grading on one is tested with the command, in tests/intake."""

from pathlib import Path

import pytest

from grader.batch import cluster
from grader.batch.cluster import Cluster, _pools, end_run, run_task
from grader.batch.pool import Pool
from grader.batch.task import Order, Task, records_of
from grader.catalog.course import Course
from grader.record import same_verdict
from grader.sandbox.contract import Unavailable

REPOSITORY = Path(__file__).resolve().parents[2]
NAME = "linear_params"
ORDER = Order(REPOSITORY, (NAME,), "secret")
TASK = Task("ada", "a.py", Course(REPOSITORY).exercise(NAME).reference.read_bytes(), (NAME,))


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    with pytest.raises(Unavailable, match=r"tcp://127.0.0.1:1: no scheduler answers"):
        Cluster(ORDER, "tcp://127.0.0.1:1")


def test_a_thread_of_a_worker_keeps_its_sandbox_warm_and_gives_the_pools_record() -> None:
    try:
        answers = [run_task("run", ORDER.to_line(), TASK.to_line()) for _ in range(2)]
        pools = [pool for (run, _), (pool, _) in _pools.items() if run == "run"]
        assert [worker.done for pool in pools for worker in pool.workers] == [2]
    finally:
        end_run("run")
    assert not _pools
    assert all(not worker.process.is_alive() for pool in pools for worker in pool.workers)
    with Pool(ORDER, 1) as pool:
        ((_, here),) = pool.grade([(None, TASK)])
    assert isinstance(here, list)
    for answer in answers:
        assert same_verdict(records_of(answer["records"])[0], here[0]) == []


def test_a_worker_without_the_course_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_COURSE", str(tmp_path))
    try:
        assert "there is no exercise" in run_task("run", ORDER.to_line(), TASK.to_line())["unavailable"]
    finally:
        end_run("run")
