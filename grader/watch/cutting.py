"""A sandbox whose run can be cut short from another thread, because the file was saved again."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from grader.record.limits import BanSpec, Limits
from grader.sandbox.contract import Ended, Process, Readiness, Sandbox, Usage


class Cut(BaseException):
    """The run is not wanted any more; no `Exception`, so that it is nobody's verdict."""


class CuttableSandbox:
    """Starts processes of another sandbox, and ends them when they are not wanted any more.

    Parameters:
        inner: where they run.
    """

    def __init__(self, inner: Sandbox) -> None:
        self.inner = inner
        self.is_cut = False
        self._lock = threading.Lock()
        self._process: Process | None = None

    @property
    def name(self) -> str:
        """Of the one inside."""
        return self.inner.name

    @property
    def isolated(self) -> bool:
        """Of the one inside."""
        return self.inner.isolated

    def begin(self) -> None:
        """A new run begins, which nobody has cut yet."""
        self.is_cut = False

    def cut(self) -> None:
        """From any thread: end the run."""
        with self._lock:
            self.is_cut = True
            if self._process is not None:
                self._process.interrupt()

    def start(self, bans: Sequence[BanSpec], limits: Limits, probes: Sequence[str] = ()) -> Process:
        """See `Sandbox.start`."""
        self.go_on()
        process = self.inner.start(bans, limits, probes)
        self._hold(process)
        if self.is_cut:
            process.close()
            raise Cut
        return _CuttableProcess(process, self)

    def prepare(self, bans: Sequence[BanSpec], probes: Sequence[str] = (), modules: Sequence[str] = ()) -> Readiness:
        """See `Sandbox.prepare`; there is nothing to cut, for nobody waits."""
        return self.inner.prepare(bans, probes, modules)

    def go_on(self) -> None:
        """Raise `Cut` where the run has been cut."""
        if self.is_cut:
            raise Cut

    def close(self) -> None:
        """See `Sandbox.close`."""
        self.inner.close()

    def _hold(self, process: Process | None) -> None:
        with self._lock:
            self._process = process


class _CuttableProcess:
    """A process of a run; what ends it is told as `Cut` if that was us."""

    def __init__(self, inner: Process, sandbox: CuttableSandbox) -> None:
        self.inner = inner
        self.sandbox = sandbox

    def request(self, frame: bytes, seconds: float) -> tuple[dict[str, Any], memoryview]:
        """See `Process.request`."""
        self.sandbox.go_on()
        try:
            answer = self.inner.request(frame, seconds)
        except Ended:
            self.sandbox.go_on()
            raise
        self.sandbox.go_on()
        return answer

    def output(self) -> str:
        """See `Process.output`."""
        return self.inner.output()

    def interrupt(self) -> None:
        """See `Process.interrupt`."""
        self.inner.interrupt()

    def close(self) -> Usage:
        """See `Process.close`."""
        self.sandbox._hold(None)
        return self.inner.close()
