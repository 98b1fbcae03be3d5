"""Reads requests from a socket or a pair of pipes and writes the session's answers."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any

from .frames import HEAD, lengths, unpack
from .session import Session


class Closed(Exception):
    """The judge has hung up."""


def print_through_descriptors() -> None:
    """Connect Python's streams to the file descriptors 0, 1 and 2, in an encoding that can say everything."""
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    out, err = (io.BufferedWriter(io.FileIO(number, "w", closefd=False)) for number in (1, 2))
    sys.stdout = io.TextIOWrapper(out, encoding="utf-8", errors="backslashreplace")
    sys.stderr = io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _read_exactly(fd: int, size: int) -> bytearray:
    data = bytearray()
    while len(data) < size:
        part = os.read(fd, min(size - len(data), 1 << 20))
        if not part:
            raise Closed
        data += part
    return data


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def read_message(fd: int) -> tuple[dict[str, Any], memoryview]:
    """One request and its arrays; `Closed` when there are no more."""
    text, arrays = lengths(bytes(_read_exactly(fd, HEAD.size)), 1 << 40)
    body = memoryview(_read_exactly(fd, text + arrays))
    return unpack(body[:text]), body[text:]


def serve(session: Session, incoming: int, outgoing: int) -> None:
    """Answer requests until the judge hangs up."""
    while True:
        try:
            message, arrays = read_message(incoming)
        except Closed:
            return
        frame = session.answer(message, arrays)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # the student may have put anything in their place
                stream.flush()
        _write_all(outgoing, frame)
