"""Plans an upgrade of a student's folder: what is as it was handed out is replaced, what the student wrote is left alone.

The plan follows from the folder and the new bundle alone, so an interrupted upgrade is finished by planning again. What an
interrupted one has begun to bring is noted in a journal: its files count as ours, and its notes are not written twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.bundle.beside import beside_path, with_note
from grader.bundle.ledger import FOLDER, PLACE, STUBS, Bundle, Held, digest, read, stub_place
from grader.bundle.source import Source
from grader.catalog.course import SLIPS

JOURNAL = f"{FOLDER}/upgrading.json"
# What a bundle of a part of the course says nothing about where it does not hold it.
_CONTENT = ("exercises/", "notebooks/", "quizzes/", f"{STUBS}/", "README", ".git")
_WHEELS, _NOTEBOOKS = "wheels/", "requirements-notebooks.txt"
What = Literal["added", "changed", "removed", "beside", "orphan", "blocked"]


class Journal(BaseModel):
    """What an upgrade is about to bring.

    Attributes:
        source: where from.
        files: SHA-256 by path.
        beside: SHA-256 of new versions that are put beside a student's work, by path.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    source: str = ""
    files: dict[str, str] = {}
    beside: dict[str, str] = {}

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return (self.model_dump_json(indent=1) + "\n").encode()


@dataclass(frozen=True)
class Change:
    """One file.

    Attributes:
        path: in the folder.
        what: `beside` and `orphan` leave it as it is, and so does `blocked`, where it cannot even be put beside.
        new: where the new version goes, for `beside`.
    """

    path: str
    what: What
    new: str = ""


@dataclass
class Upgrade:
    """What an upgrade does.

    Attributes:
        root: the student's folder.
        source: the new bundle.
        old, bundle: the ledgers before and after.
        journal: what is noted while it runs.
        changes: by path.
        writes: contents by path; the paths are those of changes, or beside them.
        expected: what lay at a path when this was planned, for those that are replaced or removed.
        renamed: new names by old ones.
        resumed: whether an earlier upgrade was interrupted.
        busy: paths that changed while it ran.
    """

    root: Path
    source: Source
    old: Bundle
    bundle: Bundle
    journal: Journal
    changes: list[Change] = field(default_factory=list)
    writes: dict[str, bytes] = field(default_factory=dict)
    expected: dict[str, str | None] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    resumed: bool = False
    busy: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything is to be written, the ledger included."""
        gone = any(change.what == "removed" for change in self.changes)
        return bool(self.writes or gone or self.resumed or self.bundle.data != self.old.data)


def plan_upgrade(root: Path, old: Bundle, source: Source) -> Upgrade:
    """Work out an upgrade; nothing is written.

    Parameters:
        root: the student's folder.
        old: its ledger.
        source: the new bundle.

    Raises:
        CourseError: a file of either cannot be read, or the bundle is damaged.
    """
    journal = read_journal(root)
    renamed = _renamed(old.exercises, source.bundle.exercises)
    bundle = _merged(old, source.bundle, renamed)
    fresh = Journal(source=str(source.place.resolve()), files=source.bundle.files)
    made = Upgrade(root, source, old, bundle, fresh, renamed=renamed, resumed=journal is not None)
    before = journal or Journal()
    for path in source.bundle.files:
        known = {hashes[path] for hashes in (old.files, before.files) if path in hashes}
        _plan_file(made, path, known, before)
    for path in dict.fromkeys([*old.files, *before.files]):
        if path not in bundle.files:
            known = {hashes[path] for hashes in (old.files, before.files) if path in hashes}
            _plan_removal(made, path, known)
    beside = {change.new: digest(made.writes[change.new]) for change in made.changes if change.new in made.writes}
    made.journal = fresh.model_copy(update={"beside": {**before.beside, **beside}})
    made.bundle = bundle.model_copy(update={"beside": {**old.beside, **made.journal.beside}})
    return made


def read_journal(root: Path) -> Journal | None:
    """What an interrupted upgrade has noted; a note that cannot be read says no more than that there was one."""
    data = read(root / JOURNAL)
    try:
        return None if data is None else Journal.model_validate_json(data)
    except ValidationError:
        return Journal()


def _plan_file(made: Upgrade, path: str, known: set[str], before: Journal) -> None:
    wanted, now = made.source.bundle.files[path], _here(made.root, path)
    if now == wanted:
        return
    if now is None:
        if _in_the_way(made.root, path):
            made.changes.append(Change(path, "blocked"))
            return
        _plan_write(made, Change(path, "added"), path, made.source.file(path), None)
    elif now in known or _never_theirs(path):
        _plan_write(made, Change(path, "changed"), path, made.source.file(path), now)
    elif made.old.files.get(path) != wanted:
        _plan_beside(made, path, before)


def _plan_beside(made: Upgrade, path: str, before: Journal) -> None:
    """Plan the new version of a file that the student has changed."""
    data = made.source.file(path)
    ours = {*made.old.files.values(), *made.old.beside.values(), *before.beside.values(), digest(data)}
    held = _pristine(made, path)
    noted = with_note(path, held, data)
    new = beside_path(made.root, path, ours.__contains__, digest(noted))
    there = read(made.root / new)
    done = there is not None and before.beside.get(new) == digest(there) and before.files.get(path) == digest(data)
    made.changes.append(Change(path, "beside", new))
    if not done and there != noted:
        made.writes[new] = noted
        made.expected[new] = None if there is None else digest(there)


def _pristine(made: Upgrade, path: str) -> bytes | None:
    """A stub as it was handed out, if this is one: what is new about it can be told."""
    for name, held in made.old.exercises.items():
        if path == f"exercises/{held.topic}/{name}/{name}.py":
            return read(made.root / stub_place(held.topic, name))
    return None


def _plan_removal(made: Upgrade, path: str, known: set[str]) -> None:
    now = _here(made.root, path)
    if now is None:
        return
    if now in known or _never_theirs(path):
        made.changes.append(Change(path, "removed"))
        made.expected[path] = now
    else:
        made.changes.append(Change(path, "orphan"))


def _never_theirs(path: str) -> bool:
    """Whether a student has nothing to write in a file, so that another content is damage."""
    return path.startswith(f"{FOLDER}/") or (path.startswith("exercises/") and path.endswith(f"/{SLIPS}"))


def _plan_write(made: Upgrade, change: Change, path: str, data: bytes, now: str | None) -> None:
    made.changes.append(change)
    made.writes[path] = data
    made.expected[path] = now


def _here(root: Path, path: str) -> str | None:
    """What lies at a path: its hash, nothing, or for a link what is nobody's but the student's."""
    if (root / path).is_symlink():
        return "a link"
    if (root / path).is_dir():
        return None
    data = read(root / path)
    return None if data is None else digest(data)


def _in_the_way(root: Path, path: str) -> bool:
    """Whether a folder of the student's has the name of the file, or a file that of a folder above it."""
    place = root / path
    above = [parent for parent in place.parents if parent != root and parent.is_relative_to(root)]
    return os.path.lexists(place) or any(os.path.lexists(parent) and not parent.is_dir() for parent in above)


