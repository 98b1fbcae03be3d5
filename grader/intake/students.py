"""Who handed in a file, by the names that learning platforms and instructors give to files and folders."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from grader.catalog.problems import CourseError
from grader.record import clean

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<rest>.*))?", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:late_)?(?P<number>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.DOTALL | re.IGNORECASE)
_MOST = 200


@dataclass(frozen=True)
class Named:
    """A student and the rule that found the name.

    Attributes:
        student: the id that seeds and marks go by.
        rest: what is left of the name: the file's own.
        rule: for the table that people read.
    """

    student: str
    rest: str
    rule: str


def by_platform(name: str) -> Named | None:
    """The student in a name that Moodle or Canvas made; None for other names."""
    for rule, pattern in (("Moodle", _MOODLE), ("Canvas", _CANVAS)):
        match = pattern.fullmatch(name)
        if match is not None:
            # The platform's number stays: two students may share a name, and no mark may depend on who else hands in.
            return Named(student_id(f"{match['name'].strip()}_{match['number']}"), match["rest"] or "", rule)
    return None


def not_of_canvas(names: Iterable[str]) -> frozenset[str]:
    """Names that look like Canvas' and are none: its second number is of one file alone, that of `lab_3_1_ada` is of a lab."""
    files: dict[tuple[str, str], list[str]] = {}
    for name in names:
        match = None if _MOODLE.fullmatch(name) else _CANVAS.fullmatch(name)
        if match is not None:
            files.setdefault((match["number"], match["file"]), []).append(name)
    return frozenset(name for same in files.values() if len(same) > 1 for name in same)


def by_name(name: str, rule: str) -> Named:
    """A student who is called as a file or a folder is."""
    return Named(student_id(name), "", rule)


def student_id(name: str) -> str:
    """A name as an id: one line of printable text; names that are no such thing get a hash, so that no two meet."""
    plain = unicodedata.normalize("NFC", name.strip())
    kept = clean(plain).replace("\n", " ").replace("\t", " ")[:_MOST]
    if kept == plain and kept:
        return kept
    return f"{kept.strip()}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}".lstrip("-")


def pattern_of(text: str) -> re.Pattern[str]:
    """The pattern of an instructor's own rule.

    Raises:
        CourseError: it is no regular expression, or has no group `student`.
    """
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise CourseError(f"--student-pattern: not a regular expression: {error}") from None
    if "student" not in pattern.groupindex:
        raise CourseError("--student-pattern: it needs a group (?P<student>…), such as '(?P<student>[^/_]+)_hw1'")
    return pattern


def by_pattern(pattern: re.Pattern[str], place: str) -> Named | None:
    """The student whom an instructor's rule finds in a path; None where it finds nobody."""
    match = pattern.search(place)
    if match is None or not (match["student"] or "").strip():
        return None
    return Named(student_id(match["student"]), place, "--student-pattern")
