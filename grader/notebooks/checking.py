"""`check()` in a notebook: the public tests on what the kernel holds, in its own process, leaving the kernel as it was."""

from __future__ import annotations

import ast
import contextlib
import functools
import linecache
import os
import random
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from grader.catalog.course import Course, Exercise, find_course, readable
from grader.catalog.problems import CourseError
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.picturing import picture_of
from grader.grading.seeds import PRACTICE_SECRET, PRACTICE_STUDENT
from grader.grading.slips import tell
from grader.grading.suite import Suite, with_suite
from grader.grading.watching import Watching
from grader.locales import tr
from grader.notebooks.place import language_here, topic_here
from grader.record import Record
from grader.record.limits import BanSpec, Limits
from grader.report.feedback import exercise_html, feedback_text, page_html
from grader.report.panels import drawing_html
from grader.report.pictures import picture_html
from grader.report.words import words
from grader.sandbox.inprocess import InProcess, InProcessSandbox

# An exercise or topic by its name, a function by its own, several of them in a list.
Asked = str | Sequence[str] | Callable[..., Any]

_running = threading.Lock()


@dataclass(frozen=True)
class CheckResult:
    """What a check found; notebooks draw it as HTML, terminals as text.

    Attributes:
        records: one per exercise that the namespace defines.
        missing: names of the exercises asked for that it does not define.
        sentences: why something was not checked, in the language.
        language: of all of it.
    """

    records: tuple[Record, ...] = ()
    missing: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    language: str = "en"
    notes: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[Mapping[str, str], ...] = ()
    drawings: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all that was asked for is there and passes."""
        whole = bool(self.records) and not self.missing and not self.sentences
        return whole and all(record.outcome == "passed" for record in self.records)

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        pieces = [feedback_text(record, self.language, notes, marks=False) for record, notes in self._with_notes()]
        return "\n\n".join([*self._sentences(), *pieces])

    def _repr_html_(self) -> str:
        pieces = [
            exercise_html(record, self.language, notes, marks=False, pictures=pictures, drawing=drawing)
            for (record, notes), pictures, drawing in zip(self._with_notes(), self.pictures, self.drawings, strict=True)
        ]
        return page_html(self.language, self._sentences(), pieces)

    def _with_notes(self) -> Iterator[tuple[Record, tuple[str, ...]]]:
        return zip(self.records, self.notes, strict=True)

    def _sentences(self) -> list[str]:
        w = words(self.language)
        total = len(self.records) + len(self.missing)
        done = sum(record.outcome == "passed" for record in self.records)
        told = [w.exercises(done, total)] if total > 1 else []
        if self.missing:
            told.append(w.missing.format(", ".join(self.missing)))
        return [*told, *self.sentences]


class NotPassed(AssertionError):
    """Tells nbgrader's validation that public tests do not pass; notebooks show its text without a traceback of ours."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


@overload
def check(*names: Asked, lang: str | None = ..., namespace: Mapping[str, Any] | None = ...) -> CheckResult:
    """The form that students call; see below."""


@overload
def check(
    *names: Asked, lang: str | None = ..., namespace: Mapping[str, Any] | None = ..., validate: bool
) -> CheckResult | None:
    """The form that graded cells call; see below."""


def check(
    *names: Asked, lang: str | None = None, namespace: Mapping[str, Any] | None = None, validate: bool = False
) -> CheckResult | None:
    """Run the public tests of exercises on what the notebook defines.

    Parameters:
        names: exercises or topics, also as the functions themselves; without any, the exercises of this notebook's topic.
        lang: en, ru or hi; else `GRADER_LANG`, else the notebook's language, else English.
        namespace: where the functions are looked up; the caller's global names by default.
        validate: as graded cells call it: nothing happens, unless nbgrader validates the notebook; then `NotPassed` is raised
            where something does not pass.

    Nothing else is raised: what goes wrong is told in the result. Random generators, warning filters and loaded modules are
    afterwards what they were.
    """
    if validate and "NBGRADER_VALIDATING" not in os.environ:
        return None
    held = sys._getframe(1).f_globals if namespace is None else namespace
    result = _guarded(names, language_here(lang, held), held)
    if validate and not result.passed:
        raise NotPassed(str(result))
    return result


