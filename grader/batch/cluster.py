"""Grades on many machines: Dask carries tasks, and each thread of its workers keeps a worker of the pool, with its sandbox."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from grader.batch.pool import Lost, Pool
from grader.batch.task import Order, Task, answer_line, records_of
from grader.catalog.course import Course
from grader.catalog.extras import install
from grader.catalog.problems import CourseError
from grader.grading.versions import grader_hash, versions
from grader.record import Record
from grader.sandbox.contract import Unavailable

_AHEAD = 2  # tasks per thread that are under way, so that no thread waits for the next
_LEAST = 8
_IDLE = 300.0  # seconds until another run's workers are ended
_SILENCE = 30.0  # seconds without the scheduler
_LOOK = 0.02
_PATIENCE = 20.0  # seconds for the scheduler to answer

K = TypeVar("K")


class Cluster:
    """An engine on a Dask scheduler; workers may come, go and die meanwhile.

    Parameters:
        order: what all tasks share; the course must lie at the same place on the workers, or where their GRADER_COURSE says.
        address: of the scheduler, as in tcp://host:8786.
        told: called with a sentence when the number of threads changes.

    Raises:
        CourseError: Dask is not installed.
        Unavailable: the scheduler does not answer.
    """

    def __init__(self, order: Order, address: str, told: Callable[[str], None] | None = None) -> None:
        self.dask = _dask()
        self.order = order
        self.address = address
        self.told = told or (lambda _: None)
        # What it warns of is told by us, where it matters.
        for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.run = uuid.uuid4().hex
        self.threads = -1
        self.connected = time.monotonic()
        self.counted = float("-inf")
        course = Course(order.course)
        self.expected = {name: versions(grader_hash(course.exercise(name), True)) for name in order.exercises}
        try:
            self.client = self.dask.Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError, ImportError) as error:
            raise Unavailable(f"--scheduler {address}: no scheduler answers there: {error}") from None

    def close(self) -> None:
        """End this run's workers in the cluster and hang up."""
        try:
            if self._is_connected():
                self.client.run(end_run, self.run, on_error="ignore")
        except Exception:  # whatever is gone by now needs no ending; what is left ends when it is idle
            self.threads = 0
        self.client.close(timeout=5)

    def grade(self, tasks: Iterable[tuple[K, Task]]) -> Iterator[tuple[K, list[Record] | Lost]]:
        """Grade tasks as `Pool.grade` does.

        Raises:
            Unavailable: the scheduler is gone, or its workers cannot grade; the message says why.
        """
        source = iter(tasks)
        under_way: dict[Any, tuple[K, Task]] = {}
        done = self.dask.as_completed([], loop=self.client.loop)
        try:
            while self._send(source, under_way, done):
                if not self._is_ready(done):
                    continue
                future = next(done)
                key, _ = under_way.pop(future.key)
                yield key, self._answer(future)
                future.release()
        finally:
            if under_way:
                self._give_up(list(under_way))

    def _is_ready(self, done: Any) -> bool:
        """Whether a result has come within a second; more workers may have work for them after that.

        Raises:
            Unavailable: the scheduler has been silent for long. Dask itself may wait for ever.
        """
        end = time.monotonic() + 1.0
        while not done.has_ready():
            now = time.monotonic()
            if self._is_connected():
                self.connected = now
            elif now - self.connected > _SILENCE:
                raise self._gone()
            if now > end:
                return False
            time.sleep(_LOOK)
        return True

    def _is_connected(self) -> bool:
        return bool(self.client.status == "running")

    def _result(self, future: Any) -> Any:
        """A result that is there, or is computed anew because its machine died before it was fetched."""
        while True:
            try:
                return future.result(timeout=_PATIENCE)
            except TimeoutError:
                if not self._is_connected():
                    raise

    def _gone(self) -> Unavailable:
        return Unavailable(f"--scheduler {self.address}: the scheduler is gone; run the same command again to go on")

    def _give_up(self, keys: list[Any]) -> None:
        with contextlib.suppress(Exception):  # a scheduler that is gone has given up by itself
            if self._is_connected():
                self.client.cancel([self.dask.Future(key, self.client) for key in keys], force=True)

    def _send(self, source: Iterator[tuple[K, Task]], under_way: dict[Any, tuple[K, Task]], done: Any) -> bool:
        """Have as much under way as the workers of this moment can use; whether there is anything."""
        threads = self._count() if self._is_connected() else self.threads
        while len(under_way) < max(_LEAST, _AHEAD * threads):
            drawn = next(source, None)
            if drawn is None:
                break
            key, task = drawn
            future = self.client.submit(run_task, self.run, self.order.to_line(), task.to_line(), pure=False)
            under_way[future.key] = (key, task)
            done.add(future)
        return bool(under_way)

    def _count(self) -> int:
        """The threads that grade, looked at once a second; told when they change."""
        now = time.monotonic()
        if now - self.counted < 1.0:
            return self.threads
        self.counted = now
        workers: dict[str, int] = self._asked(self.client.nthreads)
        threads = sum(workers.values())
        if threads != self.threads:
            self.threads = threads
            self.told(f"{len(workers)} workers, {threads} at once" if threads else "waiting for workers to join")
        return threads

    def _answer(self, future: Any) -> list[Record] | Lost:
        try:
            answer = self._asked(lambda: self._result(future))
        except self.dask.KilledWorker:
            return Lost("the machines that graded this submission went down, one after the other")
        if "lost" in answer:
            return Lost(str(answer["lost"]))
        if "unavailable" in answer:
            raise Unavailable(f"{answer['worker']}: {answer['unavailable']}")
        records = records_of(answer["records"])
        for record in records:
            if record.versions is not None and record.versions != self.expected[record.exercise]:
                raise Unavailable(
                    f"{answer['worker']}: it grades with other versions or tests than this machine "
                    f"({_difference(record.versions, self.expected[record.exercise])}); make them the same everywhere"
                )
        return records

    def _asked(self, question: Callable[[], Any]) -> Any:
        """An answer of the cluster; `Unavailable` where it cannot give one."""
        try:
            return question()
        except self.dask.KilledWorker:
            raise
        except (self.dask.CancelledError, TimeoutError, OSError):
            raise self._gone() from None
        except Exception as error:  # what a worker raises that lacks the kit, or has another one
            raise Unavailable(f"a worker cannot grade: {type(error).__name__}: {error}; is dl-grader installed there?") from None


