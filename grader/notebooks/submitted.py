"""Finds the files of a submitted folder that may hold code, and what in it may hold more and is not looked into."""

from __future__ import annotations

import contextlib
import filecmp
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.notebooks.cells import Unreadable, read_notebook
from grader.notebooks.notes import Note

MOST_FILES = 40  # with code, of one submission
MOST_LOOKED_AT = 20_000  # of one submission
_MOST_MODULES = 200  # that may be imported
_LARGEST_MODULE = 200_000  # bytes
CODE = (".ipynb", ".py")
# May hold the answer.
PACKED = re.compile(r"(?i).+\.(?:zip|rar|7z|tgz|tar(?:\.(?:gz|bz2|xz|zst))?)")
SKIPPED_FOLDERS = frozenset({"__pycache__", "__MACOSX", "node_modules", "site-packages"})


@dataclass
class Files:
    """What a submitted folder holds.

    Attributes:
        code: the files that may hold code, in the order of their authority.
        closed: what was not looked into, and may hold the answer: nothing may be called missing.
    """

    code: list[Path] = field(default_factory=list)
    closed: list[Note] = field(default_factory=list)


def submission_files(folder: Path, assignment: str, given: Path | None = None) -> Files:
    """The files of one student's submitted folder.

    The assignment's own notebook, other notebooks (those that are named after it first, then by depth and name), Python
    files. Links are not followed, checkpoints and hidden folders not looked into.

    Parameters:
        folder: what the student handed in.
        assignment: its name.
        given: the folder that students were given: what is still as it lies there is nobody's answer and counts as nothing.
    """

    def rank(path: Path) -> tuple[Any, ...]:
        parts = path.relative_to(folder).parts
        stem, kind = path.stem, path.suffix.lower()
        own = 0 if stem == assignment else 1 if assignment.casefold() in stem.casefold() else 2
        top = own == 0 and len(parts) == 1 and path.suffix == ".ipynb"
        return (kind != ".ipynb", not top, own, len(parts), [part.casefold() for part in parts], parts)

    found = Files()
    own = Path(f"{assignment}.ipynb")
    for path in _walk(folder, found.closed):
        inner = path.relative_to(folder)
        if inner != own and given is not None and _as_given(path, given / inner):
            continue
        if path.suffix.lower() in CODE:
            found.code.append(path)
        else:
            found.closed.append(Note("packed", {"file": str(inner)}))
    found.code.sort(key=rank)
    if len(found.code) > MOST_FILES:
        found.closed.append(Note("too_many", {"most": MOST_FILES}))
        del found.code[MOST_FILES:]
    return found


def modules_beside(folder: Path, given: Path | None = None) -> dict[str, str]:
    """Texts of the Python files of a submission, by path, for cells that import them; what was given out stands in for the rest.

    Parameters:
        folder: what the student handed in.
        given: the folder that students were given.
    """
    found: dict[str, str] = {}
    for place in (folder, given) if given is not None else (folder,):
        paths = [path for path in _walk(place, []) if path.suffix.lower() == ".py" and path.stat().st_size <= _LARGEST_MODULE]
        for path in sorted(paths, key=lambda path: (len(path.parts), path))[:_MOST_MODULES]:
            with contextlib.suppress(Unreadable):
                text = "".join(cell.source for cell in read_notebook(path).cells if cell.kind == "code")
                found.setdefault(path.relative_to(place).as_posix(), text)
    return found


def _walk(folder: Path, closed: list[Note]) -> Iterator[Path]:
    """Ordinary files with code, and archives."""
    seen = 0
    for place, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        seen += len(folders) + len(files)
        for name in sorted(files):
            path = Path(place) / name
            wanted = path.suffix.lower() in CODE or PACKED.fullmatch(name)
            if wanted and not name.startswith(".") and _ordinary(path):
                yield path
        if seen > MOST_LOOKED_AT:
            closed.append(Note("too_many", {"most": MOST_LOOKED_AT}))
            return


def _ordinary(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _as_given(path: Path, given: Path) -> bool:
    try:
        return _ordinary(given) and filecmp.cmp(path, given, shallow=False)
    except OSError:
        return False
