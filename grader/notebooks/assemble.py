"""Makes one Python module of the code cells of a submission: what the exercises need, and nothing that only a demo needs."""

from __future__ import annotations

import ast
import difflib
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePath
from types import MappingProxyType

from grader.guest.loading import is_stub
from grader.notebooks.attempts import attempt, loadable
from grader.notebooks.cells import CodeCell
from grader.notebooks.modules import preamble
from grader.notebooks.notes import Note, Spot
from grader.notebooks.parsing import Broken, Parsed, parse
from grader.notebooks.slices import Slice
from grader.notebooks.slicing import Program
from grader.notebooks.statements import DEFINITIONS, Statement

_MOST_NOTES = 8
_MOST_RIVALS = 5
# What a kernel has and a module lacks; none of it matters for an answer.
_OF_KERNEL = {
    "display": "def display(*objects, **options): pass",
    "get_ipython": """def get_ipython():
    class ZMQInteractiveShell:
        def __getattr__(self, name): return lambda *given, **options: None
    return ZMQInteractiveShell()""",
}


@dataclass(frozen=True)
class Place:
    """A line of a submission: the file, the number of the cell and the line in it, both from 1."""

    file: str
    cell: int
    line: int


@dataclass(frozen=True)
class Assembled:
    """One module.

    Attributes:
        source: UTF-8.
        entries: that it serves.
        broken: of these, the ones whose definition is no Python, with the reason.
        notes: what should be known about it.
        filename: what messages call it.
        places: where its lines come from; None for lines that were added.
        file: that it was made of.
        defined: of the entries, the ones that this file defines, if only as a stub or in a cell that is no Python.
    """

    source: bytes
    entries: tuple[str, ...]
    broken: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    filename: str = ""
    places: tuple[Place | None, ...] = ()
    file: str = ""
    defined: frozenset[str] = frozenset()

    def place(self, line: int) -> Place | None:
        """Where a line of the module, counted from 1, stands in the submission."""
        return self.places[line - 1] if 0 < line <= len(self.places) else None


def assemble(cells: Sequence[CodeCell], entries: Sequence[str], filename: str) -> Assembled:
    """One module with all entries, from the cells of one file."""
    file = _File(cells, (), entries, _own(filename))
    notes = [*file.general_notes(), *file.notes_on(entries)]
    return file.assembled(entries, [file.slice(entry) for entry in entries], filename, notes)


def has_work(cells: Sequence[CodeCell], entry: str) -> bool:
    """Whether the cells of one file define an entry, and not only as an untouched stub or in what is no Python."""
    return _File(cells, (), (entry,), "").state(entry) == "done"


def assemble_submission(
    files: Sequence[Sequence[CodeCell]],
    entries: Sequence[str],
    filename: str,
    given: Sequence[CodeCell] = (),
    modules: Mapping[str, str] | None = None,
) -> list[Assembled]:
    """Modules that hold the entries of a submission, each entry in one of them.

    An entry comes from the first file that defines it and is no untouched stub; names of different files never mix. Entries
    share a module unless they need statements that may fail: these must not take the other exercises along.

    Parameters:
        files: the code cells of each file, in the order of their authority; the assignment's own notebook comes first.
        entries: names that the exercises need.
        filename: what messages call the modules; its stem is the assignment's name.
        given: cells of the released notebook, for helpers that were deleted.
        modules: texts of Python files that may be imported, by path; by default those among the files, by name.
    """
    if not entries:
        return []
    own = _own(filename)
    if modules is None:
        modules = {cells[0].file: cells[0].source for cells in files if cells and cells[0].file.endswith(".py")}
    read: list[_File] = []
    for cells in files:
        if cells and not (read and all(any(file.state(entry) == "done" for file in read) for entry in entries)):
            read.append(_File(cells, given, entries, own, modules))
    if not read:
        return [Assembled(b"", tuple(entries), {}, (Note("no_code"),), filename)]
    chosen: dict[int, list[str]] = {}
    for entry in entries:
        chosen.setdefault(_file_of(entry, read), []).append(entry)
    made: list[Assembled] = []
    for number, served in sorted(chosen.items()):
        made += _modules(read[number], served, filename, own)
    general = [note for number, file in enumerate(read) if number in chosen or number == 0 for note in file.general_notes()]
    rivals = [note for number, served in chosen.items() for note in _rivals(read[number], served, files)]
    made[0] = replace(made[0], notes=(*general, *made[0].notes, *rivals))
    return made


