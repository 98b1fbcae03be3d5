"""What `grader grade-all` costs on a class: throughput, cost by size, memory, start-up, and where the time goes, in one run.

`python tests/benchmarks/whole_class.py` takes some minutes, `--quick` about one. Classes are generated: right answers, known
mistakes, broken files; Python files, notebooks and zips. Processor time is that of all processes. Linux, with the sandbox.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import against_nbgrader
import against_otter
import bench
from generated import SIX, course_of_six, hand_in
from meter import Meter
from soak import Command

from grader.catalog.course import Course
from grader.grading.backends import marking_sandbox
from grader.grading.diagnosis import diagnose
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.suite import Suite, with_suite
from grader.guest.session import Session
from grader.sandbox.contract import Sandbox
from grader.sandbox.inprocess import InProcessSandbox

CHEAP = ("count_parameters",)
MANY = 100_000


def main() -> None:
    """Run all of it and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=100, help="of six exercises, for throughput and floor")
    parser.add_argument("--sizes", default="100,1000", help="classes of one cheap exercise, for cost and memory; 100,1000,5000")
    parser.add_argument("--quick", action="store_true", help="small numbers; ends in about a minute, and says little")
    parser.add_argument("--nbgrader", type=int, default=20, help="submissions for the comparison with nbgrader; 0 leaves it out")
    parser.add_argument("--otter", type=Path, help="the Python of an environment with otter-grader, to compare with it too")
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    if chosen.quick:
        chosen.submissions, sizes, chosen.nbgrader = 12, [20, 60], min(chosen.nbgrader, 2)
    meter = Meter()
    with closing(meter), tempfile.TemporaryDirectory(prefix="class") as name:
        folder = Path(name)
        course = course_of_six(folder / "course")
        cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
        print(f"{cores} cores, load {load:.1f} before the start; processor time {meter.counts}", flush=True)
        print("\n# start-up and throughput", flush=True)
        spent = throughput(meter, folder, course, chosen.submissions)
        print("\n# cost and memory by size", flush=True)
        by_size(meter, folder, course, sizes)
        print("\n# where the time of a submission goes", flush=True)
        shares(course, chosen.submissions, spent)
        print("\n# against the floor", flush=True)
        bench.grading(chosen.submissions)
        print("\n# against others", flush=True)
        others(meter, folder, chosen.nbgrader, chosen.otter)


# -- the command ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spent:
    """What one run of the command cost.

    Attributes:
        wall: seconds.
        cpu: processor seconds of all its processes.
        own: processor seconds of the command itself, without workers and sandboxes.
        peak_mb: the most memory that the command held.
        worker_mb: the most that one worker held.
    """

    wall: float
    cpu: float
    own: float
    peak_mb: float
    worker_mb: float


def grade(meter: Meter, command: Command) -> Spent:
    """Run the command to its end and watch what it takes."""
    before, began = meter.seconds(), time.perf_counter()
    process = command.start()
    own = peak = worker = 0.0
    ended = False
    while not ended:
        # A process that ended still tells what it took until it is waited for.
        ended = _stat(process.pid)[0] == "Z"
        own, peak = max(own, _own_seconds(process.pid)), max(peak, _peak_mb(process.pid))
        worker = max([worker, *(_peak_mb(pid) for pid in _workers(process.pid))])
        time.sleep(0.02)
    code = process.wait()
    wall = time.perf_counter() - began
    if code != 0:
        raise SystemExit(f"{' '.join(command.line)}: exit {code}\n{command.said()[-3000:]}")
    meter.settle()
    return Spent(wall, meter.seconds() - before, own, peak, worker)


def _own_seconds(pid: int) -> float:
    return sum(map(int, _stat(pid)[11:13])) / bench.TICKS


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _workers(pid: int) -> list[int]:
    """The command's workers, with the process that forks them."""
    started = _children(pid)
    # A forked one is called as what it was forked from, a sandbox is not.
    return [each for child in started for each in (child, *_children(child)) if "grader.batch" in _called(each)]


