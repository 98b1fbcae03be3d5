"""What a class's records say together: marks, pass rates, known mistakes, slow work, and what a person has to look at."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.record import Record, TestResult, unread
from grader.report.exports import Row, in_order, per_student, settle
from grader.report.quizwords import is_quiz

BINS = 10
_MOST_CAUSES = 15
_MOST_SLOW = 20
_FEWEST = 5  # results of an exercise from which on one can be unusually slow
_SLOW_SECONDS = 1.0
_PROVEN = ("", "bubblewrap")  # quizzes run no code

# The sandbox's own sentences. They stand in a line of their own: text of the submission stands behind "your code raised".
_LIMITS = {
    "time": r"(?:all calls together|the call|loading) took longer than [\d.e+]+ s|used more than \d+ s of processor time",
    "memory": r".*; the memory that a submission may use is limited|MemoryError\b.*",
    "output": r"printed more than \d+ MB",
    "processes": r"started more than \d+ processes",
    "died": r"the process ended by .*|the code ended the process itself .*|the process (?:is gone|has ended)",
}


@dataclass(frozen=True)
class Names:
    """What a course says about its exercises, by name; each may be empty.

    Attributes:
        topics: in the course's order.
        titles: in the report's language.
        hints: of known mistakes, by exercise and id, in the report's language.
    """

    topics: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """A known mistake and who made it; `tried` is how many began the exercise."""

    exercise: str
    id: str
    hint: str
    students: tuple[str, ...]
    tried: int


@dataclass(frozen=True)
class Cause:
    """The first failing test of answers that match no known mistake, and its message for one of them."""

    exercise: str
    title: str
    message: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Test:
    """A test over all who began its exercise."""

    __test__ = False  # pytest would take the name for a test class

    name: str
    title: str
    outcomes: Mapping[str, int]

    @property
    def tried(self) -> int:
        """How many results it has."""
        return sum(self.outcomes.values())

    @property
    def passed(self) -> int:
        """How many of them are right."""
        return self.outcomes.get("passed", 0)


@dataclass(frozen=True)
class Exercise:
    """An exercise or a quiz over the class.

    Attributes:
        outcomes: how many results ended so.
        tried: results that were begun and that no failure of ours spoilt.
        mean, max_score: points; the mean is over all results but failures of ours, None where there is none;
            of records that differ the largest maximum counts.
        median, longest: seconds of those that were begun; None where nothing was timed.
        versions: how many versions of its tests gave the marks.
        unsandboxed: results of code that ran without the sandbox.
    """

    name: str
    outcomes: Mapping[str, int]
    tried: int
    mean: float | None
    max_score: float
    tests: tuple[Test, ...]
    median: float | None
    longest: float | None
    versions: int
    unsandboxed: int


@dataclass(frozen=True)
class Slow:
    """A result that took far longer than those of others; `usual` is the median, both in seconds."""

    student: str
    exercise: str
    seconds: float
    usual: float


@dataclass(frozen=True)
class Limit:
    """A limit of the sandbox (`time`, `memory`, `output`, `processes`) that answers ran into, or `died`."""

    kind: str
    exercise: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """A result that a person has to look at.

    Attributes:
        broken: there is no certain result, and not only flags.
        unread: because part of what was handed in could not be read; else by a failure of ours.
        marked: there is a mark all the same.
        texts: reasons, or flagged lines.
    """

    student: str
    exercise: str
    broken: bool
    marked: bool
    texts: tuple[str, ...]
    unread: bool = False


@dataclass(frozen=True)
class Overview:
    """A class.

    Attributes:
        records: one per student and exercise, in order.
        rows: of `per_student`.
        totals: points of all students whose total is known.
        best: the points that there were.
        bins: students by tenth of the points; full marks are in the last.
    """

    records: tuple[Record, ...]
    rows: tuple[Row, ...]
    totals: tuple[float, ...]
    best: float
    bins: tuple[int, ...]
    mistakes: tuple[Mistake, ...]
    causes: tuple[Cause, ...]
    exercises: tuple[Exercise, ...]
    slow: tuple[Slow, ...]
    limits: tuple[Limit, ...]
    looks: tuple[Look, ...]

    @property
    def mean(self) -> float | None:
        """The mean of the totals, None where there are none."""
        return statistics.fmean(self.totals) if self.totals else None

    @property
    def median(self) -> float | None:
        """Their median."""
        return statistics.median(self.totals) if self.totals else None

    @property
    def full(self) -> int:
        """How many have all points."""
        return sum(total >= self.best - 1e-9 for total in self.totals)

    @property
    def unknown(self) -> int:
        """How many have no total because of a failure of ours."""
        return len(self.rows) - len(self.totals)


def overview(records: Iterable[Record], names: Names) -> Overview:
    """What the records of a class say; of several for one student and exercise `settle` says which counts."""
    everything = list(records)
    settled, _ = settle(everything)
    chosen = in_order(settled, names.topics)
    by_exercise: dict[str, list[Record]] = {}
    for record in chosen:
        by_exercise.setdefault(record.exercise, []).append(record)
    places = {name: place for place, name in enumerate(names.topics)}
    ordered = {name: by_exercise[name] for name in sorted(by_exercise, key=lambda n: (places.get(n, len(places)), n))}
    table = per_student(chosen, names.topics)
    totals = tuple(row["total"] for row in table.rows if isinstance(row["total"], (int, float)))
    best = max((row["max_total"] for row in table.rows if isinstance(row["max_total"], (int, float))), default=0.0)
    return Overview(
        records=tuple(chosen),
        rows=tuple(table.rows),
        totals=totals,
        best=best,
        bins=_binned(totals, best),
        mistakes=_mistakes(ordered, names),
        causes=_causes(ordered),
        exercises=tuple(_exercise(name, own) for name, own in ordered.items()),
        slow=_slow(ordered),
        limits=tuple(_limits(ordered)),
        looks=tuple(_looks(everything, chosen)),
    )


def begun(record: Record) -> bool:
    """Whether a record says something about its student's code."""
    return record.outcome not in ("not_started", "grader_error")


