"""Walks through what was handed in: every file ends with a student, or in the list of what was left and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.catalog.problems import CourseError
from grader.intake.archives import Allowance, Archive, Refused
from grader.intake.students import Named, by_name, by_pattern, by_platform, not_of_canvas
from grader.intake.tree import Entry, File, Folder, Odd, on_disk, unpacked
from grader.notebooks.submitted import CODE, MOST_LOOKED_AT, PACKED, SKIPPED_FOLDERS

PRIVATE = ".grader"
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A notebook or Python file of a student.

    Attributes:
        name: its path in the submission.
        file: where to read it.
        zip: the student's own archive that it lies in; empty where it lies in none.
    """

    name: str
    file: File
    zip: str = ""


@dataclass(frozen=True)
class Left:
    """What is not graded, and why; of no student where it could not be told."""

    shown: str
    reason: str
    student: str = ""


@dataclass(slots=True)
class Handed:
    """What one student handed in.

    Attributes:
        student: the id.
        rules: how the id was found.
        places: the files, folders and zips that are the student's.
        pieces: files with code, in the order of their authority once all are found.
        archives: that they lie in, to be released after reading.
        closed: what could not be looked into, and may hold anything: nothing may be called missing.
    """

    student: str
    rules: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    archives: list[Archive] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Let go of the files, once they are read; a class of thousands is held at once."""
        self.pieces, self.archives = [], []


@dataclass
class Gathered:
    """A class as it was handed in.

    Attributes:
        students: by their ids.
        left: what is not graded, and why.
        wrapping: zips that hold many students.
    """

    students: list[Handed]
    left: list[Left]
    wrapping: list[Archive] = field(default_factory=list)

    def release(self) -> None:
        """Close what was opened for reading."""
        for archive in self.wrapping:
            archive.release()


def gather(place: Path, pattern: re.Pattern[str] | None = None) -> Gathered:
    """Everything under a folder, or in a zip.

    Parameters:
        place: a folder, or the zip that a learning platform hands out.
        pattern: an instructor's own rule for student's ids, on the path below `place`.

    Raises:
        CourseError: there is nothing there that could be looked into.
    """
    return _Walk(pattern).all(place)


class _Walk:
    def __init__(self, pattern: re.Pattern[str] | None) -> None:
        self.pattern = pattern
        self.students: dict[str, Handed] = {}
        self.left: list[Left] = []
        self.wrapping: list[Archive] = []
        self.shut: list[tuple[str, str]] = []
        self.looked_at = 0

    def all(self, place: Path) -> Gathered:
        try:
            top = on_disk(place.resolve(strict=True), "")
            if isinstance(top, File):
                top = self._opened(top)
            if isinstance(top, Odd):
                raise CourseError(f"{place}: {top.reason}")
            entries = [entry for entry in top.entries() if entry.name != PRIVATE]
        except OSError as error:
            raise CourseError(f"{place}: cannot be looked into: {error.strerror or error}") from None
        except Refused as reason:
            raise CourseError(f"{place}: not unpacked: {reason}") from None
        if self.pattern is not None:
            self._by_pattern(entries, self.pattern)
        else:
            self._class(self._inner(entries))
        for handed in self.students.values():
            handed.pieces.sort(key=_authority)
        found = sorted(self.students.values(), key=lambda handed: handed.student)
        gathered = Gathered(found, self.left, self.wrapping)
        gathered.release()
        return gathered

    def _opened(self, file: File) -> Folder:
        folder, archive = unpacked(file, Allowance())
        self.wrapping.append(archive)
        return folder

    # -- who -------------------------------------------------------------------------------------------------------------------

    def _inner(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Where one zip or folder wraps the whole class, what is in it; a zip among others is a student's, whatever it holds."""
        seen = [entry for entry in entries if not _hidden(entry.name)]
        if len(seen) != 1 or isinstance(seen[0], Odd) or by_platform(seen[0].name):
            return entries
        try:
            if isinstance(seen[0], Folder):
                inside = seen[0].entries()
            elif seen[0].suffix == ".zip":
                inside = self._opened(seen[0]).entries()
            else:
                return entries
        except (OSError, Refused):
            return entries  # told when it is looked into as a student's
        shown = [entry for entry in inside if not _hidden(entry.name)]
        wrapped = [entry for entry in shown if isinstance(entry, Folder) or (isinstance(entry, File) and entry.suffix == ".zip")]
        code = any(isinstance(entry, File) and entry.suffix in CODE for entry in shown)
        if any(by_platform(entry.name) for entry in shown) or (len(wrapped) > 1 and not code):
            self.left += [_left(entry) for entry in entries if entry is not seen[0]]
            return inside
        return self._inner(inside) if len(wrapped) == len(shown) == 1 and inside else entries

    def _class(self, entries: Sequence[Entry]) -> None:
        plain = not_of_canvas(entry.name for entry in entries)
        for entry in entries:
            if _hidden(entry.name) or isinstance(entry, Odd):
                self.left.append(_left(entry))
                continue
            named = by_platform(entry.name) if entry.name not in plain else None
            if named is None and isinstance(entry, Folder):
                named = by_name(entry.name, "folder")
            if named is None and isinstance(entry, File):
                named = _by_file(entry)
            if named is None:
                self.left.append(_left(entry))
                continue
            handed = self._student(named, entry.shown)
            self.looked_at = 0
            self._collect(handed, entry, named.rest if isinstance(entry, File) else "", "", Allowance())

    def _by_pattern(self, entries: Sequence[Entry], pattern: re.Pattern[str]) -> None:
        """Every file by itself, wherever it lies."""
        everything = Handed("")
        for entry in entries:
            if _hidden(entry.name):
                self.left.append(_left(entry))
            else:
                self.looked_at = 0
                self._collect(everything, entry, "", "", Allowance())
        self.left = [Left(left.shown, left.reason) for left in self.left]
        for piece in everything.pieces:
            named = by_pattern(pattern, piece.file.shown)
            if named is None:
                self.left.append(Left(piece.file.shown, "does not fit --student-pattern"))
                continue
            handed = self._student(named, piece.file.shown)
            handed.pieces.append(piece)
            handed.archives = everything.archives
        self._shut_by_pattern(pattern)

    def _shut_by_pattern(self, pattern: re.Pattern[str]) -> None:
        """What could not be looked into is its student's; where the rule names nobody, it may hold anybody's work."""
        named = [(by_pattern(pattern, shown), shown, told) for shown, told in self.shut]
        for own, shown, told in named:
            if own is not None:
                self._student(own, shown).closed.append(told)
        for own, _, told in named:
            if own is None:
                for handed in self.students.values():
                    handed.closed.append(told)

    def _student(self, named: Named, shown: str) -> Handed:
        handed = self.students.setdefault(named.student, Handed(named.student))
        if named.rule not in handed.rules:
            handed.rules.append(named.rule)
        handed.places.append(shown)
        return handed

    # -- what ------------------------------------------------------------------------------------------------------------------

    def _collect(self, handed: Handed, entry: Entry, name: str, zip_: str, allowance: Allowance, depth: int = 0) -> None:
        """Add what an entry holds to a submission, under this name."""
        name = name or entry.name
        self.looked_at += 1
        if isinstance(entry, Odd) and entry.unknown:
            self._close(handed, entry, entry.reason)
        elif isinstance(entry, Odd) or (depth and _hidden(entry.name)):
            self.left.append(_left(entry, handed.student))
        elif self.looked_at > MOST_LOOKED_AT or depth > _DEEPEST:
            self._close(handed, entry, "too many files, or folders nested too deeply, to look at them all")
        elif isinstance(entry, Folder):
            for child, below in self._children(handed, entry):
                self._collect(handed, child, f"{name}/{below}" if depth else below, zip_, allowance, depth + 1)
        elif entry.suffix == ".zip":
            try:
                folder, archive = unpacked(entry, allowance)
            except (Refused, OSError) as error:
                self._close(handed, entry, f"not unpacked: {error.strerror if isinstance(error, OSError) else error}")
                return
            handed.archives.append(archive)
            self._collect(handed, folder, name if depth else "", zip_ or entry.shown, allowance, depth)
            archive.release()
        elif entry.suffix in CODE:
            handed.pieces.append(Piece(name, entry, zip_))
        elif PACKED.fullmatch(entry.name):
            self._close(handed, entry, "packed in a way that is not read; unpack it, or pack it as a zip")
        else:
            self.left.append(_left(entry, handed.student))

    def _children(self, handed: Handed, folder: Folder) -> Iterator[tuple[Entry, str]]:
        try:
            children = folder.entries()
        except OSError as error:
            self._close(handed, folder, f"cannot be looked into: {error.strerror}")
            return
        for child in children:
            yield child, child.name

    def _close(self, handed: Handed, entry: Entry, reason: str) -> None:
        told = f"{entry.name}: {reason}"
        handed.closed.append(told)
        self.shut.append((entry.shown, told))
        self.left.append(Left(entry.shown, reason, handed.student))


def _hidden(name: str) -> bool:
    return name.startswith(".") or name in SKIPPED_FOLDERS


def _by_file(file: File) -> Named | None:
    """The student whose whole submission a file is; None where it can hold no code."""
    if file.suffix in CODE:
        return by_name(file.name[: -len(file.suffix)], "file")
    if file.suffix == ".zip":
        return by_name(file.name[: -len(file.suffix)], "zip")
    if PACKED.fullmatch(file.name):
        return by_name(re.sub(r"(?i)\.tar$", "", file.name[: -len(file.suffix)]), "archive")
    return None


def _left(entry: Entry, student: str = "") -> Left:
    if isinstance(entry, Odd):
        reason = entry.reason
    elif _hidden(entry.name):
        reason = "hidden, or made by a program; not looked into"
    else:
        reason = "neither a notebook, a Python file nor a zip"
    return Left(entry.shown, reason, student)


def _authority(piece: Piece) -> tuple[bool, int, str, str]:
    """Notebooks before Python files, outer before inner, then by name."""
    return (piece.file.suffix != ".ipynb", piece.name.count("/"), piece.name.casefold(), piece.name)
