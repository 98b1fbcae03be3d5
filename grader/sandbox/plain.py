"""The weaker backend for systems without bubblewrap: a fresh subprocess per submission with the limits the system offers.

It separates judge and student and survives whatever a submission does to its own process, but the submission sees the file
system and the network with the user's rights. Marks need `--allow-unsandboxed` here.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import grader.guest
from grader.guest.frames import HEAD, lengths, pack, unpack
from grader.guest.wire import Malformed, TooLarge
from grader.record.limits import BanSpec, Limits
from grader.sandbox.channel import Printed
from grader.sandbox.contract import Ended, Readiness, Unavailable, Usage, describe_exit

# Windows selects sockets only, so there printed text may be told with the next call.
_CAN_SELECT = os.name == "posix"
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class PlainProcess:
    """One submission in a subprocess of its own.

    Pipes are read by threads, because that works on every system.
    """

    def __init__(self, config: dict[str, Any], limits: Limits) -> None:
        self.limits = limits
        self.folder = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        kit = str(Path(grader.guest.__file__).parent.parent)
        boot = f"import sys; sys.path.insert(0, {kit!r}); from guest.plain import main; sys.path.pop(0); main()"
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", boot],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder.name,
            env=_environment(self.folder.name),
            start_new_session=True,
        )
        self.printed = Printed(limits)
        self.overflow = threading.Event()
        self.reading = threading.Lock()
        self.answers: queue.SimpleQueue[tuple[dict[str, Any], memoryview] | Ended] = queue.SimpleQueue()
        self.usage: Usage | None = None
        self.threads = [
            threading.Thread(target=self._read_answers, daemon=True),
            threading.Thread(target=self._read_printed, daemon=True),
        ]
        for thread in self.threads:
            thread.start()
        self._write(pack(config, []))

    def request(self, frame: bytes, seconds: float) -> tuple[dict[str, Any], memoryview]:
        """See `Process.request`."""
        if self.usage is not None:
            raise Ended("died", "the process has ended")
        try:
            self._write(frame)
            answer = self._wait(seconds)
        except Ended as end:
            status = self._end(grace=1.0 if end.kind == "died" else 0.0)
            if end.kind == "died":
                raise Ended(*describe_exit(status, self.limits)) from None
            raise
        return answer

    def _write(self, frame: bytes) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(frame)
            self.process.stdin.flush()
        except OSError:
            raise Ended("died", "the process is gone") from None

    def _wait(self, seconds: float) -> tuple[dict[str, Any], memoryview]:
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            try:
                answer = self.answers.get(timeout=min(0.05, max(0.001, left)))
            except queue.Empty:
                if self.overflow.is_set():
                    raise Ended("output_mb", f"printed more than {self.limits.output_mb} MB") from None
                if left <= 0:
                    raise Ended("call_seconds", f"the call took longer than {seconds:g} s") from None
                continue
            if isinstance(answer, Ended):
                raise answer
            return answer

    def _read_answers(self) -> None:
        assert self.process.stdout is not None
        stream = self.process.stdout
        try:
            while True:
                head = _exactly(stream, HEAD.size)
                text, arrays = lengths(head, (self.limits.reply_mb + 32) << 20)
                body = memoryview(_exactly(stream, text + arrays))
                self.answers.put((unpack(body[:text]), body[text:]))
        except TooLarge as error:
            self.answers.put(Ended("reply_mb", str(error)))
        except Malformed as error:
            self.answers.put(Ended("garbled", str(error)))
        except (EOFError, OSError, ValueError):
            self.answers.put(Ended("died", "the process is gone"))

    def _read_printed(self) -> None:
        assert self.process.stderr is not None
        descriptor = self.process.stderr.fileno()
        try:
            while True:
                if _CAN_SELECT:
                    select.select([descriptor], [], [])
                with self.reading if _CAN_SELECT else contextlib.nullcontext():
                    data = os.read(descriptor, 1 << 16)
                    if data and not self.printed.add(data):
                        self.overflow.set()
                if not data:
                    return
        except (OSError, ValueError):
            return

    def output(self) -> str:
        """See `Process.output`."""
        if _CAN_SELECT and self.usage is None and self.process.stderr is not None:
            # What was printed before the answer lies in the pipe by now, so the reader only has to catch up.
            while self.threads[1].is_alive() and select.select([self.process.stderr], [], [], 0)[0]:
                time.sleep(0.0005)
        with self.reading:
            return self.printed.take()

    def interrupt(self) -> None:
        """See `Process.interrupt`."""
        if self.usage is None and self.process.returncode is None:
            _kill_group(self.process)

    def close(self) -> Usage:
        """See `Process.close`."""
        self._end(grace=0.0)
        assert self.usage is not None
        return self.usage

    def _end(self, grace: float) -> int:
        try:
            status = self.process.wait(grace) if grace else None
        except subprocess.TimeoutExpired:
            status = None
        _kill_group(self.process)
        status = self.process.wait() if status is None else status
        for thread in self.threads:
            thread.join(1.0)
        if self.usage is None:
            self.usage = Usage()
            for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
                try:
                    if stream is not None:
                        stream.close()
                except OSError:
                    continue
            self.folder.cleanup()
        return status


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
    else:
        process.kill()


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _environment(folder: str) -> dict[str, str]:
    kept = {key: os.environ[key] for key in _KEPT_VARIABLES if key in os.environ}
    fixed = {"HOME": folder, "TMPDIR": folder, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    return {**kept, **fixed, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


class PlainSandbox:
    """A subprocess per submission.

    Parameters:
        libraries: what each subprocess imports before the submission.
        eager: as in `WarmSandbox`.
    """

    name = "subprocess"
    isolated = False

    def __init__(self, libraries: Sequence[str], eager: bool = True) -> None:
        self.libraries = list(libraries)
        self.eager = eager

    def start(self, bans: Sequence[BanSpec], limits: Limits, probes: Sequence[str] = ()) -> PlainProcess:
        """See `Sandbox.start`; a probe is compiled when it is asked for."""
        config = {
            "limits": limits.as_dict(),
            "libraries": self.libraries,
            "bans": [ban.as_dict() for ban in bans],
            "eager": self.eager,
        }
        try:
            return PlainProcess(config, limits)
        except (OSError, Ended) as error:
            raise Unavailable(f"a subprocess did not start: {error}") from None

    def prepare(self, bans: Sequence[BanSpec], probes: Sequence[str] = (), modules: Sequence[str] = ()) -> Readiness:
        """See `Sandbox.prepare`; each submission has a process of its own."""
        return "never"

    def close(self) -> None:
        """Nothing is held between submissions."""
