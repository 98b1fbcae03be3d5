"""Keeps a submission loaded in a process while its exercises are graded."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.catalog.course import Exercise
from grader.grading.conversation import Conversation, ForbiddenReached
from grader.grading.seeds import PRACTICE_SECRET
from grader.grading.seeds import seed as seed_of
from grader.record import Outcome
from grader.record.limits import BanSpec, Limits
from grader.sandbox.contract import Ended, Sandbox, Unavailable
from grader.testing.failure import Failure, StudentError

_RESTARTS = 3


@dataclass(frozen=True)
class Submission:
    """One file of one student."""

    student: str
    filename: str
    source: bytes


class ForeignHit(Exception):
    """A call was reached that another exercise of this process forbids, so this one must run alone."""


@dataclass
class Loaded:
    """A submission in a process: what reading and loading told."""

    conversation: Conversation
    untouched: set[str]
    entries: dict[str, dict[str, Any]]
    names: list[str]
    notes: tuple[str, ...]
    flags: tuple[str, ...]


class NotLoaded(Exception):
    """The submission could not be read, loaded or started again."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome: Outcome = outcome
        self.reason = reason

    @property
    def ended(self) -> BaseException:
        """What a test that needed the process is told."""
        return Unavailable(self.reason) if self.outcome == "grader_error" else Ended("died", self.reason)


