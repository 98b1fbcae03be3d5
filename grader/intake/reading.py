"""Turns what a student handed in into tasks: which exercise is taken from which file, and what became of every file."""

from __future__ import annotations

import difflib
import hashlib
import pickle
import re
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from grader.batch.task import Task
from grader.catalog.course import Exercise, by_entry
from grader.intake.archives import Refused
from grader.intake.gather import Handed, Left, Piece
from grader.intake.spool import Keep, in_memory
from grader.notebooks.assemble import Assembled, assemble_submission
from grader.notebooks.cells import MOST_BYTES, CodeCell, Unreadable, code_cells, notebook_of
from grader.notebooks.notes import Note, tell
from grader.notebooks.records import placed
from grader.notebooks.submitted import MOST_FILES
from grader.record import Outcome, Record, clean, unread_reason

_DEFINED = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)
_NOTHING = "the submission defines nothing of this name"


@dataclass(frozen=True, slots=True)
class Source:
    """One module of a student and what it answers; the module itself is set aside, for a class of thousands is held at once.

    Attributes:
        student: the id.
        exercises: that it answers.
        file: that it was made of.
        packed: gives the module with its places, and the notes on exercises.
        closed: why an exercise whose stub is untouched may have been handed in all the same; none where it cannot.
    """

    student: str
    exercises: tuple[str, ...]
    file: str
    packed: Callable[[], bytes]
    closed: tuple[str, ...] = ()

    @staticmethod
    def of(
        found: Submitted, exercises: tuple[str, ...], assembled: Assembled, notes: dict[str, tuple[str, ...]], keep: Keep
    ) -> Source:
        """Pack a module and set it aside."""
        packed = keep(zlib.compress(pickle.dumps((assembled, notes)), 1))
        return Source(found.student, exercises, assembled.file, packed, tuple(found.closed))

    def _unpacked(self) -> tuple[Assembled, dict[str, tuple[str, ...]]]:
        found: tuple[Assembled, dict[str, tuple[str, ...]]] = pickle.loads(zlib.decompress(self.packed()))  # our own bytes
        return found

    @property
    def task(self) -> Task:
        """What a worker is asked."""
        assembled, _ = self._unpacked()
        return Task(self.student, assembled.filename, assembled.source, self.exercises)

    def finished(self, record: Record) -> Record:
        """A worker's record with its lines told as the student sees them, and with what is to be said about the reading."""
        assembled, notes = self._unpacked()
        if record.outcome == "not_started" and self.closed:
            record = replace(record, outcome="grader_error", tests=(), reason=unread_reason(self.closed))
        told = placed(record, assembled)
        return replace(told, notes=(*told.notes, *map(clean, notes.get(record.exercise, ()))))

    def seal(self, exercise: str) -> str:
        """What changes with anything that `finished` adds."""
        assembled, notes = self._unpacked()
        parts = (assembled.places, notes.get(exercise), *([self.closed] if self.closed else []))
        return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a file: the exercises taken from it, or why there are none."""

    shown: str
    exercises: tuple[str, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Submitted:
    """A student's submission, read.

    Attributes:
        student: the id.
        sources: modules to judge.
        defined: exercises that some file defines.
        broken: exercises whose definition is no Python, with the reason.
        fates: of the files with code.
        closed: why an exercise that was not found may have been handed in all the same.
        notes: what there is to say about an exercise that no source answers.
    """

    student: str
    sources: list[Source] = field(default_factory=list)
    defined: frozenset[str] = frozenset()
    broken: dict[str, str] = field(default_factory=dict)
    fates: list[Fate] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def limited(self, names: Collection[str]) -> None:
        """Leave out what is not of the assignment."""
        kept = []
        for source in self.sources:
            chosen = tuple(name for name in source.exercises if name in names)
            if chosen:
                kept.append(replace(source, exercises=chosen))
        self.sources = kept

    def without_judging(self, exercises: Sequence[Exercise]) -> list[Record]:
        """Records of exercises that no source answers: not begun, no Python, or behind something that could not be opened."""
        served = {name for source in self.sources for name in source.exercises}
        records = []
        for exercise in exercises:
            if exercise.name in served:
                continue
            outcome: Outcome = "not_started"
            reason = self.broken.get(exercise.name)
            if reason is not None:
                outcome = "error"
            elif self.closed:
                outcome, reason = "grader_error", unread_reason(self.closed)
            told = clean(reason or _NOTHING)
            record = Record(exercise.name, self.student, outcome, 0, exercise.manifest.points, reason=told, notes=self.notes)
            records.append(record)
        return records


def read(
    handed: Handed, exercises: Sequence[Exercise], language: str, keep: Keep = in_memory
) -> tuple[Submitted, list[Left]]:
    """Read a student's files; nothing in them can make this fail. The second part is what could not be read.

    Parameters:
        handed: what the student handed in.
        exercises: to look for.
        language: of notes.
        keep: sets the modules aside.

    Raises:
        CourseError: two of the exercises ask for the same name.
    """
    reader = _Reader(handed, language)
    files = reader.files()
    names = by_entry(exercises)
    found = Submitted(handed.student, closed=[*handed.closed, *reader.closed])
    own = files[0][0].file if files else ""
    assembled = assemble_submission(files, list(names), f"{PurePosixPath(own).stem or 'submission'}.py")
    if files:
        found.defined = frozenset(names[entry] for each in assembled for entry in each.defined)
        for each in assembled:
            _add(found, each, names, own, language, keep)
    found.notes = tuple(reader.notes)
    for piece in reader.pieces:
        broken = [names[entry] for each in assembled if each.file == piece.name for entry in each.broken]
        # What a name that was perhaps meant is judged by is graded too.
        judged = [name for source in found.sources if source.file == piece.name for name in source.exercises]
        taken = tuple(dict.fromkeys([*broken, *judged]))
        found.fates.append(Fate(piece.file.shown, taken, "" if taken else _unused(piece.name in reader.with_code, found)))
    return found, reader.left


def _add(found: Submitted, each: Assembled, by_entry: dict[str, str], own: str, language: str, keep: Keep) -> None:
    """The source of one module; entries that its file does not define stay with it, for a name that was perhaps meant."""
    found.broken.update({by_entry[entry]: reason for entry, reason in each.broken.items()})
    names = tuple(
        by_entry[entry]
        for entry in each.entries
        if entry not in each.broken
        and (entry in each.defined or (not found.closed and _meant(entry, each.source, by_entry)))
    )
    notes: dict[str, tuple[str, ...]] = {}
    for entry in each.entries:
        sentences = [tell(_told(note, own), language) for note in each.notes if note.entry in (None, entry) and _worth(note, own)]
        notes[by_entry[entry]] = tuple(dict.fromkeys(sentences))
    if names and each.source:
        found.sources.append(Source.of(found, names, each, notes, keep))


def _worth(note: Note, own: str) -> bool:
    """Files have no names that were asked for, so it is only told where a solution lies apart from the first."""
    return note.kind != "other_file" or note.values.get("file") != own


def _told(note: Note, own: str) -> Note:
    return Note(note.kind, {**note.values, "own": own}) if note.kind == "other_file" else note


def _unused(code: bool, found: Submitted) -> str:
    if not code:
        return "holds no code"
    return "defines no exercise that is not taken from another file" if found.defined else "defines no exercise"


def _meant(entry: str, source: bytes, entries: Collection[str]) -> bool:
    """Whether a module that does not define an entry defines something that may be it, misspelt."""
    names = {name for name in _DEFINED.findall(source.decode("utf-8", "replace")) if name not in entries}
    return bool(difflib.get_close_matches(entry, names, 1, 0.7))


class _Reader:
    """Reads the files of one student; an archive with one damaged member is refused as a whole."""

    def __init__(self, handed: Handed, language: str) -> None:
        self.handed = handed
        self.language = language
        self.left: list[Left] = []
        self.closed: list[str] = []
        self.notes: list[str] = []
        self.pieces: list[Piece] = []
        self.with_code: set[str] = set()
        self.refused: set[str] = set()

    def files(self) -> list[list[CodeCell]]:
        """The code cells of the files that can be read."""
        read: list[tuple[Piece, list[CodeCell]]] = []
        names: set[str] = set()
        try:
            for piece in self.handed.pieces:
                piece = self._named_apart(piece, names)
                if len(read) >= MOST_FILES:
                    self._leave(piece, f"more than {MOST_FILES} files with code")
                    self.closed.append(f"more than {MOST_FILES} files with code")
                elif piece.zip not in self.refused and (cells := self._cells(piece)) is not None:
                    read.append((piece, cells))
        finally:
            for archive in self.handed.archives:
                archive.release()
        self.closed = list(dict.fromkeys(self.closed))
        kept = [(piece, cells) for piece, cells in read if piece.zip not in self.refused]
        self.pieces = [piece for piece, _ in kept]
        self.with_code = {piece.name for piece, cells in kept if cells}
        return [cells for _, cells in kept if cells]

    def _cells(self, piece: Piece) -> list[CodeCell] | None:
        try:
            data = piece.file.read(MOST_BYTES)
            return code_cells(notebook_of(data, piece.file.suffix == ".py"), piece.name)
        except Refused as error:
            if piece.zip:
                self.refused.add(piece.zip)
                self._leave(Piece(piece.zip, replace(piece.file, shown=piece.zip)), f"refused: {error}")
            else:
                self._leave(piece, f"refused: {error}")
            self.closed.append(f"{PurePosixPath(piece.zip or piece.name).name}: refused: {error}")
        except OSError as error:
            self._leave(piece, f"cannot be read: {error.strerror or error}")
            self.closed.append(f"{piece.name}: cannot be read: {error.strerror or error}")
        except Unreadable as error:
            self._leave(piece, str(error))
            if error.reason in ("too_large", "missing"):
                self.closed.append(f"{piece.name}: {error}")
            self.notes.append(clean(tell(Note("unreadable", {"file": piece.name, "reason": error.reason}), self.language)))
        return None

    def _leave(self, piece: Piece, reason: str) -> None:
        self.left.append(Left(piece.file.shown, reason, self.handed.student))

    def _named_apart(self, piece: Piece, names: set[str]) -> Piece:
        """Files of two folders or archives may have one name; what is told of them must differ."""
        name = piece.name if piece.name not in names else piece.file.shown
        names.add(name)
        return replace(piece, name=name)
