"""The backend for marks: a warm process inside bubblewrap that forks once per submission."""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.record.limits import BanSpec, Limits
from grader.sandbox import bubblewrap
from grader.sandbox.channel import Channel
from grader.sandbox.contract import Ended, Readiness, Unavailable, Usage, describe_exit

_START_SECONDS = 120.0
_END_SECONDS = 15.0
_MOST_BRANCHES = 32  # of about 8 MB each, with torch
Key = tuple[tuple[BanSpec, ...], tuple[str, ...]]


def _send(control: socket.socket, message: dict[str, Any], fds: Sequence[int] = ()) -> None:
    data = json.dumps(message).encode()
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    try:
        control.sendmsg([data], ancillary)
    except OSError as error:
        raise Unavailable(f"the sandbox's warm process is gone ({error.strerror})") from None


def _receive(control: socket.socket, seconds: float) -> dict[str, Any] | None:
    """One report, or None when time is up; `Unavailable` when the warm process is gone."""
    ready, _, _ = select.select([control], [], [], seconds)
    if not ready:
        return None
    try:
        data = control.recv(1 << 16)
    except OSError:
        data = b""
    if not data:
        raise Unavailable("the sandbox's warm process ended")
    message: dict[str, Any] = json.loads(data)
    return message


def _speaks(control: socket.socket) -> bool:
    """Whether there is something to be received, if only that the other end is gone."""
    return bool(select.select([control], [], [], 0)[0])


class WarmProcess:
    """One forked submission."""

    def __init__(self, control: socket.socket, channel: Channel, limits: Limits) -> None:
        self.control = control
        self.channel = channel
        self.limits = limits
        self.usage: Usage | None = None
        self.status = 0
        self.too_many_processes = False
        self.interrupted = False

    def request(self, frame: bytes, seconds: float) -> tuple[dict[str, Any], memoryview]:
        """See `Process.request`."""
        if self.usage is not None:
            raise Ended("died", "the process has ended")
        try:
            return self.channel.exchange(frame, seconds)
        except Ended as end:
            if end.kind != "died":
                # The code has ended so, whatever becomes of its process; a broken backend is the next start's business.
                with contextlib.suppress(Unavailable):
                    self.close()
                raise
            self._collect(kill_after=0.0 if self.interrupted else 1.0)
            if self.too_many_processes:
                raise Ended("processes", f"started more than {self.limits.processes} processes") from None
            raise Ended(*describe_exit(self.status, self.limits)) from None

    def output(self) -> str:
        """See `Process.output`."""
        return self.channel.printed.take()

    def interrupt(self) -> None:
        """See `Process.interrupt`."""
        self.interrupted = True
        self.channel.hang_up()

    def close(self) -> Usage:
        """See `Process.close`."""
        if self.usage is None:
            self._collect(kill_after=0.0)
        assert self.usage is not None
        return self.usage

    def _collect(self, kill_after: float) -> None:
        """Wait for the exit report, killing the process if it does not come by itself."""
        try:
            report = _receive(self.control, kill_after) if kill_after else None
            if report is None:
                _send(self.control, {"op": "kill"})
                report = _receive(self.control, _END_SECONDS)
            if report is None:
                raise Unavailable("the sandbox's warm process does not answer")
        except Unavailable:
            self.usage = Usage()
            self.channel.close()
            self.control.close()  # a report that comes late must not be taken for the next process's
            raise
        self.status = int(report["status"])
        self.too_many_processes = report["too_many_processes"] is True
        self.usage = Usage(float(report["cpu"]), float(report["memory_mb"]))
        self.channel.drain()
        self.channel.close()


