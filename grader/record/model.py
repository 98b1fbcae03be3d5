"""The fields of the record and its JSON form; documented for readers in docs/record.md."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

FORMAT = 1

Outcome = Literal["passed", "failed", "error", "not_started", "grader_error"]
TestOutcome = Literal["passed", "failed", "error", "skipped", "not_started", "grader_error"]


@dataclass(frozen=True)
class TestResult:
    """One test on one submission."""

    __test__: ClassVar[bool] = False  # pytest would take the name for a test class

    name: str
    title: str
    outcome: TestOutcome
    points: float
    max_points: float
    message: str = ""
    seed: int = 0
    output: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Diagnosis:
    """A known mistake that answers exactly as the submission does."""

    id: str
    hint: str


@dataclass(frozen=True)
class Versions:
    """What a verdict was computed with."""

    kit: str
    python: str
    numpy: str
    torch: str | None
    grader_hash: str


@dataclass(frozen=True)
class Record:
    """One exercise of one submission."""

    exercise: str
    submission: str
    outcome: Outcome
    score: float
    max_score: float
    tests: tuple[TestResult, ...] = ()
    diagnosis: tuple[Diagnosis, ...] = ()
    reason: str | None = None
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    source_hash: str = ""
    sandbox: str = ""
    versions: Versions | None = None
    seconds: float = 0.0
    format: int = field(default=FORMAT)


def clean(text: str) -> str:
    """Text that came from a submission without what a terminal or an encoding would choke on."""
    if text.isprintable():  # most is, and a class has a great deal of it
        return text
    kept = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return kept.encode("utf-8", "replace").decode("utf-8")


def to_json(record: Record) -> str:
    """One line of JSON."""
    return json.dumps(asdict(record), ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Record:
    """The record of a line of JSON.

    Raises:
        ValueError: the text is no record of this format; the message says what is wrong.
    """
    try:
        data: dict[str, Any] = json.loads(text)
        if data.get("format") != FORMAT:
            raise ValueError(f"format {data.get('format')!r} is not {FORMAT}")
        tests = tuple(TestResult(**test) for test in data.pop("tests"))
        diagnosis = tuple(Diagnosis(**item) for item in data.pop("diagnosis"))
        versions = data.pop("versions")
        notes, flags = tuple(data.pop("notes")), tuple(data.pop("flags"))
        made = Versions(**versions) if versions else None
        return Record(**data, tests=tests, diagnosis=diagnosis, notes=notes, flags=flags, versions=made)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a record: {error}") from None


def same_verdict(one: Record, other: Record) -> list[str]:
    """The differences between two records of one submission, apart from the time they took; empty where they agree."""
    left, right = asdict(one), asdict(other)
    for data in (left, right):
        data.pop("seconds")
    return [f"{key}: {left[key]!r} became {right[key]!r}" for key in left if left[key] != right[key]]
