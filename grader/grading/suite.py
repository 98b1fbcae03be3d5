"""Collects the tests of exercises once and runs them any number of times, inside one pytest session."""

from __future__ import annotations

import ast
import contextlib
import gc
import inspect
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError
from grader.grading.student import Names, Student
from grader.sandbox.contract import Unavailable
from grader.testing.marks import DESCRIPTIONS
from grader.testing.random import Rng

T = TypeVar("T")

_FIXTURES = ("student", "rng")

_ARGUMENTS = [
    "-s", "--strict-markers", "--noconftest", "--import-mode=importlib", "-W", "ignore", "-c", os.devnull,
    *(f"-p{name}" for name in (
        "no:terminal", "no:cacheprovider", "no:faulthandler", "no:unraisableexception", "no:threadexception", "no:logging",
        "no:junitxml", "no:pastebin", "no:doctest", "no:setuponly", "no:setupplan", "no:stepwise", "no:tmpdir", "no:monkeypatch",
        "no:recwarn", "no:legacypath", "no:debugging", "no:unittest",
    )),
]  # fmt: skip


@dataclass(frozen=True)
class Test:
    """A collected test: what its marks say, and whether it needs no more of pytest than a call.

    A function that takes nothing but our fixtures and the values of its case is called directly, which costs a hundredth of
    pytest's protocol of set-up, call and teardown; `plain` then names the fixtures. Anything else goes through the protocol.
    """

    __test__ = False

    name: str
    exercise: str
    points: float
    titles: dict[str, str]
    depends: tuple[str, ...]
    item: Any
    plain: tuple[str, ...] | None
    case: dict[str, Any]

    def title(self, language: str) -> str:
        """The title in a language; the name in words where it has none."""
        fallback = self.name.removeprefix("test_").replace("_", " ")
        return self.titles.get(language) or self.titles.get("en") or fallback


class Suite:
    """The collected tests of some exercises."""

    def __init__(self, plugin: _Plugin[Any], tests: dict[str, list[Test]]) -> None:
        self._plugin = plugin
        self.tests = tests

    def run(self, test: Test, student: Student, rng: Rng) -> BaseException | None:
        """Run one test; what it raised, or None."""
        if test.plain is not None:
            try:
                test.item.function(**{name: {"student": student, "rng": rng}[name] for name in test.plain}, **test.case)
            except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:
                return error
            return None
        self._plugin.student = student
        self._plugin.rng = rng
        self._plugin.raised = None
        # Without a next item everything is torn down, so that tests may run in any order and number.
        test.item.ihook.pytest_runtest_protocol(item=test.item, nextitem=None)
        self._plugin.student = None
        return self._plugin.raised


class _Plugin(Generic[T]):
    """Our part in the pytest session: fixtures, marks, and the loop that hands over to `work`."""

    def __init__(self, exercises: dict[Path, str], work: Callable[[Suite], T]) -> None:
        self.exercises = exercises
        self.work = work
        self.student: Student | None = None
        self.rng: Rng | None = None
        self.raised: BaseException | None = None
        self.result: list[T] = []
        self.failure: BaseException | None = None
        self.problems: list[str] = []

    @pytest.fixture(name="student")
    def student_fixture(self) -> Student | None:
        return self.student

    @pytest.fixture(name="rng")
    def rng_fixture(self) -> Rng | None:
        return self.rng

    def pytest_configure(self, config: pytest.Config) -> None:
        for line in DESCRIPTIONS:
            config.addinivalue_line("markers", line)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(report.longreprtext)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: Any, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A bare report: pytest's own formats the traceback, which costs ten times the test and would show hidden code."""
        if call.excinfo is not None and self.raised is None:
            error = call.excinfo.value
            self.raised = error if call.when == "call" else Unavailable(f"the test's {call.when} failed: {error}")
        outcome: Any = "passed" if call.excinfo is None else "failed"
        when: Any = call.when
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, when, (), call.duration)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.problems:
            return True
        tests: dict[str, list[Test]] = {name: [] for name in self.exercises.values()}
        for item in session.items:
            test = _test(item, self.exercises[item.path])
            tests[test.exercise].append(test)
        self.problems += [f"{path}: there is no test in it" for path, name in self.exercises.items() if not tests[name]]
        if self.problems:
            return True
        # What is loaded now stays; the collector need not look through torch and pytest again at every test.
        gc.collect()
        gc.freeze()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.result.append(self.work(Suite(self, tests)))
        except BaseException as error:  # carried out of pytest and raised again by `with_suite`
            self.failure = error
        finally:
            gc.unfreeze()
        return True


