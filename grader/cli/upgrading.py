"""`grader upgrade`: says to a student what is new, and what of their own was left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.bundle.applying import apply_upgrade
from grader.bundle.ledger import FOLDER, PLACE, read_ledger
from grader.bundle.source import find_source, open_source
from grader.bundle.upgrade import Change, Upgrade, plan_upgrade, read_journal
from grader.catalog.place import named_root, nearest_root
from grader.catalog.problems import CourseError
from grader.cli.speaking import speak
from grader.locales import tr

_SIGN = {"added": "+", "changed": "~", "removed": "-"}


def upgrade_folder(given: Path | None, dry_run: bool, language: str | None, course: Path | None) -> int:
    """Upgrade; the exit code: 0 done or nothing to do, 1 where something of the student's is in the way.

    Raises:
        CourseError: this is no student's folder, it cannot be read, or there is no bundle to upgrade from.
    """
    try:
        return _upgraded(_root(course), given, dry_run, language)
    except OSError as error:  # a folder that may not be entered: to look whether a file is there fails, too
        raise CourseError(tr("{file}: cannot be read: {why}", file=error.filename, why=error.strerror)) from None


def _upgraded(root: Path, given: Path | None, dry_run: bool, language: str | None) -> int:
    old = read_ledger(root)
    if old is None:
        text = tr(
            "{root}: this folder is not from `grader release`, so nothing can be upgraded; go to the one with your exercises",
            root=root,
        )
        raise CourseError(text)
    speak(language or old.languages[0])
    place = given or _interrupted(root) or find_source(root)
    if place.resolve() == root.resolve():
        raise CourseError(tr("{place}: this is the folder that you are in; name the new one", place=place))
    source = open_source(place)
    if source.bundle.complete and not source.bundle.exercises.keys() & old.exercises.keys() and old.exercises:
        text = tr(
            "{place}: it has none of your exercises, so it belongs to another course; unpack it into a folder of its own",
            place=place,
        )
        raise CourseError(text)
    made = plan_upgrade(root, old, source)
    if made.changed and not dry_run:
        apply_upgrade(made)
    for line in _told(made, dry_run):
        print(line)
    return 1 if made.busy or any(change.what == "blocked" for change in made.changes) else 0


def _root(course: Path | None) -> Path:
    """The student's folder; a bundle whose exercises have all gone is one, too."""
    root = named_root(course)
    if root is not None:
        return root
    here = Path.cwd()
    mine = next((folder for folder in (here, *here.parents) if (folder / PLACE).is_file()), None)
    return mine or nearest_root() or here


def _interrupted(root: Path) -> Path | None:
    """Where an interrupted upgrade came from."""
    journal = read_journal(root)
    place = Path(journal.source) if journal is not None and journal.source else None
    return place if place is not None and place.exists() else None


def _told(made: Upgrade, dry_run: bool) -> Iterator[str]:
    if made.resumed and not dry_run:
        yield tr("An earlier upgrade was interrupted; it is finished now.")
    yield from _exercises(made)
    yield from _files(made)
    shown = [change for change in made.changes if not change.path.startswith(f"{FOLDER}/")]
    if not shown and not made.resumed:
        yield tr("Nothing is new: this folder is up to date.")
    wheels = [change.path for change in made.changes if change.path.endswith(".whl") and change.what in ("added", "changed")]
    for wheel in wheels:
        yield tr("The engine is new as well. Install it:")
        yield f"  python -m pip install --force-reinstall --no-deps {wheel}"
        yield "  python -m pip install -r requirements.txt"
    if dry_run and made.changed:
        yield tr("Nothing was written (--dry-run).")


def _exercises(made: Upgrade) -> Iterator[str]:
    """A line per exercise that is new, has changed, is called otherwise or has gone."""
    before, after = made.old.exercises, made.bundle.exercises
    for old, name in made.renamed.items():
        if old == name:
            yield tr("~ {name} has moved to the topic {topic}", name=name, topic=after[name].topic)
        else:
            yield tr("~ {old} is called {name} now", old=old, name=name)
    for name, held in after.items():
        if name in made.renamed.values():
            continue
        if name not in before:
            yield tr("+ {name}: new exercise", name=name)
            continue
        parts = [_part(change.path, name) for change in made.changes if _of(change, held.topic, name)]
        if parts:
            yield f"~ {name}: {', '.join(dict.fromkeys(parts))}"
    for name in before:
        if name not in after and name not in made.renamed:
            yield tr("- {name}: no longer in the course", name=name)


def _of(change: Change, topic: str, name: str) -> bool:
    return change.path.startswith(f"exercises/{topic}/{name}/") and change.what in ("added", "changed", "beside")


def _part(path: str, name: str) -> str:
    file = path.rpartition("/")[2]
    if file == f"{name}.py":
        return tr("stub")
    if file.startswith("statement."):
        return tr("statement")
    return tr("settings and hints") if file == "exercise.yaml" else tr("visible tests")


def _files(made: Upgrade) -> Iterator[str]:
    """A line per file that is not of an exercise, and per file that stays as the student made it."""
    for change in made.changes:
        if change.what == "beside":
            new = change.new
            yield tr("= {path}: you have changed it, so it stays; the new version is in {new}", path=change.path, new=new)
        elif change.what == "blocked":
            yield tr("! {path}: something else of yours is in the way; move it, and upgrade again", path=change.path)
        elif change.what == "orphan":
            new = _new_place(made, change.path)
            if new:
                yield tr("= {path}: your work stays there; copy what you need into {new}", path=change.path, new=new)
            else:
                yield tr("= {path}: your work stays, though the course no longer uses this file", path=change.path)
        elif not change.path.startswith((f"{FOLDER}/", "exercises/")):
            yield f"{_SIGN[change.what]} {change.path}"
    for path in made.busy:
        yield tr("! {path}: it changed while the upgrade ran and was left alone; upgrade again", path=path)


def _new_place(made: Upgrade, path: str) -> str:
    """Where the stub of a renamed exercise lies now."""
    for old, name in made.renamed.items():
        if path == f"exercises/{made.old.exercises[old].topic}/{old}/{old}.py":
            return f"exercises/{made.bundle.exercises[name].topic}/{name}/{name}.py"
    return ""
