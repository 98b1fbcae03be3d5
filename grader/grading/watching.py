"""A suite that remembers, for pictures and messages, what a judge's records leave out."""

from __future__ import annotations

from grader.grading.student import Student
from grader.grading.suite import Suite, Test
from grader.testing.failure import Compared, Failure
from grader.testing.random import Rng


class Watching(Suite):
    """A suite that notes which test runs, and the arrays of the first that fails over arrays.

    Parameters:
        suite: of public tests; nothing of hidden ones may be watched.
        language: of the titles.
        titles: where the titles of the tests that ran are added.
    """

    def __init__(self, suite: Suite, language: str, titles: list[str]) -> None:
        self.suite = suite
        self.tests = suite.tests
        self.language = language
        self.titles = titles
        self.compared: tuple[str, Compared] | None = None
        self._failed = False

    def run(self, test: Test, student: Student, rng: Rng) -> BaseException | None:
        """See `Suite.run`."""
        self.titles.append(f"“{test.title(self.language)}”")
        raised = self.suite.run(test, student, rng)
        if raised is not None and not self._failed:
            self._failed = True
            if isinstance(raised, Failure) and raised.compared is not None:
                self.compared = test.name, raised.compared
        return raised
