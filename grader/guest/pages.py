"""Lays memory on huge pages: a fork then copies one entry where it copied five hundred and twelve."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator

_HUGE = 2 << 20
_MADV_COLLAPSE = 25


def collapse() -> int:
    """Ask the kernel for huge pages under all anonymous memory that this process has written; how many there are now.

    Saves time only: a kernel before 6.1, another system, or too little memory leaves everything as it is.
    """
    if not sys.platform.startswith("linux"):
        return 0
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with contextlib.suppress(OSError):
        # One by one: a piece that holds nothing yet cannot be collapsed, and would end a longer request.
        return sum(madvise(place, _HUGE, _MADV_COLLAPSE) == 0 for place in list(_places()))
    return 0


def _places() -> Iterator[int]:
    """Addresses of the whole huge pages within the heap and other anonymous memory."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        for line in maps:
            limits, mode, *_, name = line.rstrip("\n").ljust(80).split(" ", 5)
            if mode == "rw-p" and name.strip() in ("", "[heap]"):
                start, end = (int(limit, 16) for limit in limits.split("-"))
                yield from range(-(-start // _HUGE) * _HUGE, end // _HUGE * _HUGE, _HUGE)
