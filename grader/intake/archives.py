"""Reads zips that strangers made: in memory, member by member, and not at all where one shows bad faith or damage."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

MOST_DEPTH = 3
MOST_MEMBERS = 20_000
MOST_TOTAL = 4 << 30
MOST_RATIO = 250
_RATIO_COUNTS_FROM = 8 << 20  # small texts of one letter are no bombs
_MOST_DIRECTORY = 8 << 20
_END = struct.Struct("<4s4H2LH")
_DRIVE = re.compile(r"[A-Za-z]:")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Refused(Exception):
    """A zip, or a member of one, that is not read; the text says why."""


@dataclass
class Allowance:
    """What the archives of one submission may still hold, together."""

    members: int = MOST_MEMBERS
    total: int = MOST_TOTAL


@dataclass(frozen=True)
class Member:
    """A file in a zip: its path with its name in the archive, and its size when unpacked."""

    path: PurePosixPath
    size: int
    info: zipfile.ZipInfo


class Archive:
    """A zip whose directory was found in order; nothing is ever written to disk.

    Parameters:
        opened: opens its bytes; called again after `release`.
        size: of the zip, in bytes.
        allowance: what it may hold; reduced by what it does hold.

    Raises:
        Refused: its directory shows that it must not be unpacked.
        OSError: the file itself cannot be read.
    """

    def __init__(self, opened: Callable[[], BinaryIO], size: int, allowance: Allowance) -> None:
        self._opened = opened
        self._size = size
        self._zip: zipfile.ZipFile | None = None
        self._file: BinaryIO | None = None
        try:
            self._check_end()
            self.members = self._checked(allowance)
        finally:
            self.release()

    def release(self) -> None:
        """Close the file until the next `read`."""
        if self._zip is not None:
            self._zip.close()
            self._zip = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, member: Member, most: int) -> bytes:
        """A member's bytes.

        Raises:
            Refused: it is longer than `most` or than it says, or it is damaged.
            OSError: the file cannot be read.
        """
        if member.size > most:
            raise Refused(f"`{member.path}` is larger than {most >> 20} MB")
        try:
            with self._archive().open(member.info) as file:
                data = file.read(member.size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise Refused(f"`{member.path}` is damaged: {_plain(error)}") from None
        if len(data) != member.size:
            raise Refused(f"`{member.path}` is not as long as the zip says")
        return data

    def _archive(self) -> zipfile.ZipFile:
        if self._zip is None:
            self._file = self._opened()
            try:
                self._zip = zipfile.ZipFile(self._file)
            except (zipfile.BadZipFile, ValueError, struct.error, UnicodeError, NotImplementedError) as error:
                raise Refused(f"this is no zip that can be read: {_plain(error)}") from None
        return self._zip

    def _check_end(self) -> None:
        """The size of the directory, before anything reads it whole."""
        with self._opened() as file:
            file.seek(max(0, self._size - _END.size - 65_535))
            tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) - at < _END.size:
            raise Refused("this is no zip that can be read: its end is missing")
        _, _, _, _, count, length, offset, _ = _END.unpack_from(tail, at)
        if count == 0xFFFF or 0xFFFFFFFF in (length, offset):
            raise Refused("it is too large for a plain zip; unpack it, and name the folder")
        if length > _MOST_DIRECTORY:
            raise Refused(f"it holds more than {MOST_MEMBERS} files")

    def _checked(self, allowance: Allowance) -> list[Member]:
        infos = self._archive().infolist()
        allowance.members -= len(infos)
        if allowance.members < 0:
            raise Refused(f"it holds more than {MOST_MEMBERS} files")
        if sum(info.compress_size for info in infos) > self._size:
            raise Refused("its members overlap, as in a zip bomb")
        found: list[Member] = []
        seen: set[str] = set()
        for info in infos:
            path = _path_of(info)
            name = unicodedata.normalize("NFC", str(path))
            if name in seen:
                raise Refused(f"it holds `{path}` twice")
            seen.add(name)
            if not info.is_dir():
                found.append(Member(path, info.file_size, info))
        allowance.total -= sum(member.size for member in found)
        if allowance.total < 0:
            raise Refused(f"it would be larger than {MOST_TOTAL >> 30} GB when unpacked")
        return found


def nested(archive: Archive, member: Member, allowance: Allowance, depth: int, most: int) -> Archive:
    """A zip in a zip; `Refused` as for any, and where it lies too deep.

    Parameters:
        depth: how many zips it lies in.
        most: its largest size, in bytes.
    """
    if depth >= MOST_DEPTH:
        raise Refused(f"zips lie in it more than {MOST_DEPTH} deep")
    return Archive(lambda: io.BytesIO(archive.read(member, most)), member.size, allowance)


def _path_of(info: zipfile.ZipInfo) -> PurePosixPath:
    """A member's path; `Refused` where it could lead out of a folder, or is no ordinary file."""
    written = info.orig_filename
    shown = written.encode("utf-8", "replace").decode()[:80]
    plain = written.replace("\\", "/")
    if "\0" in written:
        raise Refused(f"a name in it holds a null byte: {shown!r}")
    if plain.startswith("/"):
        raise Refused(f"it holds an absolute path: `{shown}`")
    if _DRIVE.match(plain):
        raise Refused(f"it holds a path with a drive letter: `{shown}`")
    if ".." in plain.split("/"):
        raise Refused(f"it holds a path that leads out of it: `{shown}`")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise Refused(f"it holds a link: `{shown}`")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(f"it holds something that is no file: `{shown}`")
    if info.flag_bits & 0x41:
        raise Refused("it is encrypted")
    if info.compress_type not in _METHODS:
        raise Refused(f"`{shown}` is packed in a way that is not read; pack it again as an ordinary zip")
    if info.file_size > _RATIO_COUNTS_FROM and info.file_size > MOST_RATIO * max(1, info.compress_size):
        raise Refused(f"`{shown}` would grow more than {MOST_RATIO} times, as in a zip bomb")
    path = PurePosixPath(plain)
    if not path.parts:
        raise Refused("it holds a file without a name")
    return path


def _plain(error: BaseException) -> str:
    return str(error)[:120] or type(error).__name__
