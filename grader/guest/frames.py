"""Frames on the wire: a fixed head (magic, length of the JSON, length of the arrays), the JSON, the arrays end to end."""

from __future__ import annotations

import json
import struct
from typing import Any

from .wire import Malformed, TooLarge

HEAD = struct.Struct("!4sIQ")
MAGIC = b"GRW1"
MAX_JSON = 4 << 20

_scan = json.JSONDecoder().raw_decode
_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def pack(message: dict[str, Any], buffers: list[bytes]) -> bytes:
    """One frame of a JSON message and its arrays."""
    text = _to_json(message).encode("ascii")
    if len(text) > MAX_JSON:
        raise TooLarge(f"{len(text):,} bytes of structure and text, the limit is {MAX_JSON:,}")
    return b"".join([HEAD.pack(MAGIC, len(text), sum(map(len, buffers))), text, *buffers])


def lengths(head: bytes, limit: int) -> tuple[int, int]:
    """Lengths of the JSON and the arrays that follow a head; `Malformed` for a bad head, `TooLarge` beyond the limit."""
    magic, text, blob = HEAD.unpack(head)
    if magic != MAGIC:
        raise Malformed("something else than an answer was written to the wire")
    if text > MAX_JSON or text + blob > limit:
        raise TooLarge(f"an answer of {text + blob:,} bytes, the limit is {limit:,}")
    return text, blob


def unpack(text: bytes | memoryview) -> dict[str, Any]:
    """The JSON message of a frame; `Malformed` where it is broken."""
    try:
        message, end = _scan(str(text, "ascii"))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"an answer that cannot be read: {type(error).__name__}") from None
    if not isinstance(message, dict) or end != len(text):
        raise Malformed("an answer that is no message")
    return message
