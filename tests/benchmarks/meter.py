"""Processor time of a command with everything that it starts, also of processes that nobody waits for.

The kernel adds a process's time to its parent's only where the parent waits for it. A sandbox that is killed as a whole is
waited for by nobody, so children's times would leave it out. A control group counts all of it; where none can be made (that
takes root), the whole machine's busy time is taken, which is right as long as nothing else runs.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Spent:
    """What a command cost, in seconds."""

    cpu: float
    wall: float


class Meter:
    """Tells what this process has started and what that took; close it."""

    def __init__(self) -> None:
        self.group: Path | None = None
        for base in (_ROOT / "cpuacct", _own_group()):
            with contextlib.suppress(OSError):
                group = base / f"grader-{os.getpid()}"
                group.mkdir()
                try:
                    _join(group)
                    _seconds_of(group)
                except OSError:
                    group.rmdir()
                    continue
                self.group = group
                break

    @property
    def counts(self) -> str:
        """What the figures are."""
        return "of all its processes" if self.group else "of the whole machine, which should do nothing else"

    def seconds(self) -> float:
        """Processor time of everything but this process, since some moment."""
        return (_seconds_of(self.group) if self.group else _busy()) - time.process_time()

    def run(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Spent:
        """Run a command to its end; a command that fails ends the benchmark with what it said."""
        before, started = self.seconds(), time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        wall = time.perf_counter() - started
        self.settle()
        return Spent(self.seconds() - before, wall)

    def settle(self) -> None:
        """Wait for what a command left behind."""
        deadline = time.monotonic() + 10
        while self.group and len((self.group / "cgroup.procs").read_text().split()) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)

    def close(self) -> None:
        """Give the control group back."""
        if self.group:
            _join(self.group.parent)
            with contextlib.suppress(OSError):
                self.group.rmdir()


def _join(group: Path) -> None:
    (group / "cgroup.procs").write_text(str(os.getpid()))


def _seconds_of(group: Path) -> float:
    with contextlib.suppress(FileNotFoundError):
        return int((group / "cpuacct.usage").read_text()) / 1e9
    pairs = (line.split() for line in (group / "cpu.stat").read_text().splitlines())
    return int(next(value for key, value in pairs if key == "usage_usec")) / 1e6


def _busy() -> float:
    busy = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    # user, nice, system; then idle and waiting, which are no work; then interrupts
    return sum(int(busy[place]) for place in (0, 1, 2, 5, 6)) / os.sysconf("SC_CLK_TCK")


def _own_group() -> Path:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            if line.startswith("0::"):
                return _ROOT / line[3:].lstrip("/")
    return _ROOT