def _rivals(file: _File, entries: Sequence[str], files: Sequence[Sequence[CodeCell]]) -> Iterable[Note]:
    """For entries that are done in a file, the first other file in which they are done differently."""
    for entry in (entry for entry in entries if file.state(entry) == "done"):
        named = re.compile(rf"^\s*(?:(?:async\s+)?def|class)\s+{entry}\b|^{entry}\s*=", re.MULTILINE)
        others = (cells for cells in files if cells and cells[0].file != file.name and any(named.search(c.source) for c in cells))
        for cells in islice(others, _MOST_RIVALS):
            other = _File(cells, (), (entry,), "")
            if other.state(entry) == "done" and other.definition(entry) != file.definition(entry):
                yield Note("also_in", {"entry": entry, "file": file.name, "other": other.name})
                break


@functools.lru_cache(maxsize=2)  # all students of an assignment were given the same
def _released(cells: tuple[CodeCell, ...]) -> Parsed:
    return parse(cells)


def _own(filename: str) -> str:
    return PurePath(filename).stem + ".ipynb"


def _file_of(entry: str, files: Sequence[_File]) -> int:
    states = [file.state(entry) for file in files]
    for wanted in ("done", "broken", "stub"):
        if wanted in states:
            return states.index(wanted)
    return 0


def _modules(file: _File, entries: Sequence[str], filename: str, own: str) -> list[Assembled]:
    """The modules of one file: exercises that need the same risky statements share one."""
    groups: dict[frozenset[int], list[tuple[str, Slice]]] = {}
    for entry in entries:
        slice_ = file.slice(entry)
        groups.setdefault(frozenset(slice_.risky), []).append((entry, slice_))
    made = []
    for group in groups.values():
        served = [entry for entry, _ in group]
        notes = file.notes_on(served)
        if file.name != own:
            notes += [Note("other_file", {"entry": each, "file": file.name, "own": own}) for each in served if file.state(each)]
        made.append(file.assembled(served, [slice_ for _, slice_ in group], filename, notes))
    return made


def _asks_for_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))


