"""Speaks with a student's process: encodes requests, decodes answers, keeps the time, notes what the answers were."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from grader.guest.decoding import Decoder
from grader.guest.encoding import Encoder
from grader.guest.frames import pack
from grader.guest.wire import MAX_CHANGED, MAX_LINES, MAX_MESSAGE, MAX_NAME, MAX_TYPES, Malformed
from grader.record import clean
from grader.record.limits import Limits
from grader.sandbox.contract import Ended, Process
from grader.testing.failure import Failure, StudentError

_REQUEST_BYTES = 1 << 30
_READ_SECONDS = 20.0
# What is remembered for diagnosis; honest answers of a whole course take less than a hundredth.
_KEPT_BYTES = 64 << 20
_NODE_BYTES = 100


class ForbiddenReached(Exception):
    """The graded call reached a call that the exercise forbids."""

    def __init__(self, ban: int, name: str, line: int | None) -> None:
        super().__init__(name)
        self.ban = ban
        self.name = name
        self.line = line


class Opened(Exception):
    """The submission loads a package whose forbidden calls have not been taken away, so it must start again."""

    def __init__(self, packages: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(packages)))
        self.packages = packages


@dataclass(frozen=True)
class Request:
    """What was asked, so that diagnosis can ask a known mistake the same: the message, and the bytes of its arrays."""

    message: dict[str, Any]
    buffers: list[bytes]


@dataclass(frozen=True)
class Event:
    """One request to a submission and what diagnosis compares of its answer.

    Attributes:
        kind: "value", "error", or "ended" where no answer came that can be compared, or none small enough to be kept.
        value: the value with the names of changed inputs, or the error's type and message.
        request: what was asked.
    """

    kind: str
    value: Any
    request: Request


@dataclass
class Answer:
    """A decoded answer.

    Attributes:
        value: of the call.
        tape, differentiable: its tensors that carry gradients.
        leaves: the tensors that were passed and ask for them.
        changed: the arguments that the call changed: their places from 0 on, or their names where they were passed by name.
    """

    value: Any
    tape: int | None = None
    changed: tuple[str, ...] = ()
    differentiable: dict[int, Any] = field(default_factory=dict)
    leaves: list[Any] = field(default_factory=list)


class Conversation:
    """Requests to one process on behalf of one exercise at a time.

    Parameters:
        process: the student's process.
        limits: of the exercise that is graded.
        closed: packages with whose import the process ends.

    Attributes:
        changed: the inputs that calls of the exercise have changed, in words.
        opened: that it did.
    """

    def __init__(self, process: Process, limits: Limits, closed: frozenset[str] = frozenset()) -> None:
        self.process = process
        self.limits = limits
        self.closed = closed
        self.opened: Opened | None = None
        self.deadline = time.monotonic() + limits.submission_seconds
        self.events: list[Event] = []
        self.changed: list[str] = []
        self.hits: list[ForbiddenReached] = []
        self.output = ""
        self._seed: int | None = None
        self._probes: dict[str, str] = {}
        self._room = _KEPT_BYTES

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
            Opened: it must start again.
            Ended: the process is gone.
        """
        encoder = Encoder(_REQUEST_BYTES, stand_in=stand_in)
        message = {"op": op, **fields, "args": encoder.tree(list(args)), "kwargs": encoder.tree(dict(kwargs))}
        answer = self._answered(message, encoder, self.limits.call_seconds * times, handles)
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
        value = self._answered(message, encoder, self.limits.call_seconds, None).value
        if not isinstance(value, dict):
            raise Ended("garbled", "an answer of unknown form")
        return value

    def _answered(self, message: dict[str, Any], encoder: Encoder, seconds: float, handles: Any) -> Answer:
        """Exchange and decode; what comes of it is kept as an event."""
        request = Request(message, encoder.buffers)
        before = len(self.events)
        try:
            return self._decode(*self._exchange(message, encoder, seconds), handles, request)
        except BaseException:
            if len(self.events) == before:
                self._keep("ended", None, request, 0)
            raise

    def _keep(self, kind: str, value: Any, request: Request, size: int) -> None:
        """Remember an event; where a submission's answers and what is made of them fill the room, only that there was one."""
        self._room -= size + sum(map(len, request.buffers))
        kept = Event(kind, value, request) if self._room >= 0 else Event("ended", None, Request({}, []))
        self.events.append(kept)

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
            if end.kind == "closed" and self.closed:
                self.opened = Opened(self.closed)
                raise self.opened from None
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

    def _decode(self, reply: dict[str, Any], arrays: memoryview, handles: Any, request: Request) -> Answer:
        self.raise_error(reply, request)
        decoder = Decoder(arrays, handle=handles)
        try:
            value, changed = value_of(reply, decoder)
            tape = reply.get("tape")
            if tape is not None and not isinstance(tape, int):
                raise Malformed("an answer of unknown form")
        except (Malformed, ValueError, TypeError, KeyError, RecursionError, RuntimeError, OverflowError) as error:
            raise Ended("garbled", f"an answer that cannot be read ({type(error).__name__})") from None
        self._keep("value", (value, changed), request, memoryview(arrays.obj).nbytes + _NODE_BYTES * decoder.nodes)
        return Answer(value, tape, changed, decoder.differentiable)

    def raise_error(self, reply: dict[str, Any], request: Request | None = None) -> None:
        """Raise what an answer says went wrong, if it does; where it answers a test's request, it is kept as an event."""
        if "too_large" in reply:
            told = f"the answer is too large: {str(reply['too_large'])[:200]}"
            raise Failure("type", told)
        if "error" not in reply:
            return
        error = student_error(reply["error"])
        if request is not None:
            self._keep("error", (error.name, error.message), request, len(error.message))
        if error.name == "TypeError" and not error.lines:
            raise Failure("signature", f"the call was refused: {error.message}")
        raise error


def value_of(reply: dict[str, Any], decoder: Decoder) -> tuple[Any, tuple[str, ...]]:
    """The value of an answer, and the names of the inputs that the call changed; `Malformed` where there is none."""
    if "value" not in reply:
        raise Malformed("an answer without a value")
    changed = reply.get("changed", [])
    if len(changed) > MAX_CHANGED:
        raise Malformed("more changed inputs than any call has")
    return decoder.value(reply["value"]), tuple(str(name)[:MAX_NAME] for name in changed)


def student_error(data: Any) -> StudentError:
    """The exception that an answer describes; `Ended` where it describes none."""
    try:
        lines = [(int(line), str(name)[:MAX_NAME]) for line, name in data["lines"][:MAX_LINES]]
        types = [clean(str(name)[:MAX_NAME]) for name in data["types"][:MAX_TYPES]]
        number = data.get("errno")
        return StudentError(types, clean(str(data["message"])[:MAX_MESSAGE]), lines, number if isinstance(number, int) else None)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise Ended("garbled", "an answer of unknown form") from None