# -- exercises -----------------------------------------------------------------------------------------------------------------


def _renamed(old: Mapping[str, Held], new: Mapping[str, Held]) -> dict[str, str]:
    """New names of exercises that have another name or another topic now, by old ones."""
    found = {name: name for name in old if name in new and old[name].topic != new[name].topic}
    fresh = {held.entry: name for name, held in new.items() if name not in old}
    gone = {name: held.entry for name, held in old.items() if name not in new}
    return found | {name: fresh[entry] for name, entry in gone.items() if entry in fresh}


def _merged(old: Bundle, new: Bundle, renamed: Mapping[str, str]) -> Bundle:
    """The ledger afterwards: a bundle of a part of the course leaves the rest as it is."""
    if new.complete:
        return new.model_copy(update={"edited": ()})
    replaced = tuple(_places(old.exercises, renamed))
    stays = _CONTENT if _wheels(old) - _wheels(new) else (*_CONTENT, _NOTEBOOKS)  # it names the wheel that it installs
    kept = {path: known for path, known in old.files.items() if path.startswith(stays) and not path.startswith(replaced)}
    exercises = {name: held for name, held in old.exercises.items() if name not in renamed}
    update = {"files": {**kept, **new.files}, "exercises": {**exercises, **new.exercises}, "edited": ()}
    return new.model_copy(update={**update, "complete": old.complete})


def _wheels(bundle: Bundle) -> set[str]:
    return {path for path in bundle.files if path.startswith(_WHEELS)}


def _places(exercises: Mapping[str, Held], names: Mapping[str, str]) -> Iterator[str]:
    for name in names:
        topic = exercises[name].topic
        yield f"exercises/{topic}/{name}/"
        yield stub_place(topic, name)


# -- carrying it out -----------------------------------------------------------------------------------------------------------


def order_of(made: Upgrade) -> list[tuple[str, bytes | None]]:
    """Paths with their new contents, None for the end of a file, in the order in which it is safe to be interrupted.

    First what lies beside a student's work, for it is told from the old stubs; these go after everything else, then the ledger.
    """
    removed = {change.path: None for change in made.changes if change.what == "removed"}
    beside = {change.new for change in made.changes if change.new}
    steps: dict[str, bytes | None] = {**made.writes, **removed}

    def rank(path: str) -> int:
        return 0 if path in beside else 2 if path.startswith(f"{STUBS}/") else 1

    return [*sorted(steps.items(), key=lambda step: rank(step[0])), (PLACE, made.bundle.data)]
