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
from functools import partial
from pathlib import Path
from typing import Any

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
CHECKS = 30
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
    """Six exercises on many correct submissions: sandbox, the same tests in one warm process, and a bare fork by turns."""
    course = Course(ROOT)
    exercises = [course.exercise(name) for name in SIX]
    source = "\n\n".join(exercise.reference.read_text(encoding="utf-8") for exercise in exercises).encode()
    warm = WarmSandbox(["numpy", "torch"], [ROOT])
    try:
        with_suite(exercises, True, lambda suite: _by_turns(suite, warm, exercises, source, count))
    finally:
        warm.close()


def _by_turns(suite: Suite, warm: WarmSandbox, exercises: Sequence[Exercise], source: bytes, count: int) -> None:
    """By turns, because the speed of a shared machine changes from one second to the next."""
    bare = BareFork(exercises)
    graded = _grader(suite, warm, exercises, source)
    floor = _grader(suite, InProcessSandbox(), exercises, source)
    for number in range(5):
        graded(-number)
        floor(-number)
        bare(-number)
    costs: dict[str, list[float]] = {"graded": [], "floor": [], "bare": []}
    wall, memory = 0.0, 0.0
    for number in range(count):
        if number == count // 10:
            memory = _resident_mb()
        began = time.perf_counter()
        costs["graded"].append(_cpu(graded, number, warm.process.pid))
        wall += time.perf_counter() - began
        costs["floor"].append(_cpu(floor, number, None))
        costs["bare"].append(_cpu(bare, number, None))
    growth = _resident_mb() - memory
    ours, floor_ms, bare_ms = (statistics.mean(costs[name]) * 1e3 for name in ("graded", "floor", "bare"))
    print(
        f"grade {len(exercises)} exercises, {count} submissions: {ours:.1f} ms of CPU each "
        f"(aim: at most 120, better 50), {wall / count * 1e3:.1f} ms wall"
    )
    print(f"floor, the same tests in one warm process: {floor_ms:.1f} ms of CPU each, ratio {ours / floor_ms:.2f}")
    print(
        f"yardstick, a bare fork with {CHECKS} checks: {bare_ms:.1f} ms of CPU each, ratio {ours / bare_ms:.2f} "
        f"(aim: at most {120 / 26:.1f}, which is 120 ms where the yardstick takes 26)"
    )
    print(f"memory of the judge from submission {count // 10} to {count}: {growth:+.1f} MB")


def _grader(suite: Suite, sandbox: Sandbox, exercises: Sequence[Exercise], source: bytes) -> Callable[[int], None]:
    judge = Judge(suite, sandbox, "benchmark")

    def grade(number: int) -> None:
        runs = judge.grade(Submission(f"student-{number}", "submission.py", source), exercises)
        outcomes = {run.record.exercise: run.record.outcome for run in runs}
        assert set(outcomes.values()) == {"passed"}, outcomes

    return grade


def _cpu(work: Callable[[int], None], number: int, sandbox: int | None) -> float:
    """Processor seconds of a call, here, in children that ended, and in a sandbox."""

    def used() -> float:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        family = _tree_seconds(sandbox) if sandbox is not None else ended.ru_utime + ended.ru_stime
        return time.process_time() + family

    before = used()
    work(number)
    return used() - before


class BareFork:
    """What grading would cost without sandbox, wire and pytest: a fork of this process that makes five checks per exercise."""

    def __init__(self, exercises: Sequence[Exercise]) -> None:
        self.call = {}
        for exercise in exercises:
            module: dict[str, Any] = {"__name__": exercise.name}
            exec(compile(exercise.reference.read_text(encoding="utf-8"), str(exercise.reference), "exec"), module)
            self.call[exercise.name] = module[exercise.manifest.entry]
        self.check(0)

    def __call__(self, number: int) -> None:
        """Fork, check, wait."""
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                self.check(number)
                status = 0
            finally:
                os._exit(status)
        assert os.waitpid(pid, 0)[1] == 0

    def check(self, seed: int) -> None:
        """Five checks of each of the six exercises against torch, on inputs of the size that hidden tests use."""
        import torch
        from torch import nn
        from torch.nn import functional as F

        torch.default_generator.manual_seed(seed % 1000)
        close = partial(torch.testing.assert_close, rtol=1e-4, atol=1e-5)
        for extra in range(CHECKS // len(SIX)):
            image, kernel = torch.randn(7 + extra, 9, dtype=torch.float64), torch.randn(3, 2, dtype=torch.float64)
            found = self.call["convolution2d"](image.numpy(), kernel.numpy(), 1, 2)
            close(torch.as_tensor(found), F.conv2d(image[None, None], kernel[None, None], padding=1, stride=2)[0, 0])
            close(torch.as_tensor(self.call["max_pooling2d"](image.numpy(), 2, 1)), F.max_pool2d(image[None], 2, 1)[0])
            cell, x, state = nn.LSTMCell(3, 4), torch.randn(2, 3), (torch.randn(2, 4), torch.randn(2, 4))
            close(self.call["lstm_cell"](x, state, *(p.detach() for p in cell.parameters())), cell(x, state))
            query, key, value = torch.randn(2, 5, 8), torch.randn(2, 7, 8), torch.randn(2, 7, 3)
            context, _ = self.call["scaled_dot_product_attention"](query, key, value)
            close(context, F.scaled_dot_product_attention(query, key, value))
            one, two = torch.rand(4, 6).clamp(0.01, 0.99), torch.rand(4, 6)
            mu, logvar = torch.randn(4, 2), torch.randn(4, 2)
            divergence = -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum()
            close(self.call["vae_loss"](one, two, mu, logvar), F.binary_cross_entropy(one, two, reduction="sum") + divergence)
            assert self.call["count_parameters"](nn.Sequential(nn.Linear(3, 4), nn.Conv2d(1, 2, 3))) == 36


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
