"""What a reason says where not everything that was handed in could be read: neither the code's fault nor a failure of ours."""

from __future__ import annotations

from collections.abc import Iterable

from grader.record.model import Record, clean

_BEGIN = "not found, and not everything that was handed in could be read: "
_BETWEEN = " · "


def unread_reason(pieces: Iterable[str]) -> str:
    """The reason of a record with the outcome `grader_error`.

    Parameters:
        pieces: each a file, and why it could not be read.
    """
    return clean(_BEGIN + _BETWEEN.join(dict.fromkeys(pieces)))


def unread(record: Record) -> tuple[str, ...]:
    """The files that could not be read and may hold the exercise, each with why; none where the record tells something else."""
    if record.outcome != "grader_error" or not (record.reason or "").startswith(_BEGIN):
        return ()
    return tuple((record.reason or "").removeprefix(_BEGIN).split(_BETWEEN))
