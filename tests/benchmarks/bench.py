"""Speed of the kit against baselines of the same run: `python tests/benchmarks/bench.py [--submissions 100]`.

Prints a ratio for every claim. Start-up is wall clock (a student waits), grading is processor time of judge and sandbox together.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

from grader.catalog.course import Course, Exercise
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.suite import Suite, with_suite
from grader.sandbox.contract import Sandbox
from grader.sandbox.inprocess import InProcessSandbox
from grader.sandbox.warm import WarmSandbox

ROOT = Path(__file__).resolve().parents[2]
SIX = ("convolution2d", "max_pooling2d", "lstm_cell", "scaled_dot_product_attention", "vae_loss", "count_parameters")
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run all benchmarks and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    startup(chosen.repeats)
    grading(chosen.submissions)


def startup(repeats: int) -> None:
    """`grader check` of one solved exercise against importing what it cannot do without."""
    with tempfile.TemporaryDirectory() as name:
        course = Course(Path(name))
        for half in ("exercises", "solutions"):
            shutil.copytree(ROOT / half, course.root / half, ignore=shutil.ignore_patterns("__pycache__"))
        for exercise, baseline, aim in (
            ("convolution2d", "import numpy, pytest", 3.0),
            ("scaled_dot_product_attention", "import torch, pytest", 1.5),
        ):
            found = course.exercise(exercise)
            found.stub.write_bytes(found.reference.read_bytes())
            check = [sys.executable, "-m", "grader", "check", exercise, "--course", str(course.root)]
            pairs = _alternating(check, [sys.executable, "-c", baseline], repeats)
            ratio = statistics.median(ours / theirs for ours, theirs in pairs)
            ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(f"check {exercise}: {ours:.2f} s, `{baseline}`: {theirs:.2f} s, ratio {ratio:.2f} (aim: at most {aim:g})")


def _alternating(one: Sequence[str], other: Sequence[str], repeats: int) -> list[tuple[float, float]]:
    _timed(one)
    _timed(other)
    return [(_timed(one), _timed(other)) for _ in range(repeats)]


def _timed(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - started


def grading(count: int) -> None:
    """Six exercises on many correct submissions: sandbox against the same tests in one warm process."""
    course = Course(ROOT)
    exercises = [course.exercise(name) for name in SIX]
    source = "\n\n".join(exercise.reference.read_text(encoding="utf-8") for exercise in exercises).encode()
    warm = WarmSandbox(["numpy", "torch"], [ROOT])
    try:
        sandboxed, wall, growth = with_suite(
            exercises, True, lambda suite: _cost(suite, warm, exercises, source, count, lambda: _tree_seconds(warm.process.pid))
        )
        floor, _, _ = with_suite(
            exercises, True, lambda suite: _cost(suite, InProcessSandbox(), exercises, source, count, lambda: 0.0)
        )
    finally:
        warm.close()
    print(
        f"grade {len(SIX)} exercises, {count} submissions: {sandboxed * 1e3:.1f} ms of CPU each "
        f"(aim: at most 120, better 50), {wall * 1e3:.1f} ms wall"
    )
    print(f"floor, the same tests in one warm process: {floor * 1e3:.1f} ms of CPU each, ratio {sandboxed / floor:.2f}")
    print(f"memory of the judge from submission {count // 10} to {count}: {growth:+.1f} MB")


def _cost(
    suite: Suite, sandbox: Sandbox, exercises: Sequence[Exercise], source: bytes, count: int, others: Callable[[], float]
) -> tuple[float, float, float]:
    """Processor seconds and wall seconds per submission, and growth of the judge's memory in MB."""
    judge = Judge(suite, sandbox, "benchmark")

    def grade(number: int) -> None:
        runs = judge.grade(Submission(f"student-{number}", "submission.py", source), exercises)
        outcomes = {run.record.exercise: run.record.outcome for run in runs}
        assert set(outcomes.values()) == {"passed"}, outcomes

    for number in range(5):
        grade(-number)
    cpu, wall = time.process_time() + others(), time.perf_counter()
    memory = 0.0
    for number in range(count):
        if number == count // 10:
            memory = _resident_mb()
        grade(number)
    spent = time.process_time() + others() - cpu
    return spent / count, (time.perf_counter() - wall) / count, _resident_mb() - memory


def _resident_mb() -> float:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / (1 << 20)


def _tree_seconds(root: int) -> float:
    """Processor time of a process and all its descendants, the reaped ones included."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(fields[1])
            seconds[int(folder.name)] = sum(map(int, fields[11:15])) / TICKS
    family, frontier = {root}, {root}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        family |= frontier
    return sum(seconds.get(pid, 0.0) for pid in family)


if __name__ == "__main__":
    main()
