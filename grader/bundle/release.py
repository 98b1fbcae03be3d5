"""Writes a bundle into a folder: what is ours is brought up to date, what an instructor made of it stays or stops the release."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.authoring.packing import zip_bytes
from grader.bundle.content import Content, Wanted
from grader.bundle.ledger import NEW, PLACE, Bundle, digest, drop, put, read, read_ledger, tidy
from grader.catalog.problems import CourseError

# Texts that an instructor may make their own; anything else that was edited would be handed out by mistake.
_FREE = ("README", "requirements", ".gitignore", ".gitattributes", ".github/")
_MOST_TOLD = 5


@dataclass
class Release:
    """What a release does to its folder.

    Attributes:
        folder: it.
        bundle: what the folder will hold.
        files: contents of everything that is handed out, the ledger included.
        writes, deletes: paths that change.
        kept: paths of texts that the instructor has edited.
        foreign: paths that are not the bundle's.
    """

    folder: Path
    bundle: Bundle
    files: dict[str, bytes]
    writes: list[str] = field(default_factory=list)
    deletes: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def zipped(self) -> bytes:
        """The bundle as a zip that unpacks into one folder."""
        name = self.folder.name or "exercises"
        return zip_bytes({f"{name}/{path}": data for path, data in self.files.items()})


def plan_release(folder: Path, made: Content, wanted: Wanted, force: bool = False) -> Release:
    """Work out what changes; nothing is written.

    Parameters:
        folder: where to, which need not exist.
        force: what was edited by hand is overwritten.

    Raises:
        CourseError: the folder holds something else, or somebody has worked in it.
    """
    last = last_release(folder)
    bundle, files = made.bundle(wanted), dict(made.files)
    before = last.files if last else {}
    own = {path for path in before if last and path not in last.edited}
    edited: list[str] = []
    for path, data in made.files.items():
        now = read(folder / path)
        if now is None or now == data or force or (path in own and digest(now) == before[path]):
            continue
        edited.append(path)
        files[path] = now
    gone = [path for path in before if path not in made.files and (folder / path).exists()]
    edited += [path for path in gone if not force and digest(read(folder / path) or b"") != before[path]]
    _refuse_work(folder, [path for path in edited if not path.startswith(_FREE)])
    hashes = {path: digest(data) for path, data in files.items()}
    bundle = bundle.model_copy(update={"files": hashes, "edited": tuple(sorted(set(edited) & set(files)))})
    files[PLACE] = bundle.data
    release = Release(folder, bundle, files, kept=sorted(edited))
    release.writes = [path for path, data in files.items() if read(folder / path) != data]
    release.deletes = [path for path in gone if path not in edited]
    release.foreign = _foreign(folder, {*files, *before})
    return release


def is_released(path: Path) -> bool:
    """Whether a file is a zip of a bundle, so that a newer one may take its place; anything else is somebody's."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(PurePosixPath(name).parts[1:] == PurePosixPath(PLACE).parts for name in archive.namelist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


def write_release(release: Release) -> None:
    """Carry it out; an interrupted release is simply run again.

    Raises:
        CourseError: something cannot be written.
    """
    try:
        release.folder.mkdir(parents=True, exist_ok=True)
        # A first release begins with it, which makes the folder ours.
        first = not (release.folder / PLACE).exists()
        for path in sorted(release.writes, key=lambda path: (path == PLACE) != first):
            put(release.folder, release.folder / path, release.files[path])
        for path in release.deletes:
            drop(release.folder, release.folder / path)
        tidy(release.folder)
    except OSError as error:
        place = error.filename or release.folder
        raise CourseError(f"{place}: cannot be written: {error.strerror}; mend this and run again") from None


def last_release(folder: Path) -> Bundle | None:
    """What a folder was released with, None where it is new.

    Parameters:
        folder: where a release is to go.

    Raises:
        CourseError: it is something else, or cannot be read.
    """
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not there.is_dir():
            raise CourseError(f"{there}: is a file; name a folder for the bundle")
        last = read_ledger(folder)
        # An empty repository is as good as an empty folder.
        found = [] if there != folder else sorted(path.name for path in folder.iterdir() if path.name != ".git")
    except OSError as error:
        raise CourseError(f"{folder}: cannot be read: {error.strerror}") from None
    if last is None and found:
        raise CourseError(
            f"{folder}: is not empty ({', '.join(found[:3])}{', …' if len(found) > 3 else ''}) and no bundle that "
            "`grader release` made; name a new folder"
        )
    return last


def _refuse_work(folder: Path, paths: list[str]) -> None:
    if paths:
        told = ", ".join(sorted(paths)[:_MOST_TOLD]) + (", …" if len(paths) > _MOST_TOLD else "")
        raise CourseError(
            f"{folder}: was worked in, and students would receive it: {told}. Keep a copy elsewhere and delete these files here, "
            "or let --force put the kit's in their place"
        )


def _foreign(folder: Path, known: Collection[str]) -> list[str]:
    if not folder.is_dir():
        return []
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    names = (path.as_posix() for path in found if path.parts[0] != ".git")
    return [name for name in names if name not in known and not name.startswith(NEW)]
