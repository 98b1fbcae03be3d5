"""Plans and writes a course folder of nbgrader: what is new, what changed in the kit, what the instructor made of it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader.authoring.sealing import Step
from grader.catalog.course import Course, Exercise, by_entry
from grader.catalog.problems import CourseError
from grader.notebooks.choosing import Choice, check_folder, settle
from grader.notebooks.configfile import NAME, config_text
from grader.notebooks.gradebook_cells import recorded
from grader.notebooks.hintfiles import HintFiles, hint_files
from grader.notebooks.kitcell import Cell, as_node
from grader.notebooks.ledger import PLACE, Ledger, digest, read_ledger
from grader.notebooks.merging import Change, fingerprint, grade_id, merge
from grader.notebooks.quizcells import bank_of_cell, quiz_files
from grader.notebooks.settings import PRIVATE
from grader.notebooks.template import notebook, notebook_bytes, notebook_metadata, topic_cells

# What a check in the student's folder needs of the public half; a folder may hold more that is nobody's business.
_PUBLIC = {"exercise.yaml": "manifest", "test_public.py": "public tests", "probe.py": "public tests", "picture.py": "pictures"}
_SECRET_BYTES = 32


@dataclass
class Plan:
    """What is to be written into a course folder, and what there is to say about it.

    Attributes:
        folder: the course folder.
        ledger: what the folder will have been made with.
        new: whether nothing of ours lies there yet.
        changes: per file and cell; those of the kind `kept` change nothing.
        notes: sentences for the instructor.
        writes: contents by path.
        deletes: files that go.
        touched: assignments whose released version is now out of date.
        secret: the course's; written where there is none yet.
    """

    folder: Path
    ledger: Ledger
    new: bool
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    writes: dict[Path, bytes] = field(default_factory=dict)
    deletes: list[Path] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    secret: str = ""

    @property
    def changed(self) -> bool:
        """Whether anything but the ledger is written or deleted."""
        return bool(self.writes or self.deletes)


def plan(folder: Path, choice: Choice, force: bool = False, step: Step = lambda name, number, count: None) -> Plan:
    """Work out what a course folder needs; nothing is written.

    Parameters:
        folder: the course folder, which need not exist.
        choice: what is asked for.
        force: the kit's version wins over files and cells that were edited by hand.
        step: called before each exercise whose known mistakes are run, which is what takes time.

    Raises:
        CourseError: the folder is not ours to write in, or something in the choice, the kit or the folder must be mended first.
    """
    folder = folder.resolve()
    check_folder(folder)
    before = read_ledger(folder)
    notes: list[str] = []
    ledger, course, chosen = settle(folder, choice, before, notes)
    made = Plan(folder, ledger, before is None and not (folder / PRIVATE).exists(), notes=notes, secret=_secret(folder))
    last = before or ledger.model_copy(deep=True)
    _plan_config(made, config_text(ledger.course_id, course.root, ledger.language), last)
    topics = [*chosen, *(topic for topic in last.cells if topic not in chosen)]
    ids = {topic: _plan_notebook(made, course, topic, chosen.get(topic, []), last, force) for topic in topics}
    taught = [exercise for exercises in chosen.values() for exercise in exercises] if ledger.hints else []
    hints = hint_files(folder, taught, ledger.language, last, step)
    ledger.sealed, notes[:] = hints.sealed, notes + hints.notes
    for topic in topics:
        fresh = not (folder / _notebook(topic)).exists()
        changes = _plan_public(made, course, topic, chosen.get(topic, []), hints, last, force)
        changes += _plan_quizzes(made, course, topic, ledger.quizzes and topic in chosen, last, force)
        made.changes += [change for change in changes if not (fresh and change.what == "added")]
        if topic not in made.touched and any(change.what != "kept" for change in changes):
            made.touched.append(topic)
    _warn(made, chosen, ids)
    return made


# -- files and notebooks -------------------------------------------------------------------------------------------------------


def _notebook(topic: str) -> Path:
    return Path("source") / topic / f"{topic}.ipynb"


def _plan_file(made: Plan, place: Path, data: bytes, last: Ledger, force: bool, detail: str) -> list[Change]:
    """Plan one file that is the kit's as a whole."""
    path, key = made.folder / place, place.as_posix()
    now, known = _bytes(path), last.files.get(key)
    if now is not None and now != data and digest(now) != known and not force:
        if known is not None:
            made.ledger.files[key] = known
        moved = "; the kit has changed it too" if digest(data) != known else ""
        return [Change(key, "kept", detail=f"edited by hand{moved}; --force takes the kit's")]
    made.ledger.files[key] = digest(data)
    if now == data:
        return []
    made.writes[path] = data
    return [Change(key, "added" if now is None else "changed", detail=detail)]


