"""The loop: takes one event after the other, remembers what is to be seen, and draws it."""

from __future__ import annotations

import os
import queue
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import RenderableType

from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError
from grader.progress.standing import next_place
from grader.record import Record
from grader.watch import pages
from grader.watch.events import (
    Event,
    Finished,
    Key,
    Noted,
    Ready,
    Resized,
    Saved,
    Started,
    Stop,
    Suspend,
    Trouble,
)
from grader.watch.hinting import Hint
from grader.watch.keys import Keys
from grader.watch.runner import Runner
from grader.watch.screen import Page, Screen

_SLOW = 0.4  # seconds after which a run is worth a word
_TICK = 0.2
Statement = Callable[[Exercise, str, int], RenderableType]


class Session:
    """What a student watches.

    Parameters:
        root: of the course.
        language: of texts.
        runner: runs exercises.
        events: what happens.
        statement: how the statement of an exercise is shown in a language, in so many columns.
        hint: which hint is shown.
    """

    def __init__(
        self, root: Path, language: str, runner: Runner, events: queue.SimpleQueue[Event], statement: Statement, hint: Hint
    ) -> None:
        self.root = root
        self.language = language
        self.runner = runner
        self.events = events
        self.statement = statement
        self.hint = hint
        self.exercises: dict[str, Exercise] = {}
        self.current = ""
        self.view = "result"
        self.shown: dict[str, pages.Shown] = {}
        self.hints: list[str] = []
        self.trouble = ""
        self.running: tuple[str, float] | None = None

    def loop(self, screen: Screen, keys: Keys) -> int:
        """Until it is to end; the exit code."""
        self._draw(screen)
        while not screen.gone:
            try:
                event = self.events.get(timeout=_TICK)
            except queue.Empty:
                if self.running is not None and time.monotonic() - self.running[1] > _SLOW:
                    self._draw(screen)
                continue
            if isinstance(event, Stop):
                return event.code
            if isinstance(event, Suspend):
                _suspend(screen, keys)
            elif isinstance(event, Key):
                if event.name == "q":
                    return 0
                self._key(event.name, screen)
            elif not self._happened(event, screen):
                continue
            self._draw(screen)
        return 1

    # -- what happens ----------------------------------------------------------------------------------------------------------

    def _happened(self, event: Event, screen: Screen) -> bool:
        """Take note; whether something is to be drawn."""
        if isinstance(event, Saved):
            return self._saved(event, screen)
        if isinstance(event, Ready):
            self._ready(event)
        elif isinstance(event, Started):
            self.running = (event.exercise, time.monotonic())
            return False
        elif isinstance(event, Finished):
            self._finished(event, screen)
        elif isinstance(event, Noted):
            return self.view == "list"
        elif isinstance(event, Trouble):
            self.trouble = event.text
        return isinstance(event, (Ready, Finished, Trouble, Resized))

    def _saved(self, event: Saved, screen: Screen) -> bool:
        if event.tests:
            self.runner.collect_again()
        elif event.exercise in self.exercises:
            self._turn_to(event.exercise, screen)  # who saves wants to see the result
            self.runner.ask(event.exercise)
        return False

    def _ready(self, event: Ready) -> None:
        self.exercises = {exercise.name: exercise for exercise in event.exercises}
        self.trouble = ""
        if self.current not in self.exercises:
            place = next_place(pages.places_of(self.root, self.language, event.exercises))
            self.current = place.step.name if place is not None else event.exercises[0].name
        self.runner.ask(self.current)

    def _finished(self, event: Finished, screen: Screen) -> None:
        self.running = None
        before = self.shown.get(event.exercise)
        self.shown[event.exercise] = pages.Shown(event, time.time())
        if event.exercise == self.current and not _same_result(before, event):
            self.hints = []
            if self.view == "result":
                screen.offset = 0

    def _key(self, name: str, screen: Screen) -> None:
        lines = {"up": -1, "k": -1, "down": 1, "j": 1, "pageup": -screen.height, "pagedown": screen.height,
                 "home": -screen.lines, "end": screen.lines}.get(name)  # fmt: skip
        if lines is not None:
            screen.scroll(lines)
        elif name in ("l", "o"):
            asked = "list" if name == "l" else "statement"
            self._show("result" if self.view == asked else asked, screen)
        elif name in ("escape", "enter"):
            self._show("result", screen)
        elif not self.exercises:
            return
        elif name == "h":
            self._hint(screen)
        elif name == "n":
            self._next(screen)
        elif name == "r":
            self._show("result", screen)
            self.runner.ask(self.current, urgent=True)

    def _show(self, view: str, screen: Screen) -> None:
        self.view = view
        screen.offset = 0

    def _hint(self, screen: Screen) -> None:
        self._show("result", screen)
        shown = self.shown.get(self.current)
        record: Record | None = shown.finished.record if shown else None
        try:
            text = self.hint(self.exercises[self.current], record, self.language)
        except CourseError as error:
            text = str(error)
        if text and text not in self.hints:
            self.hints.append(text)
        screen.offset = sys.maxsize  # hints stand at the end

    def _next(self, screen: Screen) -> None:
        place = next_place(pages.places_of(self.root, self.language, list(self.exercises.values())), after=self.current)
        if place is None or place.step.name == self.current:
            self._show("result", screen)
            return
        self._turn_to(place.step.name, screen)
        self.runner.ask(self.current, urgent=True)

    def _turn_to(self, exercise: str, screen: Screen) -> None:
        """Show an exercise's result, from its first line if it is another one."""
        if exercise != self.current:
            self.current, self.hints, screen.offset = exercise, [], 0
        if self.view != "result":
            self._show("result", screen)

    # -- drawing ---------------------------------------------------------------------------------------------------------------

    def _draw(self, screen: Screen) -> None:
        exercise = self.exercises.get(self.current)
        shown = self.shown.get(self.current)
        running = time.monotonic() - self.running[1] if self.running and self.running[0] == self.current else None
        if running is not None and running < _SLOW:
            running = None
        screen.draw(Page(pages.head(exercise, shown, running), self._body(exercise, shown, screen), pages.foot(self.view)))

    def _body(self, exercise: Exercise | None, shown: pages.Shown | None, screen: Screen) -> RenderableType:
        if self.view == "list" and self.exercises:
            return pages.listing(self.root, self.language, list(self.exercises.values()), self.current, screen.size[0])
        if self.view == "statement" and exercise is not None:
            return self.statement(exercise, self.language, screen.size[0])
        file = called(exercise.stub) if exercise is not None else Path()
        return pages.result(shown, file, self.hints, self.trouble, screen.console.options)


def _same_result(before: pages.Shown | None, event: Finished) -> bool:
    """Whether a run only repeats what stands there, so that the page keeps its place."""
    if before is None:
        return False
    one, other = before.finished.record, event.record
    if one is None or other is None:
        return one is other and before.finished.problem == event.problem
    return (one.outcome, one.reason, one.tests) == (other.outcome, other.reason, other.tests)


def called(path: Path) -> Path:
    """A file as people in this folder call it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


def _suspend(screen: Screen, keys: Keys) -> None:
    """Stop as the shell expects it, with the terminal given back, and take it again when the shell lets us go on."""
    if sys.platform == "win32":
        return
    keys.stop()
    screen.stop()
    mine = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.kill(os.getpid(), signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, mine)
        screen.start()
        keys.start()
