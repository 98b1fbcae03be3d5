"""The new version of a file beside the one that a student has changed: its name, and the note what is new in it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from grader.bundle.ledger import digest, read
from grader.locales import tr

_MOST_LINES = 60


def beside_path(root: Path, path: str, ours: Callable[[str], bool], wanted: str) -> str:
    """The path of the new version: `name.new.py`, or `name.new2.py` where a student has written in the former.

    Parameters:
        root: the student's folder.
        path: of the file that stays.
        ours: whether a hash is that of a file of ours, which may be replaced.
        wanted: hash of what is to lie there.
    """
    name = PurePosixPath(path)
    number = 1
    while True:
        new = str(name.with_name(f"{name.stem}.new{number if number > 1 else ''}{name.suffix}"))
        there = read(root / new) if not (root / new).is_dir() else b""
        if there is None or digest(there) == wanted or (there and ours(digest(there))):
            return new
        number += 1


def with_note(path: str, old: bytes | None, new: bytes) -> bytes:
    """The new version with a comment at its top that shows the lines that have changed; as it is where that cannot be told.

    Parameters:
        path: of the file.
        old: as it was handed out before.
        new: as it is handed out now.
    """
    if old is None or not path.endswith(".py"):
        return new
    try:
        before, after = old.decode("utf-8").splitlines(), new.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return new
    found = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]
    told = [line for line in found if not line.startswith("@@")]
    shown = [*told[:_MOST_LINES], *(["…"] if len(told) > _MOST_LINES else [])]
    first = tr(
        "New version of {name}; yours is untouched. What the course has changed in it:", name=PurePosixPath(path).name
    )
    head = [first, *shown]
    return "".join(f"# {line}".rstrip() + "\n" for line in head).encode() + b"\n" + new