def _dask() -> Any:
    """Dask, imported only where a scheduler is asked for; its own types are too loose to be checked against."""
    try:
        import distributed
    except ModuleNotFoundError:
        raise CourseError(f"--scheduler needs Dask: {install('class')}; `grader doctor` tells more") from None
    return distributed


def _difference(there: Any, here: Any) -> str:
    names = [name for name in vars(here) if getattr(here, name) != getattr(there, name)]
    return ", ".join(f"{name} {getattr(there, name)} there, {getattr(here, name)} here" for name in names)


# -- on the workers ------------------------------------------------------------------------------------------------------------

_pools: dict[tuple[str, int], tuple[Pool, float]] = {}
_guard = threading.Lock()


def run_task(run: str, order_line: bytes, task_line: bytes) -> dict[str, Any]:
    """Grade one task in a thread of a Dask worker.

    Returns:
        `records`, or `lost` with the reason, or `unavailable` with what this machine lacks; and the `worker`.
    """
    worker = f"{os.uname().nodename if hasattr(os, 'uname') else 'worker'} (process {os.getpid()})"
    pool = _pool(run, Order.from_line(order_line))
    try:
        for _, result in pool.grade([(None, Task.from_line(task_line))]):
            if isinstance(result, Lost):
                return {"worker": worker, "lost": result.reason}
            return {"worker": worker, "records": answer_line(result)}
    except Unavailable as error:
        return {"worker": worker, "unavailable": str(error)}
    raise AssertionError("a pool answers every task")


def end_run(run: str) -> None:
    """End what a run keeps warm in this process."""
    with _guard:
        ended = [_pools.pop(key)[0] for key in list(_pools) if key[0] == run]
    for pool in ended:
        pool.close()


def _pool(run: str, order: Order) -> Pool:
    """This thread's pool of one; those of runs that no longer ask for anything are ended."""
    mine = (run, threading.get_ident())
    now = time.monotonic()
    with _guard:
        idle = {key[0] for key, (_, used) in _pools.items() if key[0] != run and now - used > _IDLE}
        if mine not in _pools:
            course = os.environ.get("GRADER_COURSE")
            _pools[mine] = (Pool(replace(order, course=Path(course)) if course else order, 1), now)
        pool = _pools[mine][0]
        _pools[mine] = (pool, now)
    for other in idle:
        end_run(other)
    return pool
