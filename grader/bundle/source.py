"""Where an upgrade comes from: a bundle as a folder or a zip, every file as it was handed out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.bundle.ledger import PLACE, Bundle, digest, parse_bundle, read
from grader.catalog.problems import CourseError
from grader.intake.archives import Allowance, Archive, Refused
from grader.locales import tr

_MOST_BYTES = 200 << 20


@dataclass(frozen=True)
class Source:
    """A bundle that can be read.

    Attributes:
        place: where it is.
        bundle: its ledger.
        fetch: the bytes of a path; None where it is not there.
    """

    place: Path
    bundle: Bundle
    fetch: Callable[[str], bytes | None]

    def file(self, path: str) -> bytes:
        """A file as it was handed out.

        Raises:
            CourseError: it is missing, or somebody has changed it.
        """
        data = self.fetch(path)
        if data is None or digest(data) != self.bundle.files[path]:
            text = tr("{place}: {path} is not what was handed out; get the bundle again", place=self.place, path=path)
            raise CourseError(text)
        return data


def open_source(place: Path) -> Source:
    """Open a bundle.

    Raises:
        CourseError: it is none, or cannot be read.
    """
    if place.is_dir():
        return _source(place, lambda path: read(place / path))
    if not place.exists():
        raise _no_source(place, tr("there is no such file"))
    try:
        archive = Archive(lambda: place.open("rb"), place.stat().st_size, Allowance())
        try:
            return _source(place, _contents(archive).get)
        finally:
            archive.release()
    except OSError as error:
        raise _no_source(place, error.strerror) from None
    except Refused as problem:
        raise _no_source(place, problem) from None


def _no_source(place: Path, why: object) -> CourseError:
    text = tr(
        "{place}: this is neither a bundle nor a zip of one ({why}); name the file or folder that you were given",
        place=place, why=why,
    )  # fmt: skip
    return CourseError(text)


def _source(place: Path, fetch: Callable[[str], bytes | None]) -> Source:
    data = fetch(PLACE)
    if data is None:
        raise _no_source(place, tr("there is no .grader/bundle.json in it"))
    return Source(place, parse_bundle(data, f"{place}: {PLACE}"), fetch)


def _contents(archive: Archive) -> dict[str, bytes]:
    """The files of the bundle in a zip, by path from the folder in which its ledger lies."""
    places = [member.path for member in archive.members if member.path.parts[-2:] == PurePosixPath(PLACE).parts]
    if not places:
        return {}
    top = min(places, key=lambda path: len(path.parts)).parent.parent
    return {
        member.path.relative_to(top).as_posix(): archive.read(member, _MOST_BYTES)
        for member in archive.members
        if member.path.is_relative_to(top)
    }


def find_source(root: Path) -> Path:
    """The only zip of a bundle in a student's folder or beside it.

    Raises:
        CourseError: there is none, or there are several; the message tells what was found.
    """
    found = []
    for path in sorted([*root.glob("*.zip"), *root.parent.glob("*.zip")]):
        try:
            open_source(path)
        except CourseError:
            continue
        found.append(path)
    if len(found) != 1:
        told = ", ".join(map(str, found[:5])) or tr("none")
        raise CourseError(tr("name the new bundle: grader upgrade NEW.zip (found here: {found})", found=told))
    return found[0]
