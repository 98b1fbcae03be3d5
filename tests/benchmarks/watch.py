"""Measures `grader watch`: from the editor's write until the result stands on the screen, for NumPy and for torch.

    python tests/benchmarks/watch.py [--saves 30] [--idle 8]

Each save alternates between a right and a wrong answer, in a pseudo-terminal of 80×24 as a student has it; the clock stops when
the terminal has received the new result. The first save of the exercise in the session, after some idle time, is told apart.
Beside it stands a cold `grader check` of the same exercise in the same run.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "watch"))
from terminal import REPOSITORY, Terminal, Work, environment

PROMISED = {"numpy": 150, "torch": 250}  # milliseconds
EXERCISES = {"numpy": ("convolution2d", "convolution"), "torch": ("scaled_dot_product_attention", "attention")}
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


def main() -> None:
    """Print the table and, with --json, the figures."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--saves", type=int, default=30, help="for each exercise, at least 20")
    options.add_argument("--idle", type=float, default=8.0, help="seconds before the first save")
    options.add_argument("--json", action="store_true", help="figures as JSON")
    asked = options.parse_args()
    number = max(20, asked.saves)
    figures = {}
    for library, (name, topic) in EXERCISES.items():
        for kind, watched in (("alone", [name]), ("of all", [])):
            with tempfile.TemporaryDirectory(prefix="grader-watch-") as folder:
                topics = (topic,) if kind == "alone" else tuple(sorted({path.name for path in TOPICS.iterdir() if path.is_dir()}))
                work = Work(Path(folder), topics)
                first, later = saves(work, name, number, watched, asked.idle)
                taken = sorted(later)
                check = cold(work, name, 5)
            p95 = taken[min(len(taken) - 1, round(0.95 * len(taken)))]
            median = statistics.median(taken)
            figures[f"{library}, {kind}"] = {
                "exercise": name, "saves": len(taken), "median_ms": round(median, 1), "p95_ms": round(p95, 1),
                "first_ms": round(first, 1), "first_ratio": round(check / first, 1),
                "cold_check_ms": round(check, 1), "ratio": round(check / median, 1), "promised_ms": PROMISED[library],
            }  # fmt: skip
    if asked.json:
        print(json.dumps({"machine": f"{platform.machine()}, {os.cpu_count()} cores", "figures": figures}, indent=1))
        return
    print(
        f"{'':16} {'exercise':30} {'saves':>5} {'median':>9} {'p95':>9} {'first':>9} {'promise':>9} {'cold check':>11}"
        f" {'ratio':>6} {'first':>6}"
    )
    for label, row in figures.items():
        print(
            f"{label:16} {row['exercise']:30} {row['saves']:>5} {row['median_ms']:>6} ms "
            f"{row['p95_ms']:>6} ms {row['first_ms']:>6} ms "
            f"{row['promised_ms']:>6} ms {row['cold_check_ms']:>8} ms {row['ratio']:>6} {row['first_ratio']:>6}"
        )


if __name__ == "__main__":
    main()
