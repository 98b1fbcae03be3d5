"""The warm process of the sandbox: numpy and torch imported, one fork per submission.

It reads commands from a socket: `branch` forks another warm process that has a set of forbidden calls taken away, probes
compiled, modules imported and a control socket of its own; `start` forks a process for one submission; `kill` ends it. It learns
nothing of the course: sources and inputs go from the judge to the fork directly. When a submission ends, everything it started
is killed and its files are removed.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import itertools
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any

from . import limits as limiting
from . import pages
from .forbid import Ban, bring_in, take_away
from .hits import Record
from .serve import print_through_descriptors, serve
from .session import Session, compile_probe, preload

WORK = "/submission"
# Root is exempt from the rlimit on processes, so where some are allowed they are counted.
_COUNT_SECONDS = 0.02


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """One command and its file descriptors, or None when the judge has hung up."""
    fds = array.array("i")
    data, ancillary, _, _ = control.recvmsg(1 << 20, socket.CMSG_SPACE(4 * fds.itemsize))
    if not data:
        return None
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(payload[: len(payload) - len(payload) % fds.itemsize])
    message: dict[str, Any] = json.loads(data)
    return message, list(fds)


class Warm:
    """A warm process: its control socket and the forbidden calls that its forks inherit."""

    def __init__(self, control: socket.socket, calls: limiting.SystemCallFilter) -> None:
        self.control = control
        self.calls = calls
        self.record = Record()
        self.child: int | None = None
        self.pidfd = -1
        self.allowed = 0
        self.exceeded = False

    def run(self) -> None:
        """Serve commands until the judge hangs up."""
        while True:
            wanted: list[Any] = [self.control] if self.child is None else [self.control, self.pidfd]
            ready, _, _ = select.select(wanted, [], [], _COUNT_SECONDS if self.allowed and self.child else None)
            if self.allowed and self.child is not None and len(_descendants(self.child)) > self.allowed:
                self.exceeded = True
                self._kill()
                continue
            if self.pidfd in ready and self.child is not None:
                self._reap()
            if self.control in ready:
                command = receive(self.control)
                if command is None:
                    self._kill()
                    return
                self._obey(*command)

    def _obey(self, message: dict[str, Any], fds: list[int]) -> None:
        if message["op"] == "branch":
            self._branch(message, fds[0])
        elif message["op"] == "start":
            self._start(message, *fds)
        elif message["op"] == "kill" and self.child is not None:
            self._kill()

    def _branch(self, message: dict[str, Any], fd: int) -> None:
        bans = [Ban.of(ban) for ban in message["bans"]]
        if message["eager"]:
            bring_in(bans)  # here, so that the next branch has them too
            gc.freeze()
        if os.fork() != 0:
            os.close(fd)
            return
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.control.close()
        self.control = socket.socket(fileno=fd)
        for text in message["probes"]:
            compile_probe(str(text))
        for name in message["modules"]:
            with contextlib.suppress(Exception):  # a submission that imports it is told
                importlib.import_module(str(name))
        take_away(bans, self.record, eager=bool(message["eager"]))
        limiting.prctl(limiting.PR_SET_CHILD_SUBREAPER, 1)
        gc.collect()
        gc.freeze()
        self.control.send(b'{"ready":true}')

    def _start(self, message: dict[str, Any], wire: int, output: int) -> None:
        pid = os.fork()
        if pid == 0:
            self._become_submission(message["limits"], wire, output)
        os.close(wire)
        os.close(output)
        self.child, self.allowed, self.exceeded = pid, int(message["limits"]["processes"]), False
        self.pidfd = os.pidfd_open(pid)

    def _become_submission(self, limits: dict[str, Any], wire: int, output: int) -> None:
        """Never returns."""
        status = 70
        try:
            self.control.close()
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.close(output)
            print_through_descriptors()
            os.setsid()
            limiting.set_rlimits(_beside_others(limits))
            self.calls.load(int(limits["processes"]))
            serve(Session(self.record, int(limits["reply_mb"]) << 20), wire, wire)
            status = 0
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
            os._exit(status)

    def _kill(self) -> None:
        if self.child is not None:
            os.kill(self.child, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        """Wait for the child, kill all that it left, empty the working folder, and report."""
        assert self.child is not None
        _, status, usage = os.wait4(self.child, 0)
        os.close(self.pidfd)
        self.child, self.pidfd = None, -1
        left = _kill_descendants()
        _empty(WORK)
        report = {
            "status": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime,
            "memory_mb": usage.ru_maxrss / 1024,
            "left": left,
            "too_many_processes": self.exceeded,
        }
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(report).encode())


def _beside_others(limits: dict[str, Any]) -> dict[str, Any]:
    """Limits that leave a submission its processes: the kernel counts the user's, and other branches are the same user."""
    if not limits["processes"]:
        return limits
    others = sum(name.isdigit() for name in os.listdir("/proc")) - 1
    return {**limits, "processes": int(limits["processes"]) + others}


def _kill_descendants() -> int:
    """Kill and reap every process that descends from this one; how many there were."""
    killed = 0
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] != 0:
                continue
        except ChildProcessError:
            return killed
        for pid in _descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed


def _descendants(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as stat:
                parents[int(name)] = int(stat.read().rpartition(b")")[2].split()[1])
    found: list[int] = []
    frontier = [root]
    while frontier:
        frontier = [pid for pid, parent in parents.items() if parent in frontier]
        found += frontier
    return found


def _empty(folder: str) -> None:
    """Remove all that is in a folder, however it was locked; deep trees come up level by level, so no path gets long."""
    os.chmod(folder, 0o700)
    names = (f"{folder}/{number}" for number in itertools.count())
    while entries := list(os.scandir(folder)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            for inner in os.scandir(entry.path):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)  # a folder that is moved is written to
                    os.rename(inner.path, next(name for name in names if not os.path.lexists(name)))
                else:
                    os.unlink(inner.path)
            os.rmdir(entry.path)


def _as_written(model: Any = None, **_options: Any) -> Any:
    """In the place of `torch.compile`, which would start a compiler: what is to be compiled, as it is."""
    return model if model is not None else lambda function: function


def main() -> None:
    """Entry of the warm process: file descriptor and libraries come as arguments."""
    control = socket.socket(fileno=int(sys.argv[1]))
    libraries, rehearse = sys.argv[2].split(","), sys.argv[3] == "1"
    calls = limiting.SystemCallFilter()
    preload(libraries, rehearse)
    if "torch" in sys.modules:
        sys.modules["torch"].compile = _as_written  # type: ignore[attr-defined]
    # What is loaded now stays: no collector of a fork looks through it, which would also copy its pages.
    gc.collect()
    gc.freeze()
    if rehearse:
        pages.collapse()
    _empty(WORK)
    limiting.prctl(limiting.PR_SET_DUMPABLE, 0)
    os.chdir(WORK)
    sys.argv = ["submission"]
    # Branches that end are nobody's news; as process 1 this one would have to bury them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.send(b'{"ready":true}')
    Warm(control, calls).run()
