"""Speaks with a student's process: encodes requests, decodes answers, keeps the time, notes what the answers were."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from grader.guest.decoding import Decoder
from grader.guest.encoding import Encoder
from grader.guest.frames import pack
from grader.guest.wire import Malformed
from grader.record import clean
from grader.record.limits import Limits
from grader.sandbox.contract import Ended, Process
from grader.testing.failure import Failure, StudentError

_REQUEST_BYTES = 1 << 30
_READ_SECONDS = 20.0


class ForbiddenReached(Exception):
    """The graded call reached a call that the exercise forbids."""

    def __init__(self, ban: int, name: str, line: int | None) -> None:
        super().__init__(name)
        self.ban = ban
        self.name = name
        self.line = line


@dataclass(frozen=True)
class Event:
    """One answer of a submission, as diagnosis compares it: its kind ("value", "error") and what came."""

    kind: str
    value: Any


@dataclass
class Answer:
    """A decoded answer: its value, its tensors that carry gradients, and the tensors that were passed and ask for them."""

    value: Any
    tape: int | None = None
    differentiable: dict[int, Any] = field(default_factory=dict)
    leaves: list[Any] = field(default_factory=list)


class Conversation:
    """Requests to one process on behalf of one exercise at a time.

    Parameters:
        process: the student's process.
        limits: of the exercise that is graded.

    Attributes:
        watch: called after each answer with the answers of the test so far; what it raises ends the test.
    """

    def __init__(self, process: Process, limits: Limits) -> None:
        self.process = process
        self.limits = limits
        self.deadline = time.monotonic() + limits.submission_seconds
        self.events: list[Event] = []
        self.changed: list[str] = []
        self.hits: list[ForbiddenReached] = []
        self.output = ""
        self.watch: Callable[[list[Event]], None] | None = None
        self._seed: int | None = None
        self._probes: dict[str, str] = {}

    def begin(self, limits: Limits) -> None:
        """Another exercise begins: its limits and its time count from here."""
        self.limits = limits
        self.deadline = time.monotonic() + limits.submission_seconds
        self.changed = []

    def begin_test(self, seed: int) -> None:
        """A test begins; its seed travels with the first request."""
        self.events, self.hits, self.output = [], [], ""
        self._seed = seed

    def ask(self, op: str, seconds: float | None = None, **fields: Any) -> tuple[dict[str, Any], memoryview]:
        """A request without values of the test; the raw answer."""
        encoder = Encoder(_REQUEST_BYTES)
        message = {"op": op, **{key: encoder.tree(v) if isinstance(v, bytes) else v for key, v in fields.items()}}
        return self._exchange(message, encoder, seconds or _READ_SECONDS)

    def call(
        self, op: str, args: Any, kwargs: Any, handles: Any = None, stand_in: Any = None, times: int = 1, **fields: Any
    ) -> Answer:
        """A request that runs the student's code with values of the test; its decoded answer.

        Parameters:
            op, args, kwargs, fields: of the request.
            handles: see `Decoder`.
            stand_in: see `Encoder`.
            times: how many calls the request makes; each has the time of one.

        Raises:
            StudentError: the code raised.
            ForbiddenReached: it reached a forbidden call.
            Ended: the process is gone.
        """
        encoder = Encoder(_REQUEST_BYTES, stand_in=stand_in)
        message = {"op": op, **fields, "args": encoder.tree(list(args)), "kwargs": encoder.tree(dict(kwargs))}
        reply, arrays = self._exchange(message, encoder, self.limits.call_seconds * times)
        answer = self._decode(reply, arrays, handles)
        answer.leaves = encoder.differentiable
        return answer

    def probe(self, text: str) -> dict[str, Any]:
        """How a request names a probe file: by its key, and with its text the first time."""
        key = self._probes.get(text)
        if key is not None:
            return {"probe": key}
        self._probes[text] = str(len(self._probes))
        return {"probe": self._probes[text], "source": text}

    def backward(self, tape: int, upstream: list[Any]) -> dict[str, Any]:
        """Gradients of an earlier answer, by name of leaf (its number) or parameter (".name")."""
        encoder = Encoder(_REQUEST_BYTES)
        message = {"op": "backward", "tape": tape, "upstream": encoder.tree(upstream)}
        reply, arrays = self._exchange(message, encoder, self.limits.call_seconds)
        value = self._decode(reply, arrays, None).value
        if not isinstance(value, dict):
            raise Ended("garbled", "an answer of unknown form")
        return value

    def _exchange(self, message: dict[str, Any], encoder: Encoder, seconds: float) -> tuple[dict[str, Any], memoryview]:
        left = self.deadline - time.monotonic()
        if left <= 0:
            self.process.close()
            raise self._out_of_time()
        if self._seed is not None:
            message["seed"], self._seed = self._seed, None
        try:
            reply, arrays = self.process.request(pack(message, encoder.buffers), min(seconds, left))
        except Ended as end:
            if end.kind == "call_seconds" and left < seconds:
                raise self._out_of_time() from None
            raise
        finally:
            self.output += self.process.output()
        self._note_hits(reply)
        return reply, arrays

    def _out_of_time(self) -> Ended:
        return Ended("submission_seconds", f"all calls together took longer than {self.limits.submission_seconds:g} s")

    def _note_hits(self, reply: dict[str, Any]) -> None:
        hits = reply.get("hits", [])
        if not isinstance(hits, list):
            raise Ended("garbled", "an answer of unknown form")
        for hit in hits[:20]:
            if not (isinstance(hit, list) and len(hit) == 3 and type(hit[0]) is int and hit[0] >= 0):
                raise Ended("garbled", "an answer of unknown form")
            self.hits.append(ForbiddenReached(hit[0], clean(str(hit[1])[:200]), hit[2] if isinstance(hit[2], int) else None))
        if self.hits:
            raise self.hits[0]

    def _decode(self, reply: dict[str, Any], arrays: memoryview, handles: Any) -> Answer:
        self.raise_error(reply)
        decoder = Decoder(arrays, handle=handles)
        try:
            if "value" not in reply:
                raise Malformed("an answer without a value")
            value = decoder.value(reply["value"])
            changed = [str(name) for name in reply.get("changed", [])]
            tape = reply.get("tape")
            if tape is not None and not isinstance(tape, int):
                raise Malformed("an answer of unknown form")
        except (Malformed, ValueError, TypeError, KeyError, RecursionError, RuntimeError, OverflowError) as error:
            raise Ended("garbled", f"an answer that cannot be read ({type(error).__name__})") from None
        self.changed += changed
        self._note(Event("value", (value, tuple(changed))))
        return Answer(value, tape, decoder.differentiable)

    def _note(self, event: Event) -> None:
        self.events.append(event)
        if self.watch is not None:
            self.watch(self.events)

    def raise_error(self, reply: dict[str, Any]) -> None:
        """Raise what an answer says went wrong, if it does."""
        if "too_large" in reply:
            told = f"the answer is too large: {str(reply['too_large'])[:200]}"
            raise Failure("type", told)
        if "error" not in reply:
            return
        error = _student_error(reply["error"])
        self._note(Event("error", (error.name, error.message)))
        if error.name == "TypeError" and not error.lines:
            raise Failure("signature", f"the call was refused: {error.message}")
        raise error


def _student_error(data: Any) -> StudentError:
    try:
        lines = [(int(line), str(name)) for line, name in data["lines"]]
        types = [clean(str(name)) for name in data["types"]]
        number = data.get("errno")
        return StudentError(types, clean(str(data["message"])), lines, number if isinstance(number, int) else None)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Ended("garbled", "an answer of unknown form") from None
