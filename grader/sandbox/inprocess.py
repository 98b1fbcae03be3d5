"""The backend without a process: a student's quick look, a debugger, our own solutions during diagnosis; never for marks."""

from __future__ import annotations

import contextlib
import io
import pdb
import types
from collections.abc import Sequence
from typing import Any

from grader.guest.frames import HEAD, unpack
from grader.guest.hits import Record
from grader.guest.session import Session
from grader.record.limits import BanSpec, Limits
from grader.sandbox.contract import Readiness, Usage


class InProcess:
    """A session called directly, over the same frames.

    Parameters:
        limits: only the size of answers is kept to.
        show: let the code print where it likes (a debugger needs the terminal); otherwise printed text is collected.
        held: a module that is loaded already.
    """

    def __init__(self, limits: Limits, show: bool, held: types.ModuleType | None = None) -> None:
        self.session = Session(Record(), limits.reply_mb << 20, held=held)
        self.show = show
        self.printed = io.StringIO()

    def request(self, frame: bytes, seconds: float) -> tuple[dict[str, Any], memoryview]:
        """See `Process.request`."""
        text, _ = HEAD.unpack(frame[: HEAD.size])[1:]
        body = memoryview(frame)[HEAD.size :]
        with contextlib.ExitStack() as stack:
            if not self.show:
                stack.enter_context(contextlib.redirect_stdout(self.printed))
                stack.enter_context(contextlib.redirect_stderr(self.printed))
            answer = self.session.answer(unpack(body[:text]), body[text:])
        text, _ = HEAD.unpack(answer[: HEAD.size])[1:]
        body = memoryview(answer)[HEAD.size :]
        return unpack(body[:text]), body[text:]

    def output(self) -> str:
        """See `Process.output`."""
        text = self.printed.getvalue()
        self.printed = io.StringIO()
        return text

    def step(self) -> None:
        """Open the debugger: where the last call raised, else at the first line of the last call, run again."""
        if self.session.last_error is not None:
            pdb.post_mortem(self.session.last_error.__traceback__)
        elif self.session.last_call is not None:
            function, args, kwargs = self.session.last_call
            pdb.runcall(function, *args, **kwargs)

    def interrupt(self) -> None:
        """Nothing: a call in this very process cannot be ended from outside."""

    def close(self) -> Usage:
        """See `Process.close`."""
        return Usage()


class InProcessSandbox:
    """The in-process backend.

    Parameters:
        show: see `InProcess`.
    """

    name = "in-process"
    isolated = False

    def __init__(self, show: bool = False) -> None:
        self.show = show

    def start(self, bans: Sequence[BanSpec], limits: Limits, probes: Sequence[str] = ()) -> InProcess:
        """See `Sandbox.start`; forbidden calls stay, because taking them away cannot be undone in this process."""
        return InProcess(limits, self.show)

    def prepare(self, bans: Sequence[BanSpec], probes: Sequence[str] = (), modules: Sequence[str] = ()) -> Readiness:
        """See `Sandbox.prepare`; this process is what it is."""
        return "never"

    def close(self) -> None:
        """Nothing to release."""
