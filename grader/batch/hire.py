"""Gets the processes that grade: forks of one nursery, which has loaded what all of them need, or each started on its own.

Whoever hires speaks with a worker over a pair of sockets, in lines, and hears from its end when the worker is gone.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import IO, Protocol

from grader.batch.task import Order

_LINE = 1 << 20
PID_BYTES = 4  # of a forked worker's first message, in this machine's order; the handle on it comes along


class Process(Protocol):
    """What a pool does with a process; nothing of it fails where the process is gone."""

    pid: int

    def is_alive(self) -> bool:
        """Whether it still runs."""

    def kill(self) -> None:
        """End it at once."""

    def join(self) -> None:
        """Wait for its end."""


class Started:
    """A process that we started."""

    def __init__(self, module: str, end: socket.socket, order: Order, errors: IO[bytes]) -> None:
        """Start a module with one end of a pair of sockets; it reads the order from its stdin."""
        self.popen = subprocess.Popen(
            [sys.executable, "-m", module, str(end.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[end.fileno()],
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"},
            # Ctrl-C is for us alone: who is interrupted ends the workers, after what they have finished is kept.
            process_group=0,
        )
        self.pid = self.popen.pid
        assert self.popen.stdin is not None
        with contextlib.suppress(OSError), self.popen.stdin as stdin:  # where it is dead by now, its socket tells
            stdin.write(order.to_line())

    def is_alive(self) -> bool:
        """See `Process`."""
        return self.popen.poll() is None

    def kill(self) -> None:
        """See `Process`."""
        self.popen.kill()

    def kill_group(self) -> None:
        """End it with all that it forked, as long as it runs itself: its number may be another's after that."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def join(self) -> None:
        """See `Process`."""
        self.popen.wait()


class Forked:
    """A process that the nursery forked; it sends a handle on itself, which never means another process of the same number."""

    def __init__(self) -> None:
        self.pid = 0
        self.handle = -1

    def adopt(self, message: bytes, handle: int) -> bytes:
        """Take the process's first message; what else there is in it."""
        self.pid, self.handle = int.from_bytes(message[:PID_BYTES], sys.byteorder), handle
        return message[PID_BYTES:]

    def is_alive(self) -> bool:
        """See `Process`."""
        return self.handle >= 0 and not _stirs(self.handle)

    def kill(self) -> None:
        """See `Process`."""
        if self.handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def join(self) -> None:
        """See `Process`."""
        if self.handle >= 0:
            _stirs(self.handle, None)

    def close(self) -> None:
        """Let go of the handle."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


class Line:
    """Our end of what is said between us and one worker."""

    def __init__(self, talk: socket.socket, errors: IO[bytes], process: Started | Forked, nursery: _Nursery | None) -> None:
        self.talk = talk
        self.errors = errors
        self.process = process
        self.nursery = nursery
        self.received = bytearray()

    def fileno(self) -> int:
        """For selectors."""
        return self.talk.fileno()

    def write(self, line: bytes) -> None:
        """Say a line; where the worker is dead by now, `read` will tell."""
        with contextlib.suppress(OSError):
            self.talk.sendall(line)

    def read(self) -> bytes | None:
        """The next line, None where it is not complete yet; `EOFError` where the worker is gone."""
        if not _stirs(self.talk.fileno()):
            return None
        try:
            data, handles, _, _ = socket.recv_fds(self.talk, _LINE, 1)
        except OSError:  # it is gone, and something that we said was never read
            data, handles = b"", []
        if not data:
            raise EOFError
        if handles and isinstance(self.process, Forked):
            data = self.process.adopt(data, handles[0])
        self.received += data
        line, newline, rest = self.received.partition(b"\n")
        if not newline:
            return None
        self.received = rest
        return bytes(line)

    def start(self) -> object:
        """What was tried to get this worker: where the nursery died before it forked, one thing for all that it owed."""
        return self if self.process.pid or self.nursery is None else self.nursery

    def end(self) -> str:
        """End the process; the last thing that it said, or that the nursery said where it forked none."""
        with contextlib.suppress(EOFError):
            self.read()  # for the handle, where it has not been taken yet
        self.process.kill()
        self.talk.close()
        self.process.join()
        said = _last_line(self.errors)
        if self.nursery is not None and self.start() is self.nursery:
            last = self.nursery.last_words()  # in any case, so that the next try has another nursery
            said = said or last
        self.errors.close()
        if isinstance(self.process, Forked):
            self.process.close()
        return said or "it said nothing"


class _Nursery:
    """The process that forks workers."""

    def __init__(self, order: Order) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process, closed in `last_words`
        self.said: str | None = None
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = Started("grader.batch.nursery", theirs, order, self.errors)

    def ask(self, fds: Sequence[int]) -> None:
        """Ask for a worker; where the nursery is dead by now, the worker's socket tells."""
        with contextlib.suppress(OSError):
            socket.send_fds(self.control, [b"+"], fds)

    def last_words(self) -> str:
        """What it said last. It is on its way out, or is made to go."""
        if self.said is None:
            self.control.close()
            self.process.join()
            self.said = _last_line(self.errors)
            self.errors.close()
        return self.said

    def close(self) -> None:
        """End it, and every worker of it that is left."""
        self.process.kill_group()
        self.last_words()


class Hiring:
    """Hires workers for an order.

    Parameters:
        order: what they are to do.
        forks: take them from a nursery, so that each but the first costs little more than its sandbox; see `can_fork`.
    """

    def __init__(self, order: Order, forks: bool) -> None:
        self.order = order
        self.forks = forks
        self.nursery: _Nursery | None = None

    def hire(self) -> Line:
        """A worker on its way; its first line says that it is ready."""
        ours, theirs = socket.socketpair()
        errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process, closed in `Line.end`
        with theirs:
            if not self.forks:
                return Line(ours, errors, Started("grader.batch.worker", theirs, self.order, errors), None)
            if self.nursery is None or not self.nursery.process.is_alive():
                self.close()  # what a dead one has forked goes on
                self.nursery = _Nursery(self.order)
            self.nursery.ask([theirs.fileno(), errors.fileno()])
        return Line(ours, errors, Forked(), self.nursery)

    def close(self) -> None:
        """End the nursery, with what it has forked."""
        if self.nursery is not None:
            self.nursery.close()
            self.nursery = None


def can_fork() -> bool:
    """Whether this system lets a process be forked from a nursery and be held by a handle: Linux since 5.3."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


def _stirs(handle: int, milliseconds: int | None = 0) -> bool:
    """Whether there is something to read, or an end to notice, within so many milliseconds; None waits for ever."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(milliseconds))


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    said = errors.read().decode("utf-8", "replace").strip().splitlines()
    return said[-1] if said else ""
