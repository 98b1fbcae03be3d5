"""`grader export` and `grader gradescope`: marks out of files of records, and the zip that grades on Gradescope."""

from __future__ import annotations

import functools
import json
import math
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.authoring.gradescope import SETTINGS, bundle
from grader.catalog.course import Course, Exercise, by_entry, find_course
from grader.catalog.problems import CourseError
from grader.cli.notices import warn_of_practice
from grader.record import Record, from_json, to_json, unread
from grader.report.exports import Table, as_csv, as_json, per_exercise, per_student, per_test, settle
from grader.report.gradescope import no_score

if TYPE_CHECKING:  # looked for only where records are read
    from pydantic import TypeAdapter

_MOST_TOLD = 10
_ADVICE = "`grader grade --json` writes such files"


def export_marks(
    paths: Sequence[Path],
    tests: bool,
    wide: bool,
    as_json_text: bool,
    keep_all: bool,
    bom: bool,
    output: Path | None,
    course: Path | None,
) -> int:
    """Write the marks of record files; the exit code is 0.

    Parameters:
        paths: files and folders of records; `-` is stdin.
        tests: a row per test.
        wide: a row per student, a column per exercise.
        as_json_text: JSON in the place of CSV.
        keep_all: keep earlier records of the same student and exercise.
        bom: begin CSV with a byte order mark, without which Excel does not see that it is UTF-8.
        output: the file to write; stdout where there is none.
        course: for topics and the order of exercises; the one found from here where none is named.
    """
    if wide and (tests or keep_all):
        raise CourseError(f"--wide has one cell per exercise; leave out {'--per test' if tests else '--all'}")
    if bom and as_json_text:
        raise CourseError("--bom is for CSV; JSON has no byte order mark")
    records = [record for path in paths for record in read(path)]
    if not records:
        raise CourseError(f"{', '.join(map(str, paths))}: no records in there; {_ADVICE}")
    if not keep_all:
        records, told = settle(records)
        warn(told)
    topics = _topics(course)
    table: Table = (per_student if wide else per_test if tests else per_exercise)(records, topics)
    text = as_json(table) if as_json_text else as_csv(table)
    _write(text.encode("utf-8-sig" if bom else "utf-8"), output)
    broken = [record for record in records if record.outcome == "grader_error"]
    reasons = dict.fromkeys((record.submission for record in broken), "something of ours broke; grade again")
    closed = (record.submission for record in broken if unread(record))
    reasons.update(dict.fromkeys(closed, "part of the hand-in could not be read; ask for it again"))
    if reasons:
        warn([f"no mark for {student}: {why}" for student, why in sorted(reasons.items())])
    return 0


def write_autograder(
    course: Course, exercises: Sequence[Exercise], output: Path, secret: str, language: str, allow_unsandboxed: bool
) -> int:
    """Write the zip for Gradescope and say what is in it; the exit code is 0."""
    warn_of_practice(secret)
    by_entry(exercises)
    names = [exercise.name for exercise in exercises]
    settings = {
        "exercises": names,
        "secret": secret,
        "language": language,
        "allow_unsandboxed": allow_unsandboxed,
    }
    files = {SETTINGS: json.dumps(settings, indent=2), "unfinished.json": json.dumps(no_score(language), ensure_ascii=False)}
    data = bundle(course, exercises, files)
    _write(data, output)
    points = sum(exercise.manifest.points for exercise in exercises)
    print(f"{output}: {', '.join(names)}; {points:g} points, {len(data) / 1e6:.1f} MB")
    print("It holds hidden tests and solutions: upload it as the autograder, give it to nobody.")
    if allow_unsandboxed:
        print("--allow-unsandboxed: where the sandbox does not start, a submission can read and change all of the container.")
    return 0


# -- reading ---------------------------------------------------------------------------------------------------------------------


def read(path: Path) -> Iterator[Record]:
    """The records of a file, of all `*.jsonl` and `*.json` files in a folder, or of stdin (`-`).

    Raises:
        CourseError: something cannot be read or is no record; nothing is passed over, because marks would be missing.
    """
    if str(path) == "-":
        yield from _records("stdin", sys.stdin.buffer.read())
        return
    files = [path]
    if path.is_dir():
        files = sorted(
            file for file in path.rglob("*") if file.suffix in (".jsonl", ".json") and not file.name.startswith(".")
        )
        if not files:
            raise CourseError(f"{path}: no *.jsonl or *.json files in this folder; {_ADVICE}")
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CourseError(f"{file}: cannot be read: {error.strerror}") from None
        yield from _records(str(file), data)


def _records(name: str, data: bytes) -> Iterator[Record]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(f"{name}: not UTF-8: {error.reason} at byte {error.start}; {_ADVICE}") from None
    for place, item in _items(name, text):
        try:
            # The store of the nbgrader commands wraps each record with its key.
            inner = item["record"] if isinstance(item, dict) and "record" in item else item
            yield _checked(from_json(json.dumps(inner)))
        except ValueError as error:
            raise CourseError(f"{place}: {error}; {_ADVICE}") from None


def _items(name: str, text: str) -> Iterator[tuple[str, Any]]:
    """What a file holds, with its place: an array or object over many lines, else one value per line."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if whole is not None:
        items = whole if isinstance(whole, list) else [whole]
        yield from ((f"{name}: record {number}", item) for number, item in enumerate(items, 1))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield f"{name}:{number}", json.loads(line)
            except (ValueError, RecursionError) as error:
                raise CourseError(f"{name}:{number}: not JSON: {error}; {_ADVICE}") from None


def _checked(record: Record) -> Record:
    """A record whose numbers are numbers and whose texts are text; `ValueError` otherwise."""
    from pydantic import ValidationError

    numbers: list[tuple[str, Any]] = [("score", record.score), ("max_score", record.max_score), ("seconds", record.seconds)]
    for test in record.tests:
        numbers += [("points", test.points), ("max_points", test.max_points)]
    for key, number in numbers:
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            raise ValueError(f"{key}: {number!r} is no number")
    try:
        return _form().validate_json(to_json(record), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}, not {str(first['input'])[:80]!r}") from None


@functools.cache
def _form() -> TypeAdapter[Record]:
    from pydantic import TypeAdapter

    return TypeAdapter(Record)


# -- writing ---------------------------------------------------------------------------------------------------------------------


def _topics(folder: Path | None) -> dict[str, str]:
    """The topic of each exercise, in the course's order; none where no course is named and none is found."""
    try:
        return {exercise.name: exercise.topic for exercise in find_course(folder).exercises}
    except CourseError:
        if folder is not None:
            raise
        return {}


def _write(data: bytes, output: Path | None) -> None:
    """To stdout, or to a file that is replaced as a whole."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        if output.exists() and not output.is_file():
            output.write_bytes(data)  # a pipe or a terminal is written to, not replaced
            return
        with tempfile.NamedTemporaryFile(dir=output.parent, delete=False, prefix=".new-") as file:
            file.write(data)
        os.replace(file.name, output)
    except OSError as error:
        raise CourseError(f"{output}: cannot be written: {error.strerror}") from None


def warn(sentences: Sequence[str]) -> None:
    """Print sentences on stderr, of many only the first."""
    for sentence in sentences[:_MOST_TOLD]:
        print(f"grader: {sentence}", file=sys.stderr)
    if len(sentences) > _MOST_TOLD:
        print(f"grader: … and {len(sentences) - _MOST_TOLD} more of these", file=sys.stderr)
