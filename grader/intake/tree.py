"""Folders on disk and zips as one kind of tree, so that what is found in either is told by the same rules."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from grader.intake.archives import Allowance, Archive, Member, Refused, nested
from grader.record import clean

MOST_ZIP = 512 << 20  # of a zip in a zip, which is held in memory


@dataclass(frozen=True)
class File:
    """A file, not read yet.

    Attributes:
        name: its own.
        shown: where it lies, for people.
        read: its bytes, if they are not more than so many; `Refused` or `OSError` otherwise.
        archived: opens it as a zip, with an allowance.
    """

    name: str
    shown: str
    read: Callable[[int], bytes]
    archived: Callable[[Allowance], Archive]
    depth: int = 0

    @property
    def suffix(self) -> str:
        """The ending of its name in small letters, with the dot."""
        return os.path.splitext(self.name)[1].lower()


@dataclass(frozen=True)
class Folder:
    """A folder; `entries` looks into it, sorted by name, and raises `OSError` where it may not."""

    name: str
    shown: str
    entries: Callable[[], Sequence[Entry]]


@dataclass(frozen=True)
class Odd:
    """What is neither: a link, a pipe, a device; `unknown` where it may be anything."""

    name: str
    shown: str
    reason: str
    unknown: bool = False


Entry = File | Folder | Odd


def on_disk(path: Path, shown: str) -> Entry:
    """What lies at a path, shown by this name; links are not followed."""
    name = clean(path.name)
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return Odd(name, shown, f"cannot be looked at: {error.strerror}", unknown=True)
    if stat.S_ISLNK(mode):
        return Odd(name, shown, "a link; links are not followed")
    if stat.S_ISDIR(mode):
        return Folder(name, shown, lambda: _listed(path, shown))
    if not stat.S_ISREG(mode):
        return Odd(name, shown, "no ordinary file")
    return File(name, shown, lambda most: _bytes(path, most), lambda allowance: _archive(path, allowance))


def unpacked(file: File, allowance: Allowance) -> tuple[Folder, Archive]:
    """A zip as a folder.

    Raises:
        Refused: it must not be read; the text says why.
        OSError: it cannot be read.
    """
    archive = file.archived(allowance)
    members = [(member.path.parts, member) for member in archive.members]
    return _folder(file.name, file.shown, archive, members, file.depth + 1), archive


def below(shown: str, name: str) -> str:
    """How something in a folder is shown; what lies at the top is shown by its name alone."""
    return f"{shown}/{clean(name)}" if shown else clean(name)


def _listed(path: Path, shown: str) -> list[Entry]:
    with os.scandir(path) as found:
        names = sorted(entry.name for entry in found)
    return [on_disk(path / name, below(shown, name)) for name in names]


def _opened(path: Path) -> BinaryIO:
    # A pipe put in the place of the file meanwhile would make an ordinary open wait for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb")


def _bytes(path: Path, most: int) -> bytes:
    with _opened(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Refused(f"larger than {most >> 20} MB")
    return data


def _archive(path: Path, allowance: Allowance) -> Archive:
    return Archive(lambda: _opened(path), path.stat().st_size, allowance)


def _folder(name: str, shown: str, archive: Archive, members: list[tuple[tuple[str, ...], Member]], depth: int) -> Folder:
    """The part of an archive's tree that these members make, told by the rest of their paths."""

    def entries() -> list[Entry]:
        deeper: dict[str, list[tuple[tuple[str, ...], Member]]] = {}
        files: list[Entry] = []
        for parts, member in members:
            if len(parts) == 1:
                files.append(_member(below(shown, parts[0]), archive, member, depth))
            else:
                deeper.setdefault(parts[0], []).append((parts[1:], member))
        folders = [_folder(clean(part), below(shown, part), archive, rest, depth) for part, rest in deeper.items()]
        return sorted([*files, *folders], key=lambda entry: entry.name)

    return Folder(name, shown, entries)


def _member(shown: str, archive: Archive, member: Member, depth: int) -> File:
    return File(
        clean(member.path.name),
        shown,
        lambda most: archive.read(member, most),
        lambda allowance: nested(archive, member, allowance, depth, MOST_ZIP),
        depth,
    )


