"""A real pseudo-terminal with `grader` in it, and what its screen holds."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyte

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
_KNOWN = re.compile(rb"\x1b\[\?2026[hl]")


def environment(**variables: str) -> dict[str, str]:
    """The variables of a plain terminal."""
    hidden = {"GRADER_COURSE", "GRADER_LANG", "LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}
    kept = {key: value for key, value in os.environ.items() if key not in hidden and not key.startswith("PYTEST_")}
    python = {"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **python, "TERM": "xterm-256color", "OMP_NUM_THREADS": "1", **variables}


class Terminal:
    """A command in a pseudo-terminal of its own.

    Parameters:
        arguments: of `grader`.
        cwd: where it runs.
        size: columns and lines.
        command: in the place of `grader` and its arguments.
        variables: of the environment, besides a plain terminal's.
    """

    def __init__(
        self,
        arguments: list[str],
        cwd: Path,
        size: tuple[int, int] = (80, 24),
        command: list[str] | None = None,
        **variables: str,
    ) -> None:
        self.master, self.slave = pty.openpty()
        self.screen = pyte.Screen(*size)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.resize(*size, tell=False)
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            command or [sys.executable, "-m", "grader", *arguments],
            cwd=cwd, env=environment(**variables), stdin=self.slave, stdout=self.slave, stderr=self.slave,
            preexec_fn=self._lead,
        )  # fmt: skip

    def _lead(self) -> None:
        """In the child: the pseudo-terminal controls it, so that Ctrl-C and Ctrl-Z reach it."""
        os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

    def resize(self, columns: int, lines: int, tell: bool = True) -> None:
        """Give the window another size."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)
        if tell:
            self.process.send_signal(signal.SIGWINCH)

    def read(self, seconds: float = 0.1) -> bytes:
        """Take what was written, waiting so long for it at most."""
        if not select.select([self.master], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return b""
        self.raw += data
        self.stream.feed(_KNOWN.sub(b"", data))
        return data

    @property
    def text(self) -> str:
        """What the screen holds."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, wanted: str | Callable[[str], bool]) -> str:
        """Read until the screen holds a text, or fulfils a condition."""
        found = wanted if callable(wanted) else lambda text: wanted in text
        deadline = time.monotonic() + PATIENCE
        while not found(self.text):
            ended = self.process.poll() is not None
            if not self.read() and ended and not found(self.text):
                raise AssertionError(f"ended with {self.process.returncode} before {wanted!r}:\n{self.text}")
            if time.monotonic() > deadline:
                raise AssertionError(f"{wanted!r} did not come:\n{self.text}")
        return self.text

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def end(self) -> int:
        """Read until it has ended; the exit code."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read()
        while self.read(0.05):
            continue
        return self.process.wait(1)

    @property
    def given_back(self) -> bool:
        """Whether the terminal is as it was: its modes, its first screen, its cursor."""
        modes: list[Any] = termios.tcgetattr(self.slave)
        left = self.raw.rpartition(b"\x1b[?1049l")
        return modes == self.before and bool(left[1]) and b"\x1b[?1049h" not in left[2] and not self.screen.cursor.hidden

    def close(self) -> None:
        """End whatever is left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self.master, self.slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)


class Work:
    """A copy of some topics' public halves, to work in."""

    def __init__(self, root: Path, topics: tuple[str, ...]) -> None:
        self.root = root
        for topic in topics:
            shutil.copytree(REPOSITORY / "exercises" / topic, root / "exercises" / topic)

    def stub(self, name: str) -> Path:
        """The file that a student fills."""
        return next((self.root / "exercises").glob(f"*/{name}/{name}.py"))

    def tests(self, name: str) -> Path:
        """The public tests."""
        return self.stub(name).parent / "test_public.py"

    def right(self, name: str) -> str:
        """A right solution."""
        return next((REPOSITORY / "solutions").glob(f"*/{name}/{name}.py")).read_text(encoding="utf-8")

    def save(self, name: str, text: str) -> None:
        """Save as an editor does that writes in place."""
        self.stub(name).write_text(text, encoding="utf-8")

    def save_by_rename(self, name: str, text: str) -> None:
        """Save as an editor does that writes another file and renames it."""
        other = self.stub(name).with_suffix(".py.tmp~")
        other.write_text(text, encoding="utf-8")
        other.replace(self.stub(name))