class WarmSandbox:
    """Bubblewrap, seccomp and rlimits around a process that has imported what submissions need.

    Parameters:
        libraries: imported once, e.g. `("numpy", "torch")`.
        hidden: folders of the course, never visible inside.
        eager: take forbidden calls away in modules that nothing has imported yet, by importing them (what marks need),
            and go through a submission before the first.
        launched: a warm process that was started for this before, with the same libraries, folders and eagerness.
        most: how many sets of forbidden calls are held ready at once, the last used ones; each costs some megabytes.
    """

    name = "bubblewrap"
    isolated = True

    def __init__(
        self,
        libraries: Sequence[str],
        hidden: Sequence[Path] = (),
        eager: bool = True,
        launched: bubblewrap.Launched | None = None,
        most: int = _MOST_BRANCHES,
    ) -> None:
        program = bubblewrap.find()
        if program is None:
            raise Unavailable(
                "bubblewrap is not installed (Debian and Ubuntu: apt-get install bubblewrap); `grader doctor` tells more"
            )
        self.program = program
        self.libraries = list(libraries)
        self.hidden = list(hidden)
        self.eager = eager
        self.most = most
        self._adopt(launched or self._launch())

    def _launch(self) -> bubblewrap.Launched:
        return bubblewrap.launch(self.program, self.libraries, self.hidden, self.eager)

    def _adopt(self, launched: bubblewrap.Launched) -> None:
        self.launched = launched
        self.process, self.control = launched.process, launched.control
        self.ready = False
        self.branches: dict[Key, socket.socket] = {}
        self._imported: dict[Key, set[str]] = {}
        self._coming: dict[Key, tuple[socket.socket, set[str]]] = {}
        self._started: dict[Key, WarmProcess] = {}

    def _wait(self, control: socket.socket) -> None:
        try:
            answer = _receive(control, _START_SECONDS)
        except Unavailable:
            raise Unavailable(f"the sandbox did not start: {self._complaint()}") from None
        if answer is None:
            raise Unavailable(f"the sandbox did not start within {_START_SECONDS:g} s")

    def _complaint(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        self.launched.errors.seek(0)
        lines = self.launched.errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def prepare(self, bans: Sequence[BanSpec], probes: Sequence[str] = (), modules: Sequence[str] = ()) -> Readiness:
        """See `Sandbox.prepare`; a warm process that has died is left to the next start."""
        key = (tuple(bans), tuple(probes))
        try:
            if not self.ready:
                if not _speaks(self.control):
                    return "coming"
                self._wait_until_ready()
            if self._lacks(key, modules):
                self._ask_for(key, modules)
                if self._runs(key) or not _speaks(self._coming[key][0]):
                    return "coming"
                self._take_over(key)
                return "coming" if self._lacks(key, modules) else "ready"
        except Unavailable:
            return "never"
        return "ready"

    def _lacks(self, key: Key, modules: Sequence[str]) -> bool:
        return key not in self.branches or not set(modules) <= self._imported[key]

    def _branch(self, key: Key) -> socket.socket:
        if not self.ready:
            self._wait_until_ready()
        if key not in self.branches:
            self._ask_for(key)
            self._take_over(key)
        self.branches[key] = self.branches.pop(key)  # the last used one is the last in the row
        return self.branches[key]

    def _wait_until_ready(self) -> None:
        self._wait(self.control)
        self.ready = True

    def _ask_for(self, key: Key, modules: Sequence[str] = ()) -> None:
        """Let a branch be made, if that has not been asked for; one that is there serves until then."""
        if key in self._coming:
            return
        bans, probes = key
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        message = {
            "op": "branch",
            "bans": [ban.as_dict() for ban in bans],
            "eager": self.eager,
            "probes": probes,
            "modules": list(modules),
        }
        try:
            _send(self.control, message, [theirs.fileno()])
        except Unavailable:
            ours.close()
            raise
        finally:
            theirs.close()
        self._coming[key] = ours, set(modules)

    def _take_over(self, key: Key) -> None:
        """Wait for a branch that was asked for, and end the one that was not used for longest where there are too many."""
        control, modules = self._coming[key]
        self._wait(control)
        del self._coming[key]
        if key in self.branches:
            self._drop(key)
        self.branches[key], self._imported[key] = control, modules
        idle = [each for each in self.branches if each != key and not self._runs(each)]
        if len(self.branches) > self.most and idle:
            self._drop(idle[0])

    def _drop(self, key: Key) -> None:
        self.branches.pop(key).close()
        self._started.pop(key, None)
        del self._imported[key]

    def _runs(self, key: Key) -> bool:
        return key in self._started and self._started[key].usage is None

    def start(self, bans: Sequence[BanSpec], limits: Limits, probes: Sequence[str] = ()) -> WarmProcess:
        """See `Sandbox.start`; a warm process that has died is replaced."""
        try:
            return self._start(tuple(bans), limits, tuple(probes))
        except Unavailable:
            if not self.ready:
                raise
        self.close()
        self._adopt(self._launch())
        return self._start(tuple(bans), limits, tuple(probes))

    def _start(self, bans: tuple[BanSpec, ...], limits: Limits, probes: tuple[str, ...]) -> WarmProcess:
        control = self._branch((bans, probes))
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        try:
            _send(control, {"op": "start", "limits": limits.as_dict()}, [theirs.fileno(), write])
        except Unavailable:
            ours.close()
            os.close(read)
            raise
        finally:
            theirs.close()
            os.close(write)
        self._started[bans, probes] = WarmProcess(control, Channel(ours, read, limits), limits)
        return self._started[bans, probes]

    def close(self) -> None:
        """End the warm process; the kernel takes everything inside its namespace along."""
        for control in (*self.branches.values(), *(control for control, _ in self._coming.values())):
            control.close()
        self.launched.end()
