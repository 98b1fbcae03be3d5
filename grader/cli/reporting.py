"""`grader report`: a class's marks as pages to read and hand out, and as CSV and JSON beside them."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from grader.catalog.course import Course, find_course
from grader.catalog.extras import install
from grader.catalog.problems import CourseError
from grader.cli.exporting import read, warn
from grader.cli.gradeall import refuse_inside, store_of
from grader.cli.reportparts import quizzes, read_groups, strangers
from grader.record import Record
from grader.report.beside import Group
from grader.report.beside import groups as group_rows
from grader.report.beside import questions as question_rows
from grader.report.exports import Table, as_csv, as_json, per_exercise, per_student, per_test, settle
from grader.report.overview import Names, Overview, overview
from grader.report.pages import GENERATOR, class_page, student_page
from grader.report.together import mistakes, rates

PAGE = "index.html"
_STUDENTS = "students"
_TABLES = ("marks", "results", "tests", "mistakes", "rates", "questions", "similar")
_SQLITE = b"SQLite format 3\0"
_LONGEST_NAME = 50
# Windows keeps these names for devices, whatever stands behind the dot.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def report(place: str, output: Path, language: str, anonymous: bool, folder: Path | None, similar: Path | None = None) -> int:
    """Write the report; the exit code is 0.

    Parameters:
        place: a store's file or URL, what `grade-all` was given, or a file or folder of records.
        output: the folder to write.
        anonymous: leave out whatever names a student.
        folder: the course, for titles, order and hints; the one found from here where none is named.
        similar: groups of submissions that are alike, to be shown with the rest.

    Raises:
        CourseError: there are no records, or they, the groups or the folder cannot be used.
        Unavailable: the database cannot be reached.
    """
    if importlib.util.find_spec("jinja2") is None:
        raise CourseError(f"report needs Jinja2: {install('class')}")
    records = _records(place)
    if not records:
        raise CourseError(f"{place}: there are no marks in it; `grader grade-all` writes them")
    _check_target(output, place)
    groups = None if similar is None else read_groups(similar)
    warn([*settle(records)[1], *strangers(groups or (), records)])
    names = _names(folder, language, records)
    found = overview(records, names)
    try:
        _clear(output)
        _write(output, found, names, language, anonymous, groups)
    except OSError as error:
        raise CourseError(f"{error.filename or output}: cannot be written: {error.strerror}; --to names a folder") from None
    waiting = sum(look.broken for look in found.looks)
    told = f"; {waiting} results wait for you, see the page" if waiting else ""
    print(f"{output / PAGE}: {len(found.rows)} students, {len(found.exercises)} exercises{told}")
    if not anonymous:
        print(f"{output / _STUDENTS}: a page for each student, to be handed out; keep the others to yourself")
    return 0


# -- reading -------------------------------------------------------------------------------------------------------------------


def _records(place: str) -> list[Record]:
    if "://" in place:
        return list(_kept(place))
    path = Path(place)
    if place == "-":
        return list(read(path))
    if not path.exists():
        raise CourseError(f"{place}: there is no such file or folder")
    if path.is_dir() or path.suffix.lower() == ".zip":
        store = store_of(path)
        if not store.is_file():
            if path.is_dir():
                return list(read(path))
            raise CourseError(f"{place}: {store} is not there; `grader grade-all {place}` writes it")
        path = store
    if not _is_database(path):
        return list(read(path))
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        try:
            known = database.execute("select 1 from sqlite_master where name = 'marks'").fetchone()
        except sqlite3.Error as error:
            raise CourseError(f"{path}: cannot be read: {error}") from None
    if not known:
        raise CourseError(f"{path}: a database, but none of `grader grade-all`")
    return list(_kept(f"sqlite:///{path.absolute()}"))


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError as error:
        raise CourseError(f"{path}: cannot be read: {error.strerror}") from None


def _kept(url: str) -> Iterator[Record]:
    """The marks of a database, then what waits for another try."""
    if importlib.util.find_spec("sqlalchemy") is None:
        raise CourseError(f"a database of marks needs SQLAlchemy: {install('class')}")
    from grader.batch.marks import Marks

    with contextlib.closing(Marks(url)) as marks:
        yield from chain(marks.records(), marks.failures())


def _names(folder: Path | None, language: str, records: Iterable[Record]) -> Names:
    """What the course says about the exercises of these records; nothing where no course is named and none is found."""
    seen = {record.exercise for record in records}
    diagnosed = {record.exercise for record in records if record.diagnosis}
    try:
        course: Course = find_course(folder)
        chosen = [exercise for exercise in course.exercises if exercise.name in seen]
        return Names(
            {exercise.name: exercise.topic for exercise in course.exercises},
            {exercise.name: exercise.manifest.title.get(language) for exercise in chosen},
            {
                (exercise.name, mistake.id): mistake.hint.get(language)
                for exercise in chosen
                if exercise.name in diagnosed
                for mistake in exercise.mistakes
            },
        )
    except CourseError:
        if folder is not None:
            raise
        return Names()


# -- writing -------------------------------------------------------------------------------------------------------------------


def _check_target(output: Path, place: str) -> None:
    """Refuse a folder whose other files would be lost among ours, or that the next grading or report would read."""
    if "://" not in place:
        refuse_inside(output, Path(place), "--to")
    if output.exists() and not output.is_dir():
        raise CourseError(f"{output}: not a folder; name another place with --to")
    if output.is_dir() and any(output.iterdir()) and not _is_ours(output / PAGE):
        raise CourseError(f"{output}: there is something else in this folder; name a new one with --to, or empty it")


def _is_ours(page: Path) -> bool:
    try:
        with page.open(encoding="utf-8", errors="replace") as file:
            return GENERATOR in file.read(1000)
    except OSError:
        return False


def _clear(output: Path) -> None:
    """Take away an earlier report: pages of students who left, names that are no longer wanted."""
    if not output.is_dir():
        return
    pages = [page for page in (output / _STUDENTS).glob("*.html") if _is_ours(page)]
    for path in (*pages, *(output / f"{name}.{kind}" for name in _TABLES for kind in ("csv", "json"))):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not there, or something else lies in it
        (output / _STUDENTS).rmdir()


def _write(output: Path, found: Overview, names: Names, language: str, anonymous: bool, groups: tuple[Group, ...] | None) -> None:
    files = _page_names({record.submission for record in found.records})
    links = {} if anonymous else {student: f"{_STUDENTS}/{file}" for student, file in files.items()}
    taken = quizzes(found.records)
    output.mkdir(mode=0o700, parents=True, exist_ok=True)
    # First, because by this page the folder is known as ours.
    _put(output / PAGE, class_page(found, names, language, links, anonymous, taken, groups))
    tables = {"mistakes": mistakes(found, names.topics), "rates": rates(found, names.topics)}
    if taken:
        tables["questions"] = question_rows(taken)
    if not anonymous:
        if groups is not None:
            tables["similar"] = group_rows(groups, names.topics)
        tables |= {
            "marks": per_student(found.records, names.topics),
            "results": per_exercise(found.records, names.topics),
            "tests": per_test(found.records, names.topics),
        }
    for name, table in tables.items():
        _put_table(output / name, table)
    if anonymous:
        return
    (output / _STUDENTS).mkdir(exist_ok=True)
    of_student: dict[str, list[Record]] = {}
    for record in found.records:
        of_student.setdefault(record.submission, []).append(record)
    for student, own in of_student.items():
        _put(output / _STUDENTS / files[student], student_page(own, names, language))


def _put_table(path: Path, table: Table) -> None:
    _put(path.with_suffix(".csv"), as_csv(table))
    _put(path.with_suffix(".json"), as_json(table))


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _page_names(students: Iterable[str]) -> dict[str, str]:
    """A file name for each student's page, that every system takes and that no two share."""
    plain = {student: re.sub(r"[^\w.-]+", "-", student).strip(".-")[:_LONGEST_NAME] for student in students}
    same = Counter(map(_folded, plain.values()))
    names = {}
    for student, name in plain.items():
        if name != student or same[_folded(name)] > 1 or _RESERVED.fullmatch(name):
            name = f"{name}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
        names[student] = f"{name}.html"
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