def _guarded(names: Sequence[Asked], language: str, held: Mapping[str, Any]) -> CheckResult:
    w = words(language)
    if not _running.acquire(blocking=False):
        return CheckResult(sentences=(w.inner,), language=language)
    watched: list[str] = []
    try:
        with _undisturbed():
            return _check(tuple(_names(names)), language, held, watched)
    except KeyboardInterrupt:
        return CheckResult(sentences=(w.stopped.format(watched[-1] if watched else "check()"),), language=language)
    except CourseError as error:
        return CheckResult(sentences=(str(error),), language=language)
    except Exception as error:  # a traceback of ours would teach a student nothing
        told = w.broken.format(f"{type(error).__name__}: {error}"[:500])
        return CheckResult(sentences=(told,), language=language)
    finally:
        _running.release()


def _names(asked: Iterable[Any]) -> Iterator[str]:
    """The names that were meant.

    Raises:
        CourseError: something has none.
    """
    for one in asked:
        if isinstance(one, str):
            yield one
        elif isinstance(one, (list, tuple, set)):
            yield from _names(one)
        elif isinstance(name := getattr(one, "__name__", None), str):
            yield name
        else:
            raise CourseError(tr("check() takes names of exercises and topics, in quotes; {given} is none", given=repr(one)[:60]))


def _check(names: Sequence[str], language: str, held: Mapping[str, Any], watched: list[str]) -> CheckResult:
    course = find_course(lenient=True)
    asked, broken = _asked(course, names, held)
    if broken and not asked:
        raise CourseError("\n".join(broken))
    there = [exercise for exercise in asked if exercise.manifest.entry in held]
    missing = tuple(exercise.name for exercise in asked if exercise not in there)
    if not there:
        told = () if missing else (words(language).nothing_here,)
        return CheckResult(missing=missing, sentences=(*told, *broken), language=language)
    sandbox = _KernelSandbox(_module_of(held))

    def work(suite: Suite) -> list[_Checked]:
        return [_one(exercise, suite, sandbox, language, watched) for exercise in there]

    found = with_suite(there, False, work)
    notes = tuple(_notes(exercise, one.record, language) for exercise, one in zip(there, found, strict=True))
    records, pictures = tuple(one.record for one in found), tuple(one.pictures for one in found)
    return CheckResult(records, missing, tuple(broken), language, notes, pictures, tuple(one.drawing for one in found))


def _asked(course: Course, names: Sequence[str], held: Mapping[str, Any]) -> tuple[list[Exercise], list[str]]:
    """The exercises that are meant, and what is wrong with those among them whose manifest cannot be read."""
    if names:
        return readable(course.select(_by_entry(course, names)))
    topic = topic_here({exercise.topic for exercise in course.exercises}, held)
    if topic is not None:
        return readable(course.select([topic]))
    sound, _ = readable(course.exercises)
    return [exercise for exercise in sound if exercise.manifest.entry in held], []


def _by_entry(course: Course, names: Sequence[str]) -> list[str]:
    """The names, with those of exercises for those of what they ask for: `LSTM` of `lstm`."""
    known = {name for exercise in course.exercises for name in (exercise.name, exercise.topic)}
    if known.issuperset(names):
        return list(names)
    entries = {exercise.manifest.entry: exercise.name for exercise in readable(course.exercises)[0]}
    return [name if name in known else entries.get(name, name) for name in names]


@dataclass(frozen=True)
class _Checked:
    """One exercise: its record, HTML by test, HTML for the whole."""

    record: Record
    pictures: Mapping[str, str]
    drawing: str


def _one(exercise: Exercise, suite: Suite, sandbox: _KernelSandbox, language: str, watched: list[str]) -> _Checked:
    watching = Watching(suite, language, watched)
    # The known mistakes are not what is watched, so they are tried by a judge of their own.
    judge, other = (Judge(each, sandbox, PRACTICE_SECRET, hidden=False, language=language) for each in (watching, suite))
    filename, source = _source_of(vars(sandbox.held)[exercise.manifest.entry])
    submission = Submission(PRACTICE_STUDENT, filename, source)
    run = judge.grade(submission, [exercise])[0]
    record = tell(run, submission, exercise, other)
    # Drawn after the tests and by nothing that counts; an endless loop in it is stopped as one in a test is.
    watched.append(exercise.name)
    drawing = drawing_html(picture_of(exercise, submission, record, sandbox), language)
    if watching.compared is None:
        return _Checked(record, {}, drawing)
    name, arrays = watching.compared
    return _Checked(record, {name: picture_html(arrays.got, arrays.expected, arrays.wrong, language)}, drawing)


