"""One submission in a plain subprocess: frames over stdin and stdout, printed text over stderr, the limits the system offers."""

from __future__ import annotations

import contextlib
import os
import sys

from . import limits as limiting
from .forbid import Ban, take_away
from .hits import Record
from .serve import Closed, print_through_descriptors, read_message, serve
from .session import Session, preload


def main() -> None:
    """Entry of the subprocess: the first frame holds its configuration."""
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    print_through_descriptors()
    try:
        config, _ = read_message(incoming)
    except Closed:
        return
    limits = config["limits"]
    record = Record()
    preload(list(config["libraries"]), rehearse=False)
    bans = [Ban.of(ban) for ban in config["bans"]]
    take_away(bans, record, eager=bool(config["eager"]))
    if limiting.is_linux():
        with contextlib.suppress(OSError):
            limiting.prctl(limiting.PR_SET_DUMPABLE, 0)
    limiting.set_rlimits(limits)
    sys.argv = ["submission"]
    serve(Session(record, int(limits["reply_mb"]) << 20), incoming, outgoing)