def _plan_config(made: Plan, text: str, last: Ledger) -> None:
    """Plan the settings. They are the instructor's once edited: no `force` overwrites them, and only news are told."""
    changes = _plan_file(made, Path(NAME), text.encode(), last, False, "settings")
    if not any(change.what == "kept" for change in changes):
        made.changes += changes
    elif digest(text.encode()) != last.files.get(NAME):
        call = text.rstrip().rpartition("\n")[2]
        made.notes.append(
            f"{NAME} was edited by hand and stays. See that course_id is {made.ledger.course_id!r}, and that it ends: {call}"
        )


def _plan_public(
    made: Plan, course: Course, topic: str, exercises: Sequence[Exercise], hints: HintFiles, last: Ledger, force: bool
) -> list[Change]:
    """Plan the public half of a topic's exercises, which the check needs in the student's folder, and their sealed hints."""
    place = Path("source") / topic / "exercises" / topic
    wanted = {place / "topic.yaml": (course.root / "exercises" / topic / "topic.yaml", "topic")} if exercises else {}
    for exercise in exercises:
        for name, detail in {**_PUBLIC, exercise.stub.name: "stub"}.items():
            if name not in ("probe.py", "picture.py") or (exercise.public / name).exists():
                wanted[place / exercise.name / name] = (exercise.public / name, detail)
    changes: list[Change] = []
    for target, (path, detail) in wanted.items():
        data = _bytes(path)
        if data is None:
            raise CourseError(f"{path}: there is no such file")
        changes += _plan_file(made, target, data, last, force, detail)
    sealed = {target: data for target, data in hints.files.items() if target.is_relative_to(place)}
    for target, data in sealed.items():
        changes += _plan_file(made, target, data, last, force, "sealed hints")
    return _by_folder(changes + _plan_removals(made, f"source/{topic}/exercises/", [*wanted, *sealed], last, force))


def _plan_quizzes(made: Plan, course: Course, topic: str, wanted: bool, last: Ledger, force: bool) -> list[Change]:
    """Plan what students hold of a topic's quizzes: sheets without keys, in the language of the course, and images."""
    place = Path("source") / topic
    files = quiz_files(course, topic, made.secret, made.ledger.language) if wanted else {}
    changes = [
        change for name, (data, detail) in files.items() for change in _plan_file(made, place / name, data, last, force, detail)
    ]
    here = {key: known for key, known in last.files.items() if not key.startswith(f"{place.as_posix()}/exercises/")}
    kept = last.model_copy(update={"files": here})
    return changes + _plan_removals(made, f"{place.as_posix()}/", [place / name for name in files], kept, force)


def _plan_removals(made: Plan, start: str, wanted: Collection[Path], last: Ledger, force: bool) -> list[Change]:
    """Plan the end of files that are no longer wanted, of those whose paths begin so."""
    gone = [(key, known) for key, known in last.files.items() if key.startswith(start) and Path(key) not in wanted]
    return [change for key, known in gone for change in _plan_removal(made, key, known, force)]


def _secret(folder: Path) -> str:
    """The course's secret, a new one where there is none: sheets are drawn with it before anything is written."""
    data = _bytes(folder / PRIVATE / "secret")
    return data.decode("utf-8", "replace").strip() if data is not None else secrets.token_hex(_SECRET_BYTES)