def _test(item: Any, exercise: str) -> Test:
    points = item.get_closest_marker("points")
    title = item.get_closest_marker("title")
    titles = dict(title.kwargs) if title else {}
    if hasattr(item, "callspec"):
        titles = {language: f"{text} [{item.callspec.id}]" for language, text in titles.items()}
    depends = tuple(str(name) for mark in item.iter_markers("depends") for name in mark.args)
    worth = float(points.args[0]) if points else 1.0
    return Test(item.name, exercise, worth, titles, depends, item, *_plain_call(item))


def _plain_call(item: Any) -> tuple[tuple[str, ...] | None, dict[str, Any]]:
    """The fixtures and the case of a test that can be called directly; None and nothing where it cannot."""
    case = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    special = {"skip", "skipif", "xfail", "usefixtures"} & {mark.name for mark in item.iter_markers()}
    if type(item) is not pytest.Function or item.cls is not None or special:
        return None, {}
    wanted = set(inspect.signature(item.function).parameters)
    if not {*wanted, *item.fixturenames} <= {*_FIXTURES, *case}:
        return None, {}
    return tuple(name for name in _FIXTURES if name in wanted), case


def with_suite(exercises: Sequence[Exercise], hidden: bool, work: Callable[[Suite], T]) -> T:
    """Collect the tests of exercises and hand them to `work`, inside one pytest session.

    Parameters:
        exercises: whose tests.
        hidden: the hidden graders, else the public tests.
        work: called once with the suite.

    Raises:
        CourseError: a test file is missing or cannot be collected.
    """
    paths = {(e.hidden_tests if hidden else e.public_tests).resolve(): e.name for e in exercises}
    for path in paths:
        if not path.is_file():
            raise CourseError(f"{path}: there is no such file; it holds the {'hidden' if hidden else 'public'} tests")
    plugin: _Plugin[T] = _Plugin(paths, work)
    with _without_pytest_environment():
        try:
            ended = pytest.main([*_ARGUMENTS, "--rootdir", str(next(iter(paths)).parent), *map(str, paths)], plugins=[plugin])
        finally:
            _forget(set(map(str, paths)))
    if plugin.failure is not None:
        raise plugin.failure
    if ended == pytest.ExitCode.INTERRUPTED and not plugin.problems and not plugin.result:
        raise KeyboardInterrupt  # pytest keeps one to itself that comes while it collects
    if plugin.problems or not plugin.result:
        text = "\n".join(plugin.problems) or "no tests were collected"
        raise CourseError(f"the tests cannot be collected:\n{text}")
    return plugin.result[0]


def _forget(files: set[str]) -> None:
    """Unload test modules: all of them are called alike, and pytest takes a loaded one for the next."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) in files:
            del sys.modules[name]


@contextlib.contextmanager
def _without_pytest_environment() -> Iterator[None]:
    """Options and plugins of other projects have no say in marks."""
    saved = {key: os.environ.pop(key) for key in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if key in os.environ}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(saved)


def parameter_names(stub: Path, entry: str) -> Names:
    """Names of the entry's parameters, as the stub gives them, for messages; none where there is no stub."""
    if not stub.is_file():
        return Names()
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == entry:
            return Names(_arguments(node))
        if isinstance(node, ast.ClassDef) and node.name == entry:
            methods = {member.name: _arguments(member)[1:] for member in node.body if isinstance(member, ast.FunctionDef)}
            return Names(methods.get("__init__", ()), methods.get("forward", ()))
    return Names()


def _arguments(function: ast.FunctionDef) -> tuple[str, ...]:
    return tuple(argument.arg for argument in function.args.args)