class Host:
    """Keeps a submission loaded in a process, and starts it again where it died.

    Parameters:
        sandbox: where it runs.
        base: the limits before the manifests' overrides.
        submission: what is loaded.
        exercises: that are graded in this process.
        probes: the texts of their probe files.
        open_: packages that are imported because a submission uses them; the others that forbidden calls are in stay closed.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        base: Limits,
        submission: Submission,
        exercises: Sequence[Exercise],
        probes: Sequence[str],
        open_: Collection[str] = (),
    ) -> None:
        self.probes = probes
        self.sandbox = sandbox
        self.base = base
        self.submission = submission
        self.exercises = exercises
        self.bans = bans_of(exercises, open_)
        self.closed = frozenset(package for ban in self.bans for package in ban.closed)
        self.limits = _joint_limits(base, exercises)
        self.current: Loaded | None = None
        self.known: Loaded | None = None
        self.problem: NotLoaded | None = None
        self.restarts = 0
        self.exhausted = False

    def begin(self, exercise: Exercise) -> Loaded:
        """The tests of an exercise begin; deaths in an earlier one are not held against it. Errors as in `loaded`."""
        self.restarts = 0
        if self.exhausted:
            self.problem, self.exhausted = None, False
        loaded = self.loaded()
        loaded.conversation.begin(self.base.with_overrides(exercise.manifest.limits))
        return loaded

    def ended(self, end: Ended) -> None:
        """The process is gone; the next test gets a new one, a few times."""
        if self.current is not None:
            with contextlib.suppress(Unavailable):
                self.current.conversation.process.close()
        deadline = self.current.conversation.deadline if self.current else 0.0
        changed = self.current.conversation.changed if self.current else []
        self.current = None
        # A code that hangs costs the class's time, so it gets fewer tries than one that dies.
        self.restarts += 2 if end.kind == "call_seconds" else 1
        if end.kind == "submission_seconds" or self.restarts > _RESTARTS:
            self.problem, self.exhausted = NotLoaded("error", end.text), True
            return
        try:
            self.loaded().conversation.deadline = deadline
            self.loaded().conversation.changed = changed
        except NotLoaded:
            return

    def loaded(self) -> Loaded:
        """The submission, loaded; `NotLoaded` with the reason where it cannot be, `Opened` where it must start again."""
        if self.problem is not None:
            raise self.problem
        if self.current is None:
            try:
                self.current = self.known = self._load()
            except NotLoaded as problem:
                self.problem = problem
                raise
        return self.current

    def _load(self) -> Loaded:
        size = len(self.submission.source)
        if size > self.limits.source_kb << 10:
            raise NotLoaded("error", f"the file has {size:,} bytes, more than the limit of {self.limits.source_kb} kB")
        try:
            process = self.sandbox.start(self.bans, self.limits, self.probes)
        except Unavailable as error:
            raise NotLoaded("grader_error", str(error)) from None
        conversation = Conversation(process, self.limits, self.closed)
        try:
            return self._read_and_load(conversation)
        except StudentError as error:
            line = f" (line {error.line})" if error.line is not None else ""
            raise self._stop(conversation, f"the file cannot be loaded: {str(error)[:300]}{line}") from None
        except (Failure, ForbiddenReached) as error:
            raise self._stop(conversation, f"the file cannot be loaded: {error}") from None
        except Ended as end:
            text = end.text.replace("before the call returned", "while it was loaded").replace("the call took", "loading took")
            raise self._stop(conversation, f"the file cannot be loaded: {text}") from None
        except Unavailable as error:
            raise NotLoaded("grader_error", str(error)) from None

    @staticmethod
    def _stop(conversation: Conversation, reason: str) -> NotLoaded:
        with contextlib.suppress(Unavailable):
            conversation.process.close()
        return NotLoaded("error", reason)

    def _read_and_load(self, conversation: Conversation) -> Loaded:
        entries = [exercise.manifest.entry for exercise in self.exercises]
        name, source = self.submission.filename, self.submission.source
        facts, _ = conversation.ask("read", filename=name, source=source, entries=entries)
        conversation.raise_error(facts)
        untouched = {str(entry) for entry in facts.get("untouched", [])}
        flags = tuple(f"line {line}: {text}" for line, text in facts.get("flags", []))
        if untouched >= set(entries):
            return Loaded(conversation, untouched, {}, [], (), flags)
        seed = loading_seed(self.submission.student)
        loaded, _ = conversation.ask("load", seconds=self.limits.call_seconds * 2, seed=seed, entries=entries)
        conversation.raise_error(loaded)
        try:
            notes = tuple(f"line {int(line)} was skipped: {str(text)[:200]}" for line, text in loaded["skipped"][:10])
            described = {str(key): dict(value) for key, value in loaded["entries"].items()}
            names = [str(item)[:100] for item in loaded["names"][:200]]
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise Ended("garbled", "an answer of unknown form") from None
        return Loaded(conversation, untouched, described, names, notes, flags)

    def own(self, exercise: Exercise, hit: ForbiddenReached) -> ForbiddenReached:
        """A hit with its ban counted within the exercise; `ForeignHit` where another exercise forbids the call."""
        first = 0
        for other in self.exercises:
            count = len(other.manifest.forbidden)
            if first <= hit.ban < first + count:
                if other is not exercise:
                    raise ForeignHit
                return ForbiddenReached(hit.ban - first, hit.name, hit.line)
            first += count
        return hit

    def close(self) -> None:
        """End the process."""
        if self.current is not None:
            with contextlib.suppress(Unavailable):  # what was judged is judged; the next start replaces a broken backend
                self.current.conversation.process.close()
            self.current = None


def loading_seed(student: str) -> int:
    """The seed with which a student's code is loaded; not from the course's secret, so that a record can be repeated without."""
    return seed_of(PRACTICE_SECRET, student, "", "load")


def bans_of(exercises: Sequence[Exercise], open_: Collection[str] = ()) -> tuple[BanSpec, ...]:
    """What is taken away for exercises that are graded in one process; see `Host`."""
    bans = [ban for exercise in exercises for ban in exercise.manifest.bans]
    packages = [{name.partition(".")[0] for name in ban.functions}.difference(open_) for ban in bans]
    return tuple(replace(ban, closed=tuple(sorted(names))) for ban, names in zip(bans, packages, strict=True))


def _joint_limits(limits: Limits, exercises: Sequence[Exercise]) -> Limits:
    """Limits of a process that serves several exercises: the most generous of each, and their processor time together."""
    each = [limits.with_overrides(exercise.manifest.limits).as_dict() for exercise in exercises]
    joint = {key: max(values[key] for values in each) for key in each[0]}
    joint["cpu_seconds"] = sum(values["cpu_seconds"] for values in each)
    return Limits(**joint)
