"""A pool of workers: hands out tasks, collects records, and replaces a worker that died without blaming the next task."""

from __future__ import annotations

import os
import selectors
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from grader.batch.hire import Hiring, Line, Process, can_fork
from grader.batch.task import Order, Task, records_of
from grader.record import Record
from grader.sandbox.contract import Unavailable

_TRIES = 2
_STARTS = 3  # in vain, one after the other; a single one may have been killed from outside
_TASKS_PER_WORKER = 2_000
_MOST_GROWTH = 512 << 20  # bytes since a worker's first result; torch itself takes less than half


K = TypeVar("K")


@dataclass(frozen=True)
class Lost:
    """A task that no worker survived, and what the last one said."""

    reason: str


@dataclass
class _Errand:
    """A task on its way."""

    key: Any
    task: Task
    tries: int = 0


class _Worker:
    """One process, at most one task at a time."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.process: Process = line.process
        self.ready = False
        self.done = 0
        self.memory = 0
        self.errand: _Errand | None = None

    def give(self, errand: _Errand) -> None:
        """Hand over a task; where the worker is dead by now, its line will tell."""
        self.errand = errand
        self.line.write(errand.task.to_line())

    def spent(self, growth: int) -> bool:
        """Whether its time has come, after another result: much is done, or its memory has grown by more than so many bytes."""
        self.done += 1
        held = _held(self.process.pid)
        self.memory = self.memory or held
        return self.done >= _TASKS_PER_WORKER or held - self.memory > growth


class Pool:
    """Workers that grade; they stay warm between calls of `grade`, until `close`.

    Parameters:
        order: what all tasks share.
        jobs: the most workers at once.
        growth: bytes by which a worker's memory may grow before another takes its place.
    """

    def __init__(self, order: Order, jobs: int, growth: int = _MOST_GROWTH) -> None:
        self.order = order
        self.jobs = max(1, jobs)
        self.growth = growth
        self.workers: list[_Worker] = []
        # A single worker would wait for the nursery's imports before its sandbox begins its own, and share them with nobody.
        self.hiring = Hiring(order, self.jobs > 1 and can_fork())
        self.stillborn: list[object] = []
        self.watch = selectors.DefaultSelector()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        self.hiring.close()
        for worker in list(self.workers):
            self._dismiss(worker)
        self.watch.close()

    def grade(self, tasks: Iterable[tuple[K, Task]]) -> Iterator[tuple[K, list[Record] | Lost]]:
        """Grade tasks, each under a key of the caller's; results come as they are finished.

        Tasks are drawn one by one, shortly before a worker is free for them.

        Raises:
            Unavailable: no worker can be started; the message says why.
        """
        waiting: deque[_Errand] = deque()
        source = iter(tasks)
        try:
            while self._drawn(waiting, source) or any(worker.errand for worker in self.workers):
                self._staff(waiting)
                self._drawn(waiting, source)  # at hand when the first worker is done
                for selected, _ in self.watch.select():
                    found = self._hear(selected.data, waiting)
                    if found is not None:
                        self._staff(waiting)  # before the caller writes down what was found, which takes its time
                        yield found[0].key, found[1]
        finally:
            # A caller that stops early leaves workers with half a task, which must not answer the next one.
            for worker in [worker for worker in self.workers if worker.errand]:
                self._dismiss(worker)

    def _drawn(self, waiting: deque[_Errand], source: Iterator[tuple[Any, Task]]) -> bool:
        """Have a task ready for every worker, as far as there are any; whether there is one."""
        while len(waiting) < self.jobs:
            drawn = next(source, None)
            if drawn is None:
                break
            waiting.append(_Errand(*drawn))
        return bool(waiting)

    def _staff(self, waiting: deque[_Errand]) -> None:
        """Give every idle worker a task, and hire as many as there is work for."""
        for worker in self.workers:
            if waiting and worker.ready and worker.errand is None and worker.process.is_alive():
                worker.give(waiting.popleft())
        starting = sum(not worker.ready for worker in self.workers)
        while len(self.workers) < self.jobs and starting < len(waiting):
            worker = _Worker(self.hiring.hire())
            self.workers.append(worker)
            self.watch.register(worker.line, selectors.EVENT_READ, worker)
            starting += 1

    def _hear(self, worker: _Worker, waiting: deque[_Errand]) -> tuple[_Errand, list[Record] | Lost] | None:
        """What a worker has finished, if it has."""
        try:
            line = worker.line.read()
        except EOFError:
            return self._bury(worker, waiting)
        if line is None:
            return None
        errand, worker.errand = worker.errand, None
        worker.ready = True
        self.stillborn.clear()
        if errand is None:
            return None
        if worker.spent(self.growth):
            self._dismiss(worker)
        return errand, records_of(line)

    def _bury(self, worker: _Worker, waiting: deque[_Errand]) -> tuple[_Errand, Lost] | None:
        """A worker died: its task is tried again, then given up; workers that never get ready are our own failure."""
        said = self._dismiss(worker)
        if not worker.ready:
            start = worker.line.start()
            self.stillborn += [] if start in self.stillborn else [start]
            if len(self.stillborn) == _STARTS:
                raise Unavailable(said)
            return None
        errand = worker.errand
        if errand is None:
            return None
        errand.tries += 1
        if errand.tries < _TRIES:
            waiting.appendleft(errand)
            return None
        return errand, Lost(f"the grading process died twice on this submission: {said}")

    def _dismiss(self, worker: _Worker) -> str:
        self.watch.unregister(worker.line)
        self.workers.remove(worker)
        return worker.line.end()


def _held(pid: int) -> int:
    """The bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0
