"""A suite that remembers, for pictures and messages, what a judge's records leave out."""

from __future__ import annotations

from grader.grading.student import Student
from grader.grading.suite import Suite, Test
from grader.testing.failure import Compared, Failure
from grader.testing.random import Rng


class Watching(Suite):
    """A suite that notes which test runs, and the arrays of those that fail over arrays.

    Parameters:
        suite: of public tests; nothing of hidden ones may be watched.
        language: of the titles.
        titles: where the titles of the tests that ran are added.

    Attributes:
        compared: of the first test that fails, if it is about arrays: its name and the arrays.
        arrays: of each test that fails over arrays, by its name.
    """

    def __init__(self, suite: Suite, language: str, titles: list[str]) -> None:
        self.suite = suite
        self.tests = suite.tests
        self.language = language
        self.titles = titles
        self.compared: tuple[str, Compared] | None = None
        self.arrays: dict[str, Compared] = {}
        self._failed = False

    def run(self, test: Test, student: Student, rng: Rng) -> BaseException | None:
        """See `Suite.run`."""
        self.titles.append(f"“{test.title(self.language)}”")
        raised = self.suite.run(test, student, rng)
        if isinstance(raised, Failure) and raised.compared is not None:
            self.arrays[test.name] = raised.compared
            if not self._failed:
                self.compared = test.name, raised.compared
        self._failed = self._failed or raised is not None
        return raised
