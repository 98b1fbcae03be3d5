"""What several rooms share: a warm sandbox that is started once, and a way to talk to a submission."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from grader.grading.conversation import Conversation
from grader.record.limits import BanSpec, Limits
from grader.sandbox.contract import Process, Sandbox, Unavailable
from grader.sandbox.warm import WarmSandbox

REPOSITORY = Path(__file__).resolve().parents[1]
# Wall clock is the subject of few tests, and the machine may be busy.
PATIENT = Limits(call_seconds=90.0, submission_seconds=300.0)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmSandbox]:
    """The sandbox that marks are given in."""
    sandbox = WarmSandbox(["numpy", "torch"], [REPOSITORY])
    yield sandbox
    sandbox.close()


class Talk:
    """A loaded submission and the conversation with it."""

    def __init__(self, process: Process, limits: Limits) -> None:
        self.process = process
        self.conversation = Conversation(process, limits)
        self.facts: dict[str, Any] = {}
        self.loaded: dict[str, Any] = {}

    def load(self, source: bytes, entries: Sequence[str]) -> None:
        """Read and execute a source."""
        self.facts = self._checked("read", filename="submission.py", source=source, entries=list(entries))
        self.loaded = self._checked("load", seed=1, entries=list(entries))

    def _checked(self, op: str, **fields: Any) -> dict[str, Any]:
        reply, _ = self.conversation.ask(op, seconds=self.conversation.limits.call_seconds, **fields)
        self.conversation.raise_error(reply)
        return reply

    def call(self, *args: Any, name: str = "f", **kwargs: Any) -> Any:
        """Call a name of the submission."""
        return self.conversation.call("call", args, kwargs, name=name).value

    def poll(self) -> str:
        """What it has printed so far, also after its last answer."""
        self.conversation.output += self.process.output()
        return self.conversation.output

    @property
    def output(self) -> str:
        """What it had printed when it last answered."""
        return self.conversation.output


Submit = Callable[..., Talk]


@pytest.fixture
def submit() -> Iterator[Submit]:
    """Start a process on a sandbox and load a source in it; closed when the test ends."""
    opened: list[tuple[Sandbox, Talk]] = []

    def end(sandbox: Sandbox) -> None:
        for where, talk in opened:
            if where is sandbox:
                with contextlib.suppress(Unavailable):
                    talk.process.close()

    def start(
        sandbox: Sandbox, source: str, limits: Limits = PATIENT, bans: Sequence[BanSpec] = (), entries: Sequence[str] = ("f",)
    ) -> Talk:
        end(sandbox)  # a sandbox serves one submission at a time
        talk = Talk(sandbox.start(bans, limits), limits)
        opened.append((sandbox, talk))
        talk.load(dedent(source).encode(), entries)
        return talk

    yield start
    for sandbox, _ in opened:
        end(sandbox)