def _by_folder(changes: Sequence[Change]) -> list[Change]:
    """Changes of files, in one line for a folder whose files are all new or all go."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.file.rpartition("/")[0], []).append(change)
    told: list[Change] = []
    for folder, group in found.items():
        kinds = {change.what for change in group}
        whole = len(group) > 1 and kinds in ({"added"}, {"removed"})
        told += [Change(f"{folder}/", group[0].what, detail=f"{len(group)} files")] if whole else group
    return told


def _plan_removal(made: Plan, key: str, known: str, force: bool) -> list[Change]:
    now = _bytes(made.folder / key)
    if now is None:
        return []
    if digest(now) != known and not force:
        made.ledger.files[key] = known
        return [Change(key, "kept", detail="edited by hand, but no longer wanted; --force removes it")]
    made.deletes.append(made.folder / key)
    return [Change(key, "removed")]


def _plan_notebook(made: Plan, course: Course, topic: str, exercises: Sequence[Exercise], last: Ledger, force: bool) -> set[str]:
    """Plan the notebook of a topic; the grade ids that it will have."""
    by_entry(exercises)
    place, language = _notebook(topic), made.ledger.language
    path, key = made.folder / place, place.as_posix()
    cells = topic_cells(course, topic, exercises, language, made.ledger.quizzes) if exercises else []
    if not path.exists():
        return _plan_new_notebook(made, topic, path, key, cells) if cells else set()
    old = _read_notebook(path)
    metadata = notebook_metadata(topic, language) if cells else {"grader": old.metadata.get("grader")}
    merged = merge(key, old, cells, metadata, last.cells.get(topic, {}), force)
    if merged.fingerprints:
        made.ledger.cells[topic] = merged.fingerprints
    made.changes += merged.changes
    if not cells and not merged.notebook.cells:
        made.deletes.append(path)
        made.changes = [change for change in made.changes if change.file != key]
        made.changes.append(Change(key, "removed"))
    elif merged.written:
        made.writes[path] = notebook_bytes(merged.notebook)
    if merged.written:
        made.touched.append(topic)
    return {grade_id(node) for node in merged.notebook.cells} - {""}


def _plan_new_notebook(made: Plan, topic: str, path: Path, key: str, cells: Sequence[Cell]) -> set[str]:
    points = sum(cell.points or 0 for cell in cells)
    graded = [bank_of_cell(cell.grade_id) is not None for cell in cells if cell.points is not None]
    parts = [_counted(graded.count(False), "exercise", "exercises"), _counted(graded.count(True), "quiz", "quizzes")]
    told = ", ".join([*filter(None, parts), f"{points:g} points"])
    made.writes[path] = notebook_bytes(notebook([cell.node() for cell in cells], topic, made.ledger.language))
    made.ledger.cells[topic] = {cell.grade_id: fingerprint(cell.node()) for cell in cells}
    made.changes.append(Change(key, "added", detail=told))
    made.touched.append(topic)
    return {cell.grade_id for cell in cells}


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}" if number else ""


def _read_notebook(path: Path) -> NotebookNode:
    untyped: Any = nbformat
    try:
        found = untyped.reads(path.read_text(encoding="utf-8"), as_version=4)
        if found.nbformat_minor < 5:  # cells had no ids
            found = untyped.v4.upgrade(found, 4, found.nbformat_minor)
        nbformat.validate(found)
        return as_node(found)
    except OSError as error:
        raise CourseError(f"{path}: cannot be read: {error.strerror}") from None
    except Exception as error:  # nbformat raises what the file provokes
        reason = str(error).splitlines()[0][:200]
        raise CourseError(f"{path}: is no notebook: {reason}. Mend it, or delete it to have it written again") from None


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CourseError(f"{path}: cannot be read: {error.strerror}") from None


# -- what to say ---------------------------------------------------------------------------------------------------------------


def _warn(made: Plan, chosen: Mapping[str, Sequence[Exercise]], ids: Mapping[str, set[str]]) -> None:
    language = made.ledger.language
    for exercise in (exercise for exercises in chosen.values() for exercise in exercises):
        if exercise.statement(language).name != f"statement.{language}.md":
            made.notes.append(f"{exercise.name}: has no statement.{language}.md; the English statement is in the notebook")
    if (made.folder / PLACE).exists() and not (made.folder / PRIVATE / "secret").exists():
        made.notes.append(f"{PRIVATE}/secret was lost: a new one is written, and work that is graded again gets other inputs")
    if made.new or not made.touched:
        return
    try:
        known = recorded(made.folder, made.touched)
    except CourseError as error:
        made.notes.append(f"{error}; so it is not known whether the gradebook holds what changes here")
        return
    for topic, assignment in known.items():
        graded = f"the gradebook holds work of {assignment.submissions} students for {topic!r}" if assignment.submissions else ""
        if topic not in chosen:
            told = graded or f"the gradebook still holds the assignment {topic!r}"
            flag = " --force, which deletes these marks" if graded else ""
            made.notes.append(f"{told}; to remove it there: nbgrader db assignment remove {topic}{flag}")
        elif graded and assignment.cells != ids[topic]:
            gone, new = sorted(assignment.cells - ids[topic]), sorted(ids[topic] - assignment.cells)
            told = "; ".join(f"{what} {', '.join(names)}" for what, names in (("removed:", gone), ("added:", new)) if names)
            made.notes.append(
                f"{graded}, and nbgrader will not change which cells it has ({told}). Choose the exercises as before, or give up "
                f"these marks (nbgrader db assignment remove {topic} --force), then generate the assignment and autograde again"
            )
        elif graded:
            made.notes.append(f"{graded}: after nbgrader generate_assignment {topic} --force, autograde it again with --force")