# -- marks and rates -----------------------------------------------------------------------------------------------------------


def _binned(totals: Sequence[float], best: float) -> tuple[int, ...]:
    # A rounding error must not put 0.1 + 0.2 of 1 below three tenths; wrong answers of a quiz may cost more than was earned.
    found = Counter(min(BINS - 1, max(0, int(total / best * BINS + 1e-9))) for total in totals if best > 0)
    return tuple(found[number] for number in range(BINS))


def _exercise(name: str, records: Sequence[Record]) -> Exercise:
    tried = [record for record in records if begun(record)]
    marked = [record.score for record in records if record.outcome != "grader_error"]
    timed = [record.seconds for record in tried if record.seconds > 0]
    return Exercise(
        name=name,
        outcomes=Counter(record.outcome for record in records),
        tried=len(tried),
        mean=statistics.fmean(marked) if marked else None,
        max_score=max(record.max_score for record in records),
        tests=_tests(tried),
        median=statistics.median(timed) if timed else None,
        longest=max(timed, default=None),
        versions=len({record.versions.grader_hash for record in tried if record.versions}),
        unsandboxed=sum(record.sandbox not in _PROVEN for record in tried),
    )


def _tests(records: Sequence[Record]) -> tuple[Test, ...]:
    titles: dict[str, str] = {}
    outcomes: dict[str, Counter[str]] = {}
    for record in records:
        for test in record.tests:
            titles[test.name] = test.title
            outcomes.setdefault(test.name, Counter())[test.outcome] += 1
    return tuple(Test(name, titles[name], counted) for name, counted in outcomes.items())


# -- mistakes ------------------------------------------------------------------------------------------------------------------


def _mistakes(ordered: Mapping[str, Sequence[Record]], names: Names) -> tuple[Mistake, ...]:
    found: list[Mistake] = []
    for exercise, records in ordered.items():
        tried = sum(map(begun, records))
        who: dict[str, list[str]] = {}
        hints: dict[str, str] = {}
        for record in records:
            for diagnosis in record.diagnosis:
                who.setdefault(diagnosis.id, []).append(record.submission)
                hints[diagnosis.id] = names.hints.get((exercise, diagnosis.id), diagnosis.hint)
        found += [Mistake(exercise, id, hints[id], tuple(students), tried) for id, students in who.items()]
    return tuple(sorted(found, key=lambda mistake: -len(mistake.students)))


