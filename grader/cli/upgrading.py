"""`grader upgrade`: says to a student what is new, and what of their own was left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.bundle.applying import apply_upgrade
from grader.bundle.ledger import FOLDER, PLACE, read_ledger
from grader.bundle.source import find_source, open_source
from grader.bundle.upgrade import Change, Upgrade, plan_upgrade, read_journal
from grader.bundle.words import say
from grader.catalog.place import named_root, nearest_root
from grader.catalog.problems import CourseError
from grader.cli.speaking import speak
from grader.locales import spoken, tr

_SIGN = {"added": "file-added", "changed": "file-changed", "removed": "file-removed"}


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
        raise CourseError(say("no-bundle", language or spoken(), root=root))
    said = speak(language or old.languages[0])
    place = given or _interrupted(root) or find_source(root, said)
    if place.resolve() == root.resolve():
        raise CourseError(say("itself", said, place=place))
    source = open_source(place, said)
    if source.bundle.complete and not source.bundle.exercises.keys() & old.exercises.keys() and old.exercises:
        raise CourseError(say("other-course", said, place=place))
    made = plan_upgrade(root, old, source)
    if made.changed and not dry_run:
        apply_upgrade(made)
    for line in _told(made, said, dry_run):
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


def _told(made: Upgrade, language: str, dry_run: bool) -> Iterator[str]:
    if made.resumed and not dry_run:
        yield say("resumed", language)
    yield from _exercises(made, language)
    yield from _files(made, language)
    shown = [change for change in made.changes if not change.path.startswith(f"{FOLDER}/")]
    if not shown and not made.resumed:
        yield say("nothing", language)
    wheels = [change.path for change in made.changes if change.path.endswith(".whl") and change.what in ("added", "changed")]
    for wheel in wheels:
        yield say("install", language)
        yield f"  python -m pip install --force-reinstall --no-deps {wheel}"
        yield "  python -m pip install -r requirements.txt"
    if dry_run and made.changed:
        yield say("dry", language)


def _exercises(made: Upgrade, language: str) -> Iterator[str]:
    """A line per exercise that is new, has changed, is called otherwise or has gone."""
    before, after = made.old.exercises, made.bundle.exercises
    for old, name in made.renamed.items():
        key = "moved-exercise" if old == name else "renamed-exercise"
        yield say(key, language, old=old, name=name, topic=after[name].topic)
    for name, held in after.items():
        if name in made.renamed.values():
            continue
        if name not in before:
            yield say("new-exercise", language, name=name)
            continue
        parts = [_part(change.path, name) for change in made.changes if _of(change, held.topic, name)]
        if parts:
            told = ", ".join(say(part, language) for part in dict.fromkeys(parts))
            yield say("changed-exercise", language, name=name, parts=told)
    for name in before:
        if name not in after and name not in made.renamed:
            yield say("gone-exercise", language, name=name)


def _of(change: Change, topic: str, name: str) -> bool:
    return change.path.startswith(f"exercises/{topic}/{name}/") and change.what in ("added", "changed", "beside")


def _part(path: str, name: str) -> str:
    file = path.rpartition("/")[2]
    if file == f"{name}.py":
        return "stub"
    return "statement" if file.startswith("statement.") else "settings" if file == "exercise.yaml" else "tests"


def _files(made: Upgrade, language: str) -> Iterator[str]:
    """A line per file that is not of an exercise, and per file that stays as the student made it."""
    for change in made.changes:
        if change.what == "beside":
            yield say("beside", language, path=change.path, new=change.new)
        elif change.what == "blocked":
            yield say("blocked", language, path=change.path)
        elif change.what == "orphan":
            new = _new_place(made, change.path)
            yield say("carry", language, path=change.path, new=new) if new else say("orphan", language, path=change.path)
        elif not change.path.startswith((f"{FOLDER}/", "exercises/")):
            yield say(_SIGN[change.what], language, path=change.path)
    for path in made.busy:
        yield say("busy", language, path=path)


def _new_place(made: Upgrade, path: str) -> str:
    """Where the stub of a renamed exercise lies now."""
    for old, name in made.renamed.items():
        if path == f"exercises/{made.old.exercises[old].topic}/{old}/{old}.py":
            return f"exercises/{made.bundle.exercises[name].topic}/{name}/{name}.py"
    return ""
