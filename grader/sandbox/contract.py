"""The contract of every backend: what a process answers, how it ends, and which limits hold.

A backend starts a `Process` per submission. `Process.request` either returns the answer's message and arrays or
raises `Ended`; after `Ended` the process is dead and everything it started too. `Unavailable` is the only other exception and is
never the student's fault.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from grader.guest.loads import CLOSED
from grader.record.limits import BanSpec, Limits

Readiness = Literal["ready", "coming", "never"]
EndKind = Literal[
    "call_seconds", "submission_seconds", "cpu_seconds", "processes", "output_mb", "reply_mb", "closed", "died", "garbled"
]


@dataclass(frozen=True)
class Usage:
    """What a process used, where the backend can tell."""

    cpu_seconds: float = 0.0
    memory_mb: float = 0.0


class Unavailable(RuntimeError):
    """The backend cannot run here, or broke; ours to mend."""


class Ended(Exception):
    """The student's process is gone before it answered.

    Attributes:
        kind: the limit that ended it, `closed` for the import of a closed package, `died`, or `garbled` for an answer that is
            none.
        text: one sentence for the student.
    """

    def __init__(self, kind: EndKind, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text


class Process(Protocol):
    """One running submission."""

    def request(self, frame: bytes, seconds: float) -> tuple[dict[str, Any], memoryview]:
        """Send a frame, wait at most so long, return the answer's message and arrays; `Ended` otherwise."""

    def output(self) -> str:
        """What the student's code printed since the last call of this method, cut at the limit."""

    def interrupt(self) -> None:
        """From another thread: what is under way, and all that is asked later, ends with `Ended`; no effect after `close`."""

    def close(self) -> Usage:
        """End the process and everything it started; may be called twice."""


class Sandbox(Protocol):
    """A backend."""

    @property
    def name(self) -> str:
        """What records call it."""

    @property
    def isolated(self) -> bool:
        """Whether it is good enough for marks."""

    def start(self, bans: Sequence[BanSpec], limits: Limits, probes: Sequence[str] = ()) -> Process:
        """A new process with these calls taken away and these probe files ready; `Unavailable` where that fails."""

    def prepare(self, bans: Sequence[BanSpec], probes: Sequence[str] = (), modules: Sequence[str] = ()) -> Readiness:
        """Begin to make what a start with these needs, without waiting for it; `never` where nothing can be made before.

        Parameters:
            bans, probes: of the start.
            modules: that a submission is going to import; a start imports them itself where this was not called.
        """

    def close(self) -> None:
        """Release what the backend holds."""


def describe_exit(status: int, limits: Limits) -> tuple[EndKind, str]:
    """Why a process is gone, from its exit code (negative: the signal)."""
    if status == -getattr(signal, "SIGXCPU", 24):
        return "cpu_seconds", f"used more than {limits.cpu_seconds} s of processor time"
    told = f"the code ended the process itself (exit status {status}) before the call returned"
    if status == CLOSED:
        return "closed", told
    if status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = str(-status)
        known = {"SIGSEGV": "a memory error", "SIGABRT": "an abort", "SIGKILL": "a kill", "SIGBUS": "a memory error"}
        return "died", f"the process ended by {known.get(name, 'a signal')} ({name})"
    return "died", told
