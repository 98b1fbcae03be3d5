"""Runs exercises one after the other in a thread of its own, with tests that are collected once and a process that stays warm."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.grading.backends import checking_sandbox, libraries_for
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.seeds import PRACTICE_SECRET, PRACTICE_STUDENT
from grader.grading.slips import tell
from grader.grading.suite import Suite, with_suite
from grader.grading.watching import Watching
from grader.locales import tr
from grader.progress.state import keep, load
from grader.record import Record
from grader.sandbox.contract import Unavailable
from grader.watch.cutting import Cut, CuttableSandbox
from grader.watch.events import Finished, Noted, Post, Ready, Started, Trouble
from grader.watch.warming import Key, Warming, likeliest

_END_SECONDS = 3.0


class Runner:
    """The judge of a watched course.

    Parameters:
        root: of the course.
        names: exercises or topics that are watched; all where none is named.
        language: of titles and hints.
        post: where results go.
        at_once: post a result before a known mistake is looked for, and again if one is found.
    """

    def __init__(self, root: Path, names: Sequence[str], language: str, post: Post, at_once: bool) -> None:
        self.root = root
        self.names = list(names)
        self.language = language
        self.post = post
        self.at_once = at_once
        self._changed = threading.Condition()
        self._pending: dict[str, None] = {}
        self._running = ""
        self._last = ""
        self._warming: Warming | None = None
        self._warms = False
        self._stale = False
        self._closed = False
        self._sandbox: CuttableSandbox | None = None
        self._libraries: list[str] = []
        self._warmed: set[tuple[str, Key]] = set()
        self._thread = threading.Thread(target=self._work, name="runner", daemon=True)

    # -- from other threads ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to collect."""
        self._thread.start()

    def ask(self, name: str, urgent: bool = False) -> None:
        """Run an exercise, now or after what runs; what runs is cut short if it is the same one or this is urgent."""
        with self._changed:
            self._pending = {name: None, **self._pending} if urgent else {**self._pending, name: None}
            if self._warms or (self._running and (urgent or self._running == name)):
                self._cut()
            self._changed.notify()

    def collect_again(self) -> None:
        """Tests or manifests have changed."""
        with self._changed:
            self._stale = True
            if self._running or self._warms:
                self._cut()
            self._changed.notify()

    def close(self) -> None:
        """End what runs, and the sandbox."""
        with self._changed:
            self._closed = True
            self._cut()
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(_END_SECONDS)
        if self._sandbox is not None:
            with contextlib.suppress(Unavailable, OSError):
                self._sandbox.close()

    def _cut(self) -> None:
        if self._sandbox is not None:
            self._sandbox.cut()

    # -- in the thread ---------------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._closed:
            self._stale = False
            try:
                self._collect()
            except CourseError as error:
                self.post(Trouble(str(error)))
                self._wait_for_change()
            except Exception as error:  # a fault of ours must be seen, and the next save may be free of it
                self.post(Trouble(tr("something of ours is broken: {error}", error=f"{type(error).__name__}: {error}"[:300])))
                self._wait_for_change()

    def _wait_for_change(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stale or self._closed or self._pending)

    def _collect(self) -> None:
        exercises = Course(self.root, lenient=True).select(self.names)
        if not exercises:
            raise CourseError(f"{self.root}: there are no exercises in it")
        good = [exercise for exercise in exercises if not _manifest_problem(exercise)]
        self.post(Ready(tuple(exercises)))
        all_of_them = {exercise.name: exercise for exercise in exercises}
        if len(good) == len(exercises):
            self._prepare(good)
            try:
                with_suite(good, False, lambda suite: self._serve(all_of_them, lambda work, _: work(suite), suite))
            except CourseError:  # the exercises whose tests are right can be run still
                self._serve(all_of_them, self._with_own_suite)
        else:
            self._serve(all_of_them, self._with_own_suite)

    def _with_own_suite(self, work: Callable[[Suite], None], exercise: Exercise) -> None:
        problem = _manifest_problem(exercise)
        if problem:
            raise CourseError(problem)
        self._prepare([exercise])
        with_suite([exercise], False, work)

    def _prepare(self, exercises: Sequence[Exercise]) -> None:
        """A warm process with what these exercises need."""
        libraries = libraries_for(exercises, marks=False)
        if self._sandbox is None or not set(libraries) <= set(self._libraries):
            old, self._sandbox = self._sandbox, CuttableSandbox(checking_sandbox(exercises, self.root, in_process=False))
            self._libraries = libraries
            self._warmed.clear()
            if old is not None:
                old.close()

    def _serve(
        self,
        exercises: dict[str, Exercise],
        with_tests: Callable[[Callable[[Suite], None], Exercise], None],
        suite: Suite | None = None,
    ) -> None:
        """Run what is asked for until something about the tests changes."""
        self._warming = None
        while True:
            name = self._take(exercises, suite)
            if name is None:
                return
            exercise = exercises[name]
            if self._warming is not None:
                self._warming.prefer(exercise)
            started = time.monotonic()
            self.post(Started(name))
            try:
                self._run(exercise, with_tests, started)
            except Cut:
                continue
            except CourseError as error:
                self.post(Finished(name, None, str(error), time.monotonic() - started))
            finally:
                with self._changed:
                    self._running = ""

    def _take(self, exercises: dict[str, Exercise], suite: Suite | None) -> str | None:
        """The next exercise; None where the tests are to be collected again, or it is over. Warms up while nothing is asked."""
        pause: float | None = 0.0
        while True:
            with self._changed:
                self._warms = False
                if pause != 0.0:
                    self._changed.wait_for(lambda: self._stale or self._closed or self._pending, pause)
                if self._stale or self._closed:
                    return None
                self._pending = {name: None for name in self._pending if name in exercises}
                if self._sandbox is not None:
                    self._sandbox.begin()
                if self._pending:
                    name = next(iter(self._pending))
                    del self._pending[name]
                    self._running = self._last = name
                    return name
                self._warms = True
            pause = self._warm_up(exercises, suite)

    def _warm_up(self, exercises: dict[str, Exercise], suite: Suite | None) -> float | None:
        """A little of what later saves would wait for; the seconds until the next step, None when there is none."""
        sandbox = self._sandbox
        if sandbox is None or not self._last:  # what is on the screen comes first, and decides what is likely
            return None
        try:
            if self._warming is None:
                passed = {name for name, kept in load(self.root).items() if kept.outcome == "passed"}
                order = likeliest(list(exercises.values()), self._last, passed)
                judge = None if suite is None else self._judge_of(suite, sandbox)
                self._warming = Warming(order, sandbox, judge, self._warmed)
            return self._warming.step()
        except Cut:
            return 0.0
        except Exception:  # what cannot be made ready is made at the save, which tells what is wrong
            self._warming = Warming([], sandbox, None, self._warmed)
            return None

    def _run(
        self, exercise: Exercise, with_tests: Callable[[Callable[[Suite], None], Exercise], None], started: float
    ) -> None:
        file = os.path.relpath(exercise.stub)
        try:
            source = exercise.stub.read_bytes()
        except FileNotFoundError:
            text = tr("{file} is not there; save it again, or `grader reset {name}`", file=file, name=exercise.name)
            raise CourseError(text) from None
        except OSError as error:
            raise CourseError(tr("{file} cannot be read: {reason}", file=file, reason=error.strerror)) from None
        if not source.strip():
            text = tr("{file} is empty; undo in your editor, or `grader reset {name}`", file=file, name=exercise.name)
            raise CourseError(text)
        submission = Submission(PRACTICE_STUDENT, exercise.stub.name, source)
        with_tests(lambda suite: self._judge(suite, submission, exercise, started), exercise)

    def _judge(self, suite: Suite, submission: Submission, exercise: Exercise, started: float) -> None:
        sandbox = self._sandbox
        assert sandbox is not None, "it was prepared with the suite"
        watching = Watching(suite, self.language, [])
        run = self._judge_of(watching, sandbox).grade(submission, [exercise])[0]
        sandbox.go_on()
        seconds = time.monotonic() - started
        if self.at_once:
            self._finish(exercise, run.record, watching, seconds)
        if not self._pending or not self.at_once:
            record = tell(run, submission, exercise, self._judge_of(suite, sandbox))
            if record.diagnosis or not self.at_once:
                self._finish(exercise, record, watching, seconds)
        keep(self.root, [run.record])
        self.post(Noted())

    def _judge_of(self, suite: Suite, sandbox: CuttableSandbox) -> Judge:
        return Judge(suite, sandbox, PRACTICE_SECRET, hidden=False, language=self.language)

    def _finish(self, exercise: Exercise, record: Record, watching: Watching, seconds: float) -> None:
        assert self._sandbox is not None
        protection = "" if self._sandbox.isolated else self._sandbox.name
        self.post(Finished(exercise.name, record, "", seconds, protection, watching.arrays))


def _manifest_problem(exercise: Exercise) -> str:
    try:
        _ = exercise.manifest
    except CourseError as error:
        return str(error)
    return ""
