"""Keeps the process that runs checks and snippets, and ends it when one takes too long."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from grader.quiz.expressions import Value

_CHILD = Path(__file__).with_name("child.py")
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Ran:
    """What a run gave: the value as plain data and as text, what was printed, and the exception if there was one."""

    value: Any
    text: str
    output: str
    error: str
    message: str


class Slow(Exception):
    """A run did not end in time, or took its process with it."""


class Runner:
    """A process that runs an author's code.

    Parameters:
        seconds: for all runs of one request; importing torch counts.
    """

    def __init__(self, seconds: float = 120.0) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[str] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="quiz-")
        self._lines: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()
        self._folder.cleanup()

    def run(
        self,
        sources: Sequence[str],
        values: Sequence[Mapping[str, Value]],
        expression: str | None = None,
        last_is_value: bool = False,
    ) -> list[Ran]:
        """Run each source with its values.

        Raises:
            Slow: it took too long or died; the next request starts afresh.
        """
        runs = [{"source": source, "values": dict(named)} for source, named in zip(sources, values, strict=True)]
        process = self._started()
        assert process.stdin is not None  # for the type checker; it is a pipe
        try:
            request = {"runs": runs, "expression": expression, "last_is_value": last_is_value}
            print(json.dumps(request), file=process.stdin, flush=True)
            line = self._lines.get(timeout=self.seconds)
        except queue.Empty:
            self._end()
            raise Slow(f"it did not end within {self.seconds:g} s") from None
        except BrokenPipeError:
            line = ""
        if not line:
            self._end()
            raise Slow("its process died")
        return [Ran(**reply) for reply in json.loads(line)]

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._lines = queue.Queue()
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                cwd=self._folder.name,
                env={"OMP_NUM_THREADS": "1", **{name: os.environ[name] for name in _PASSED_ON if name in os.environ}},
                start_new_session=True,
            )
            assert self._process.stdout is not None  # for the type checker; it is a pipe
            threading.Thread(target=_read, args=(self._process.stdout, self._lines), daemon=True).start()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what it started ends with it
        else:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _read(stream: IO[str], lines: queue.Queue[str]) -> None:
    try:
        for line in stream:
            lines.put(line)
    except ValueError:  # closed while we read
        pass
    lines.put("")