def _called(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def throughput(meter: Meter, folder: Path, course: Course, count: int) -> Spent:
    """Start-up, then submissions a second with one worker and with two; what one worker spent beyond start-up, per submission."""
    hand_in(folder / "one", course, 1)
    hand_in(folder / "two", course, 2)
    kinds = hand_in(folder / "class", course, count)
    alone = Command(folder, "startup", 1, "one")
    start, again = grade(meter, alone), grade(meter, alone)
    print(f"one submission of {len(SIX)} exercises: {start.wall:.1f} s; again, with nothing to do: {again.wall:.1f} s")
    print(f"{count} submissions of {len(SIX)} exercises: {kinds}")
    rates = []
    per_one = start
    for jobs in (1, 2):
        begin = grade(meter, Command(folder, f"begin{jobs}", jobs, "two"))
        whole = grade(meter, Command(folder, f"jobs{jobs}", jobs))
        left = _beyond(whole, begin, count - 2)
        rates.append(1 / left.wall)
        per_one = left if jobs == 1 else per_one
        print(
            f"{jobs} worker{'s' * (jobs > 1)}: {1 / left.wall:.1f} a second beyond start-up, {count / whole.wall:.1f} with it; "
            f"{left.cpu * 1e3:.0f} ms of CPU each, {left.own * 1e3:.1f} ms of that in the command",
            flush=True,
        )
    print(f"ratio of two workers to one: {rates[1] / rates[0]:.2f} (aim: at least 1.8, on two idle cores)")
    hours = MANY / rates[1] / 3600
    print(
        f"{MANY:,} such submissions at this rate: {hours:.1f} h with 2 workers; "
        f"one command feeds at most {1 / per_one.own:.0f} a second, so {MANY * per_one.own / 3600:.1f} h at the least"
    )
    return per_one


def _beyond(whole: Spent, start: Spent, count: int) -> Spent:
    """Per submission, without the start-up."""
    each = [(getattr(whole, name) - getattr(start, name)) / count for name in ("wall", "cpu", "own")]
    return Spent(*(max(value, 1e-9) for value in each), whole.peak_mb, whole.worker_mb)


def by_size(meter: Meter, folder: Path, course: Course, sizes: Sequence[int]) -> None:
    """What one submission of a cheap exercise costs, and what the command holds, in classes of several sizes."""
    start = grade(meter, Command(folder, "cheap", 2, "two", CHEAP))
    found = []
    for size in sizes:
        hand_in(folder / f"sized{size}", course, size)
        spent = grade(meter, Command(folder, f"size{size}", 2, f"sized{size}", CHEAP))
        each = _beyond(spent, start, size - 2)
        found.append((each, spent))
        print(
            f"{size} submissions of {', '.join(CHEAP)}: {each.cpu * 1e3:.1f} ms of CPU each, {each.wall * 1e3:.1f} ms wall, "
            f"{each.own * 1e3:.2f} ms in the command; it held {spent.peak_mb:.0f} MB at most, a worker {spent.worker_mb:.0f} MB",
            flush=True,
        )
    if len(found) > 1:
        (first, little), (last, much) = found[0], found[-1]
        growth = (much.peak_mb - little.peak_mb) * 1024 / (sizes[-1] - sizes[0])
        print(
            f"from {sizes[0]} to {sizes[-1]}: CPU per submission {last.cpu / first.cpu:.2f} times (aim: 1, flat), "
            f"memory of the command {much.peak_mb - little.peak_mb:+.1f} MB, {growth:+.1f} kB per submission"
        )


# -- where the time goes -------------------------------------------------------------------------------------------------------


class Stopwatch:
    """Seconds by layer; time in a layer within another one counts for the inner one alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.stack: list[str] = ["judge"]
        self.since = time.perf_counter()

    def switch(self) -> None:
        """Book what has passed for the layer that is on top."""
        now = time.perf_counter()
        self.seconds[self.stack[-1]] += now - self.since
        self.since = now

    def timed(self, layer: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, booked for a layer."""

        @wraps(call)
        def run(*args: Any, **kwargs: Any) -> Any:
            self.switch()
            self.stack.append(layer)
            try:
                return call(*args, **kwargs)
            finally:
                self.switch()
                self.stack.pop()

        return run


class TimedSandbox:
    """A sandbox whose processes' time is booked."""

    def __init__(self, inner: Sandbox, watch: Stopwatch) -> None:
        self.inner, self.watch = inner, watch
        self.name, self.isolated = inner.name, inner.isolated

    def start(self, *args: Any, **kwargs: Any) -> Any:
        """See `Sandbox.start`."""
        process = self.watch.timed("sandbox", self.inner.start)(*args, **kwargs)
        for name in ("request", "output", "close"):
            setattr(process, name, self.watch.timed("sandbox", getattr(process, name)))
        return process

    def close(self) -> None:
        """See `Sandbox.close`."""
        self.inner.close()


@contextmanager
def _student_timed(watch: Stopwatch) -> Iterator[None]:
    """Book what runs the student's code in this process: the module, calls, probes, backward passes."""
    names = ("do_load", "do_probe", "do_backward", "_run")
    before = {name: getattr(Session, name) for name in names}
    for name in names:
        setattr(Session, name, watch.timed("student", before[name]))
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(Session, name, method)


def shares(course: Course, count: int, spent: Spent) -> None:
    """Wall clock of one worker by layer, and the command's own processor time, on right answers."""
    exercises = [course.exercise(name) for name in SIX]
    source = "\n\n".join(exercise.reference.read_text(encoding="utf-8") for exercise in exercises).encode()

    def work(suite: Suite) -> None:
        sandbox = marking_sandbox(exercises, course.root, False)
        try:
            isolated, inside = (_layers(suite, each, course, source, count) for each in (sandbox, InProcessSandbox()))
        finally:
            sandbox.close()
        student = inside["student"]
        parts = {
            "the student's code": student,
            "process and wire": isolated["sandbox"] - student,
            "pytest and the tests": isolated["tests"],
            "verdicts and records": isolated["judge"],
            "diagnosis": isolated["diagnosis"],
            "bookkeeping of the command": spent.own * count,
        }
        whole = sum(parts.values())
        for name, seconds in parts.items():
            print(f"{name:28} {seconds / count * 1e3:6.1f} ms  {seconds / whole:5.0%}")
        print(f"{'together':28} {whole / count * 1e3:6.1f} ms")

    with_suite(exercises, True, work)


def _layers(suite: Suite, sandbox: Sandbox, course: Course, source: bytes, count: int) -> dict[str, float]:
    watch = Stopwatch()
    judge = Judge(suite, TimedSandbox(sandbox, watch), "benchmark")
    exercises = [course.exercise(name) for name in SIX]
    suite_run = suite.run
    suite.run = watch.timed("tests", suite_run)  # type: ignore[method-assign]
    told = watch.timed("diagnosis", diagnose)
    try:
        with _student_timed(watch):
            for number in range(-3, count):
                if number == 0:  # what came before was warming up
                    watch.seconds.clear()
                    watch.since = time.perf_counter()
                submission = Submission(f"student-{number}", "submission.py", source)
                runs = judge.grade(submission, exercises)
                for run, exercise in zip(runs, exercises, strict=True):
                    assert told(run, submission, exercise, judge).outcome == "passed", run.record
            watch.switch()
    finally:
        suite.run = suite_run  # type: ignore[method-assign]
    return watch.seconds


# -- others --------------------------------------------------------------------------------------------------------------------


def others(meter: Meter, folder: Path, count: int, otter: Path | None) -> None:
    """nbgrader and otter-grader on the same submissions; what is not installed is left out, and said."""
    if count == 0:
        print("left out, as asked: nbgrader, otter-grader")
        return
    if importlib.util.find_spec("nbgrader") is None:
        print("left out: nbgrader is not installed, so there is no notebook to hand in either")
        return
    against_nbgrader.compare(folder / "nbgrader", meter, count, None)
    if otter is None:
        print("left out: otter-grader; see --otter")
        return
    try:
        against_otter.compare(folder / "otter", folder / "nbgrader", otter, meter)
    except subprocess.CalledProcessError as error:
        print(f"otter-grader failed and is left out: {error}\n{(error.stderr or b'').decode()[-2000:]}")


if __name__ == "__main__":
    main()
