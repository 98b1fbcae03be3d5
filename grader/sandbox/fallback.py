"""The best protection there is for a check: the sandbox, or a plain subprocess where the machine turns out to refuse it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.record.limits import BanSpec, Limits
from grader.sandbox.contract import Process, Readiness, Sandbox, Unavailable


class FallbackSandbox:
    """Starts submissions in one sandbox until it proves unavailable at the first, then in another.

    Parameters:
        first: the better one.
        second: the one that always works. Never for marks: nothing asks the instructor.
    """

    def __init__(self, first: Sandbox, second: Sandbox) -> None:
        self.current = first
        self.second: Sandbox | None = second

    @property
    def name(self) -> str:
        """Of the one in force."""
        return self.current.name

    @property
    def isolated(self) -> bool:
        """Of the one in force."""
        return self.current.isolated

    def start(self, bans: Sequence[BanSpec], limits: Limits, probes: Sequence[str] = ()) -> Process:
        """See `Sandbox.start`."""
        try:
            process = self.current.start(bans, limits, probes)
        except Unavailable:
            if self.second is None:
                raise
            self.current.close()
            self.current, self.second = self.second, None
            return self.current.start(bans, limits, probes)
        self.second = None
        return process

    def prepare(self, bans: Sequence[BanSpec], probes: Sequence[str] = (), modules: Sequence[str] = ()) -> Readiness:
        """See `Sandbox.prepare`."""
        return self.current.prepare(bans, probes, modules)

    def close(self) -> None:
        """End the one in force."""
        self.current.close()