def _causes(ordered: Mapping[str, Sequence[Record]]) -> tuple[Cause, ...]:
    """Numbers do not tell causes apart: each student has inputs of their own."""
    groups: dict[tuple[str, str, str], list[tuple[Record, TestResult]]] = {}
    for exercise, records in ordered.items():
        for record in records:
            test = _first_failing(record)
            if begun(record) and test is not None and not record.diagnosis and not is_quiz(record):
                message = re.sub(r"[-+]?\d[\d.e+-]*", "#", record.reason or test.message)
                groups.setdefault((exercise, "" if record.reason else test.name, message), []).append((record, test))
    found = []
    for (exercise, name, _), same in groups.items():
        record, test = same[0]
        students = tuple(each.submission for each, _ in same)
        # A reason of what failed is that of a forbidden call, which a test has reached; else nothing could be run.
        title = test.title if name or record.outcome == "failed" else ""
        found.append(Cause(exercise, title, record.reason or test.message, students))
    return tuple(sorted(found, key=lambda cause: -len(cause.students))[:_MOST_CAUSES])


def _first_failing(record: Record) -> TestResult | None:
    return next((test for test in record.tests if test.outcome in ("failed", "error")), None)


# -- outliers ------------------------------------------------------------------------------------------------------------------


def _slow(ordered: Mapping[str, Sequence[Record]]) -> tuple[Slow, ...]:
    """Results more than three quartile distances above the upper quartile, that took twice the median and a second at least."""
    found: list[Slow] = []
    for exercise, records in ordered.items():
        timed = [record for record in records if begun(record) and record.seconds > 0]
        if len(timed) < _FEWEST:
            continue
        lower, usual, upper = statistics.quantiles([record.seconds for record in timed], n=4, method="inclusive")
        edge = max(upper + 3 * (upper - lower), 2 * usual, _SLOW_SECONDS)
        found += [Slow(r.submission, exercise, r.seconds, usual) for r in timed if r.seconds > edge]
    return tuple(sorted(found, key=lambda slow: -slow.seconds)[:_MOST_SLOW])


def _limits(ordered: Mapping[str, Sequence[Record]]) -> Iterator[Limit]:
    for exercise, records in ordered.items():
        who: dict[str, list[str]] = {kind: [] for kind in _LIMITS}
        for record in records:
            for kind in _reached(record):
                who[kind].append(record.submission)
        yield from (Limit(kind, exercise, tuple(students)) for kind, students in who.items() if students)


def _reached(record: Record) -> list[str]:
    """The limits that a record tells of, each once."""
    messages = [test.message for test in record.tests if test.outcome == "error"]
    texts = "\n".join([record.reason or "", *messages]).splitlines() if record.outcome == "error" or messages else []
    lines = {text.removeprefix("the file cannot be loaded: ") for text in texts}
    return [kind for kind, sentence in _LIMITS.items() if any(re.fullmatch(sentence, line) for line in lines)]


# -- for a person --------------------------------------------------------------------------------------------------------------


def _looks(everything: Sequence[Record], chosen: Sequence[Record]) -> Iterator[Look]:
    """Results without a mark that nothing later has mended, then flags."""
    last = {(record.submission, record.exercise): record for record in everything}
    for record in chosen:
        newest = last[record.submission, record.exercise]
        broken = [test for test in newest.tests if test.outcome == "grader_error"]
        if newest.outcome == "grader_error" or broken:
            told = [newest.reason] if newest.reason else list(dict.fromkeys(f"{t.title}: {t.message}" for t in broken))
            files = unread(newest)
            marked = record.outcome != "grader_error"
            yield Look(record.submission, record.exercise, True, marked, files or tuple(told), bool(files))
    for record in chosen:
        if record.flags:
            yield Look(record.submission, record.exercise, False, record.outcome != "grader_error", record.flags)