def _notes(exercise: Exercise, record: Record, language: str) -> tuple[str, ...]:
    """In this process nothing can be taken away, so a student who is done is told what will be when it counts."""
    if record.outcome != "passed" or not exercise.manifest.forbidden:
        return ()
    what = "; ".join(item.what.get(language) for item in exercise.manifest.forbidden)
    return (words(language).forbidden.format(what),)


# -- what the kernel holds -----------------------------------------------------------------------------------------------------


def _module_of(held: Mapping[str, Any]) -> types.ModuleType:
    """The names of a namespace as a module; functions keep sharing their globals with the notebook."""
    module = types.ModuleType("submission")
    vars(module).update({name: value for name, value in held.items() if not name.startswith("__")})
    return module


def _source_of(entry: Any) -> tuple[str, bytes]:
    """The file name of an entry's code and the text of its cell; no text where none is known or it is no plain Python."""
    code = _code_of(entry)
    if code is None:
        return "notebook", b""
    text = "".join(linecache.getlines(code.co_filename))
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        ast.parse(text)
        return code.co_filename, text.encode()
    return code.co_filename, b""


def _code_of(entry: Any, depth: int = 0) -> types.CodeType | None:
    """The code that an entry runs: of a function, of what a wrapper wraps, of a class' first method, of a callable object."""
    if isinstance(entry, functools.partial):
        entry = entry.func
    inner = vars(entry).get("__wrapped__") if isinstance(entry, types.FunctionType) else None
    if inner is not None and depth < 10:
        return _code_of(inner, depth + 1)
    if isinstance(entry, types.MethodType):
        entry = entry.__func__
    if isinstance(entry, types.FunctionType):
        return entry.__code__
    cls = entry if isinstance(entry, type) else type(entry)
    return next((member.__code__ for member in vars(cls).values() if isinstance(member, types.FunctionType)), None)


class _KernelProcess(InProcess):
    """A session over what the kernel holds; the student's interrupt ends the check and not just one call."""

    def request(self, frame: bytes, seconds: float) -> tuple[dict[str, Any], memoryview]:
        """See `Process.request`."""
        answer = super().request(frame, seconds)
        if isinstance(self.session.last_error, KeyboardInterrupt):
            raise KeyboardInterrupt
        return answer


class _KernelSandbox(InProcessSandbox):
    """Starts sessions over one module."""

    def __init__(self, held: types.ModuleType) -> None:
        super().__init__()
        self.held = held

    def start(self, bans: Sequence[BanSpec], limits: Limits, probes: Sequence[str] = ()) -> InProcess:
        """See `Sandbox.start`."""
        return _KernelProcess(limits, self.show, self.held)


# -- leaving the kernel as it was ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Random generators, warning filters, loaded modules and pytest's variables end as they began."""
    modules, lines = dict(sys.modules), dict(linecache.cache)
    variables = {key: value for key, value in os.environ.items() if key.startswith("PYTEST_")}
    plain, array, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")
    tensors = torch.default_generator.get_state() if torch is not None else None
    try:
        with warnings.catch_warnings():
            yield
    finally:
        random.setstate(plain)
        np.random.set_state(array)
        _restore_torch(tensors)
        for name in [name for name, module in sys.modules.items() if name not in modules and _made_up(module)]:
            del sys.modules[name]
        if "submission" in modules:
            sys.modules["submission"] = modules["submission"]
        for name in linecache.cache.keys() - lines.keys():
            del linecache.cache[name]
        for key in [key for key in os.environ if key.startswith("PYTEST_") and key not in variables]:
            del os.environ[key]
        os.environ.update(variables)


def _restore_torch(state: Any) -> None:
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    if state is not None:
        torch.default_generator.set_state(state)
    else:  # the check has imported it; what the notebook draws later must not follow from our seeds
        torch.default_generator.seed()


def _made_up(module: Any) -> bool:
    """Whether a module was not imported but made by a judge or by pytest: it has no origin on the disk."""
    spec = getattr(module, "__spec__", None)
    return spec is None or (spec.origin is None and spec.submodule_search_locations is None)
