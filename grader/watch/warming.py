"""Makes ready in idle time what the first save of an exercise would have to wait for, the most likely exercises first."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console

from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError
from grader.grading.host import Submission, bans_of
from grader.grading.judge import Judge
from grader.grading.seeds import PRACTICE_STUDENT
from grader.record.limits import BanSpec
from grader.report.terminal import details
from grader.sandbox.contract import Sandbox
from grader.watch.files import signature

MOST = 24  # sets of forbidden calls; their processes cost about 8 MB each
_POLL = 0.01  # seconds until it is looked again whether a process is there
Key = tuple[tuple[BanSpec, ...], tuple[str, ...], tuple[str, ...]]  # forbidden calls, probes and slow imports
_REHEARSAL = """
def {entry}(*arguments, **named):
    return arguments[0] if arguments else None
"""


def likeliest(exercises: Sequence[Exercise], last: str, passed: set[str]) -> list[Exercise]:
    """The exercises in the order in which a save is to be expected.

    Parameters:
        exercises: in the order of the course.
        last: the one that ran last; it comes first, then the one with the youngest file, then others of the same topic.
        passed: those that pass, of which others come first.
    """
    ages = {each.name: (signature(each.stub) or (0, 0, 0))[0] for each in exercises}
    youngest = max(ages, key=ages.__getitem__, default="")
    topic = next((each.topic for each in exercises if each.name == last), "")
    return sorted(
        exercises,
        key=lambda each: (each.name != last, each.name != youngest, each.name in passed, each.topic != topic),
    )


class Warming:
    """What is left to be made ready; a save may come between any two steps.

    Parameters:
        exercises: most likely first.
        sandbox: whose processes are made.
        judge: for a rehearsal of the public tests, where they are collected.
        warmed: what this sandbox and this judge know already; what comes is added.
    """

    def __init__(
        self, exercises: Sequence[Exercise], sandbox: Sandbox, judge: Judge | None, warmed: set[tuple[str, Key]]
    ) -> None:
        self.left = list(exercises)
        self.sandbox = sandbox
        self.judge = judge
        self.warmed = warmed
        self._kept: set[Key] = set()

    def prefer(self, exercise: Exercise) -> None:
        """An exercise was saved: the others of its topic are likely now."""
        self.left.sort(key=lambda each: (each.name != exercise.name, each.topic != exercise.topic))

    def step(self) -> float | None:
        """Do a little; the seconds after which there is more to do, or None when all is ready.

        Raises:
            Cut: a rehearsal was ended because something was saved; the next step begins it again.
        """
        while self.left:
            exercise = self.left[0]
            key = _key(exercise)
            if key is not None and (exercise.name, key) not in self.warmed and self._has_room(key):
                readiness = self.sandbox.prepare(*key)
                if readiness == "coming":
                    if key[2]:  # a slow import takes seconds; others go on meanwhile
                        self.left.append(self.left.pop(0))
                    return _POLL
                if readiness == "ready":
                    self._rehearse(exercise)
                    self.warmed.add((exercise.name, key))
                    self.left.pop(0)
                    return 0.0
            self.left.pop(0)
        return None

    def _has_room(self, key: Key) -> bool:
        if key not in self._kept and len(self._kept) >= MOST:
            return False
        self._kept.add(key)
        return True

    def _rehearse(self, exercise: Exercise) -> None:
        """Run the tests on a stand-in for a solution, so that nothing in this process is done for the first time later."""
        if self.judge is None:
            return
        source = _REHEARSAL.format(entry=exercise.manifest.entry).encode()
        run = self.judge.grade(Submission(PRACTICE_STUDENT, exercise.stub.name, source), [exercise])[0]
        Console(file=io.StringIO(), width=80).print(details(run.record, exercise.stub))


def _key(exercise: Exercise) -> Key | None:
    """What the process of an exercise is made for; None where its files are broken, which its own run will tell."""
    try:
        probe = exercise.public / "probe.py"
        probes = (probe.read_text(encoding="utf-8"),) if probe.exists() else ()
        return bans_of([exercise]), probes, exercise.manifest.preload
    except (CourseError, OSError, ValueError):
        return None