class _File:
    """The program of one file, and what there is to say about its entries."""

    def __init__(
        self,
        cells: Sequence[CodeCell],
        given: Sequence[CodeCell],
        entries: Sequence[str],
        own: str,
        beside: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.cells = cells
        self.beside = beside
        self.name = cells[0].file if cells else ""
        self.own = own
        self.parsed: Parsed = parse(cells)
        helpers = [each for each in _released(tuple(given)).statements if not each.binds & set(entries)]
        self.program = Program(self.parsed.statements, helpers, entries)
        self._slices: dict[str, Slice] = {}

    # -- entries ---------------------------------------------------------------------------------------------------------------

    def state(self, entry: str) -> str | None:
        """Whether an entry is done, broken or a stub here; None where it is not defined."""
        live = self._live(entry)
        if live and not self._is_stub(entry, live):
            return "done"
        if any(entry in piece.names for piece in self.parsed.broken):
            return "broken"
        return "stub" if live else None

    def _live(self, entry: str) -> list[int]:
        return self.program.live(entry, self.program.end)

    def _is_stub(self, entry: str, numbers: Iterable[int]) -> bool:
        nodes = [self.program.statements[number].node for number in numbers]
        return is_stub(nodes, entry)

    def definition(self, entry: str) -> list[str]:
        """The lines that bind an entry, wherever they stand."""
        texts = [self.program.statements[number].text for number in self._live(entry)]
        return [line.rstrip() for text in texts for line in text.split("\n") if line.strip()]

    def slice(self, entry: str) -> Slice:
        """What an entry needs; where it is not defined, what the name needs that was perhaps meant."""
        if entry not in self._slices:
            wanted = [entry] if self._live(entry) else []
            if not wanted:
                defined = [name for name, numbers in self.program.binders.items() if self._is_definition(numbers[-1])]
                wanted = difflib.get_close_matches(entry, defined, 1, 0.7)
            self._slices[entry] = self.program.slice([] if self.state(entry) == "broken" else wanted)
        return self._slices[entry]

    def _is_definition(self, number: int) -> bool:
        return isinstance(self.program.statements[number].node, DEFINITIONS)

    # -- the module ------------------------------------------------------------------------------------------------------------

    def assembled(self, entries: Sequence[str], slices: Sequence[Slice], filename: str, notes: Sequence[Note]) -> Assembled:
        """The module of some slices."""
        whole = Slice()
        for each in slices:
            whole.join(each)
        lines: list[str] = []
        places: list[Place | None] = []

        def add(text: str, place: Place | None = None) -> None:
            for offset, line in enumerate(text.split("\n")):
                lines.append(line)
                places.append(Place(place.file, place.cell, place.line + offset) if place else None)

        order = [self.program.statements[number] for number in whole.order()]
        if self.parsed.future and order:
            add("from __future__ import annotations")
        if not self.name.endswith(".py") and any(_asks_for_main(statement.node) for statement in order):
            add('__name__ = "__main__"')
        for name in sorted(whole.missing & _OF_KERNEL.keys()):
            add(_OF_KERNEL[name])
        written = self.parsed.modules  # by the notebook itself, and so the newer ones
        files = {**written, **{path: text for path, text in self.beside.items() if path not in written}}
        made = preamble((statement.node for statement in order), files)
        if made:
            add(made)
        for number in whole.order():
            statement = self.program.statements[number]
            place = Place(statement.cell.file, statement.cell.number, statement.first_line)
            pieces = attempt(statement, whole.kept.get(number, ())) if number in whole.attempted else None
            if pieces is None:
                add(loadable(statement), place)
                continue
            for text, own in pieces:
                add(text, place if own else None)
        source = "".join(line + "\n" for line in lines).encode("utf-8", "replace")
        broken = {entry: self._reason(entry) for entry in entries if self.state(entry) == "broken"}
        defined = frozenset(entry for entry in entries if self.state(entry))
        return Assembled(source, tuple(entries), broken, tuple(notes), filename, tuple(places), self.name, defined)

    def _reason(self, entry: str) -> str:
        piece = self._broken_piece(entry)
        where = piece.cell.file if piece.cell.file.endswith(".py") else f"cell {piece.cell.number} of {piece.cell.file}"
        return f"{where}, line {piece.line}: not valid Python: {piece.message}"

    def _broken_piece(self, entry: str) -> Broken:
        return [piece for piece in self.parsed.broken if entry in piece.names][-1]

    # -- notes -----------------------------------------------------------------------------------------------------------------

    def general_notes(self) -> list[Note]:
        """What concerns the file as a whole."""
        notes = [Note("retyped_cell", {"place": self._spot(cell)}) for cell in self.cells if cell.kind == "retyped"]
        notes += [Note("joined", {"place": self._spot(cell), "last": self._spot(last)}) for cell, last in self.parsed.joined]
        for piece in self.parsed.broken:
            notes.append(Note("broken_cell", {"place": self._spot(piece.cell), "line": piece.line, "message": piece.message}))
        notes += [Note("too_long", {"place": self._spot(cell)}) for cell in self.parsed.too_long]
        return list(dict.fromkeys(notes))[:_MOST_NOTES]

    def notes_on(self, entries: Sequence[str]) -> list[Note]:
        """What concerns single entries."""
        return [note for entry in entries for note in self._notes_on(entry)][: _MOST_NOTES * len(entries)]

    def _notes_on(self, entry: str) -> Iterable[Note]:
        live = self._live(entry)
        if not live or self.state(entry) == "broken":
            return
        statements = self.program.statements
        last = statements[live[-1]]
        place = live[-1] - self.program.own.start
        later = [piece for piece in self.parsed.broken if entry in piece.names and piece.place > place]
        if later:
            places = {"place": self._spot(later[-1].cell), "earlier": self._spot(last.cell)}
            yield Note("later_broken", {"entry": entry, "message": later[-1].message, **places})
        chosen = self.slice(entry).chosen
        for number, earlier in self._second(entry, live, chosen):
            if not self._is_stub(entry, [number]):
                places = {"place": self._spot(last.cell), "earlier": self._spot(earlier.cell)}
                yield Note("stub_last" if self._is_stub(entry, live) else "two_definitions", {"entry": entry, **places})
        helpers = {name for number in chosen for name in statements[number].binds if self._is_definition(number)} - {entry}
        for name in sorted(helpers):
            kept = self.program.live(name, self.program.end)
            for _, earlier in self._second(name, kept, chosen):
                places = {"place": self._spot(statements[kept[-1]].cell), "earlier": self._spot(earlier.cell)}
                yield Note("helper_twice", {"entry": entry, "name": name, **places})

    def _second(self, name: str, live: Sequence[int], chosen: set[int]) -> Iterable[tuple[int, Statement]]:
        """The last binding of a name that no longer counts, if it stands in another cell and says something else."""
        dead = [number for number in self.program.binders.get(name, ()) if live and number < live[0] and number not in chosen]
        if dead:
            earlier, last = self.program.statements[dead[-1]], self.program.statements[live[-1]]
            if earlier.cell.number != last.cell.number and earlier.text != last.text:
                yield dead[-1], earlier

    def _spot(self, cell: CodeCell) -> Spot:
        file = "" if cell.file == self.own else cell.file
        return Spot(0 if cell.file.endswith(".py") else cell.number, file)
