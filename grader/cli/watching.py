"""`grader watch`: runs an exercise at every save and shows the result in place."""

from __future__ import annotations

import os
import queue
import sys
from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.text import Text

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.cli.statements import statement_text
from grader.locales import tr
from grader.watch.events import Event
from grader.watch.files import Files
from grader.watch.hinting import hints_of
from grader.watch.keys import Keys
from grader.watch.plainly import print_results
from grader.watch.runner import Runner
from grader.watch.screen import Screen
from grader.watch.session import Session
from grader.watch.signals import told


def watch_exercises(course: Course, names: Sequence[str], language: str) -> int:
    """Watch until it is ended; the exit code.

    Parameters:
        course: that is watched.
        names: exercises or topics; all where none is named.
        language: of texts.
    """
    if not course.select(names):  # a slip in a name is told before anything starts, too
        raise CourseError(tr("{folder}: there are no exercises in it", folder=course.root))
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    window = _has_window()
    runner = Runner(course.root, names, language, events.put, at_once=window)
    files = Files(course.root, events.put)
    with told(events.put, window):
        files.start()
        runner.start()
        try:
            if not window:
                return print_results(course.root, language, runner, events)
            keys = Keys(events.put)
            session = Session(course.root, language, runner, events, statement, hints_of(course.root))
            with Screen(sys.stdout) as screen:
                try:
                    keys.start()
                    return session.loop(screen, keys)
                finally:
                    keys.stop()
        finally:
            files.close()
            runner.close()


def _has_window() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") != "dumb"


def statement(exercise: Exercise, language: str, width: int) -> RenderableType:
    """The statement, with formulas in Unicode."""
    path = exercise.statement(language)
    try:
        # Written to a string it would lose its colours, for that is no terminal.
        console = Console(width=width, force_terminal=True)
        return Text.from_ansi(statement_text(path.read_text(encoding="utf-8"), console))
    except (OSError, UnicodeDecodeError) as error:
        return Text(tr("{file} cannot be read: {reason}", file=path, reason=error))
