"""Measures `grader watch`: from the editor's write until the result stands on the screen, for NumPy and for torch.

    python tests/benchmarks/watch.py [--saves 20] [--idle 15] [--only train_epoch] [--alone]

Each save alternates between a right and a wrong answer, in a pseudo-terminal of 80×24 as a student has it; the clock stops when
the terminal has received the new result. The first save of the exercise in the session, after some idle time, is told apart, and
how many times a later save it costs: that holds on a busy machine as well. Beside it stands a cold `grader check` of the same
exercise in the same run. It takes about two minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "watch"))
from terminal import REPOSITORY, Terminal, Work, environment

AIMS = {"numpy": 150, "torch": 250}  # milliseconds, for a later save on a quiet machine
EXERCISES = {
    "convolution2d": ("numpy", "convolution"),
    "scaled_dot_product_attention": ("torch", "attention"),
    "train_epoch": ("torch", "training"),
}
TOPICS = REPOSITORY / "exercises"
_RIGHT, _WRONG = "All its tests pass", "✗ "


def cold(work: Work, name: str, times: int) -> float:
    """Milliseconds of `grader check`, the median."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        command = [sys.executable, "-m", "grader", "check", name]
        subprocess.run(command, cwd=work.root, env=environment(), capture_output=True, check=False)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def seen_after(terminal: Terminal, work: Work, name: str, text: str, wanted: str) -> float:
    """Milliseconds from a write until the terminal has received what is wanted."""
    while terminal.read(0.0):
        continue
    seen = b""
    started = time.perf_counter()
    work.save_by_rename(name, text)
    while wanted.encode() not in seen:
        seen += os.read(terminal.master, 1 << 16)
    return (time.perf_counter() - started) * 1000


def saves(work: Work, name: str, number: int, watched: list[str], idle: float) -> tuple[float, list[float]]:
    """Milliseconds from the first write to its result, and from each later one."""
    right = work.right(name)
    lines = right.splitlines()
    last = max(index for index, line in enumerate(lines) if line.strip().startswith("return "))
    indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
    wrong = "\n".join([*lines[:last], f"{indent}return None", *lines[last + 1 :]]) + "\n"
    terminal = Terminal(["watch", *watched], work.root)
    taken = []
    try:
        terminal.until("not started")
        time.sleep(idle)  # a person reads what is to be done, and begins to type
        first = seen_after(terminal, work, name, wrong, _WRONG)
        for index in range(number):
            time.sleep(0.3)  # a person saves, looks and types; what trails from the last result has ended
            text, wanted = (right, _RIGHT) if index % 2 == 0 else (wrong, _WRONG)
            taken.append(seen_after(terminal, work, name, text, wanted))
        terminal.press("q")
        terminal.end()
    finally:
        terminal.close()
    return first, taken


def measured(name: str, alone: bool, number: int, idle: float) -> dict[str, Any]:
    """The figures of one exercise, watched alone or among all."""
    library, topic = EXERCISES[name]
    every = tuple(sorted({path.name for path in TOPICS.iterdir() if path.is_dir()}))
    with tempfile.TemporaryDirectory(prefix="grader-watch-") as folder:
        work = Work(Path(folder), (topic,) if alone else every)
        first, later = saves(work, name, number, [name] if alone else [], idle)
        check = cold(work, name, 1 if name == "train_epoch" else 3)  # it is a matter of seconds there
    taken = sorted(later)
    median = statistics.median(taken)
    return {
        "exercise": name, "alone": alone, "saves": len(taken), "median_ms": round(median),
        "p95_ms": round(taken[min(len(taken) - 1, round(0.95 * len(taken)))]), "first_ms": round(first),
        "first_times": round(first / median, 1), "aim_ms": AIMS[library], "cold_check_ms": round(check),
        "check_times": round(check / median, 1), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Print the table or, with --json, the figures."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--saves", type=int, default=20, help="for each exercise, at least 20")
    options.add_argument("--idle", type=float, default=15.0, help="seconds before the first save")
    options.add_argument("--only", choices=EXERCISES, help="one exercise")
    options.add_argument("--alone", action="store_true", help="watch the exercise by name, in the place of all")
    options.add_argument("--json", action="store_true", help="figures as JSON")
    asked = options.parse_args()
    names = [asked.only] if asked.only else list(EXERCISES)
    if not asked.json:
        print(
            f"{'':29}{'saves':>5} {'median':>8} {'p95':>8} {'first':>8} {'= later':>8} {'aim':>7}"
            f" {'cold check':>11} {'= saves':>8} {'load':>5}"
        )
    figures = []
    for name in names:
        row = measured(name, asked.alone, max(20, asked.saves), asked.idle)
        figures.append(row)
        if not asked.json:
            print(
                f"{name:29}{row['saves']:>5} {row['median_ms']:>5} ms {row['p95_ms']:>5} ms {row['first_ms']:>5} ms"
                f" {row['first_times']:>7}× {row['aim_ms']:>4} ms {row['cold_check_ms']:>8} ms {row['check_times']:>7}×"
                f" {row['load']:>5}",
                flush=True,
            )
    if asked.json:
        print(json.dumps({"machine": f"{platform.machine()}, {os.cpu_count()} cores", "figures": figures}, indent=1))


if __name__ == "__main__":
    main()
