"""Sends frames to a student's process and collects its answers and its printed text, within time and size limits."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from typing import Any

from grader.guest.frames import HEAD, lengths, unpack
from grader.guest.wire import Malformed, TooLarge
from grader.record.limits import Limits
from grader.sandbox.contract import Ended

_CHUNK = 1 << 18
# Most answers fit, and the allocator hands out such a buffer without asking the kernel.
_READ = 1 << 16


class Printed:
    """Printed text of a submission: the first part is kept, the rest counted, too much ends the process."""

    def __init__(self, limits: Limits) -> None:
        self.keep = limits.output_kb << 10
        self.stop = limits.output_mb << 20
        self.total = 0
        self.kept = bytearray()
        self.cut = 0

    def add(self, data: bytes) -> bool:
        """Take printed bytes; False when the limit is passed."""
        self.total += len(data)
        room = max(0, self.keep - len(self.kept))
        self.kept += data[:room]
        self.cut += max(0, len(data) - room)
        return self.total <= self.stop

    def take(self) -> str:
        """What was printed since the last call."""
        text = self.kept.decode("utf-8", "backslashreplace")
        if self.cut:
            text += f"\n… {self.cut:,} more bytes of output"
        self.kept.clear()
        self.cut = 0
        return text


class Channel:
    """A stream socket for frames and a pipe for printed text.

    Parameters:
        wire: connected stream socket, owned by the channel.
        printed_fd: read end of the pipe, owned by the channel.
        limits: of the submission.
    """

    def __init__(self, wire: socket.socket, printed_fd: int, limits: Limits) -> None:
        self.wire = wire
        self.printed_fd = printed_fd
        self.limits = limits
        self.printed = Printed(limits)
        self.wire.setblocking(False)
        os.set_blocking(printed_fd, False)
        self.poll = select.poll()
        self.poll.register(wire, select.POLLIN)
        self.poll.register(printed_fd, select.POLLIN)

    def exchange(self, frame: bytes, seconds: float) -> tuple[dict[str, Any], memoryview]:
        """One request and its answer; raises `Ended` (with kind `died` where the process hung up)."""
        deadline = time.monotonic() + seconds
        pending = self._send(memoryview(frame))
        answer = bytearray()
        wanted: int | None = None
        text = 0
        while wanted is None or len(answer) < wanted:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Ended("call_seconds", f"the call took longer than {seconds:g} s")
            for descriptor, events in self.poll.poll(left * 1000):
                if descriptor == self.printed_fd:
                    self._take_printed()
                    continue
                if events & select.POLLOUT and pending:
                    pending = self._send(pending)
                if events & ~select.POLLOUT:
                    answer += self._receive()
            if wanted is None and len(answer) >= HEAD.size:
                text, wanted = self._wanted(answer)
        if len(answer) > wanted:
            raise Ended("garbled", "something else than the answer was written to the grader's channel")
        self._take_printed()
        body = memoryview(answer)[HEAD.size :]
        try:
            return unpack(body[:text]), body[text:]
        except Malformed as error:
            raise Ended("garbled", str(error)) from None

    def _wanted(self, answer: bytearray) -> tuple[int, int]:
        try:
            text, arrays = lengths(bytes(answer[: HEAD.size]), (self.limits.reply_mb + 32) << 20)
        except TooLarge as error:
            raise Ended("reply_mb", str(error)) from None
        except Malformed as error:
            raise Ended("garbled", str(error)) from None
        return text, HEAD.size + text + arrays

    def _send(self, pending: memoryview) -> memoryview:
        """Send what goes without waiting; what is left makes the poll watch for room."""
        try:
            while pending:
                pending = pending[self.wire.send(pending[:_CHUNK]) :]
        except BlockingIOError:
            self.poll.modify(self.wire, select.POLLIN | select.POLLOUT)
            return pending
        except OSError:
            raise Ended("died", "the process is gone") from None
        self.poll.modify(self.wire, select.POLLIN)
        return pending

    def _receive(self) -> bytes:
        try:
            data = self.wire.recv(_READ)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            raise Ended("died", "the process is gone")
        return data

    def _take_printed(self) -> None:
        for _ in range(64):
            try:
                data = os.read(self.printed_fd, _READ)
            except BlockingIOError:
                return
            if not data:
                with contextlib.suppress(KeyError):
                    self.poll.unregister(self.printed_fd)
                return
            if not self.printed.add(data):
                raise Ended("output_mb", f"printed more than {self.limits.output_mb} MB")

    def drain(self) -> None:
        """Take what was printed before the process ended."""
        try:
            self._take_printed()
        except Ended:
            return

    def hang_up(self) -> None:
        """From any thread: an exchange under way ends as if the process had gone."""
        with contextlib.suppress(OSError):  # it is closed already
            self.wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close both ends."""
        self.wire.close()
        os.close(self.printed_fd)
