"""How far a long command is: a live display in a terminal, a line now and then where there is none."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

_EVERY = 10.0  # seconds between plain lines


class Rate(TextColumn):
    """Submissions per second."""

    def __init__(self) -> None:
        super().__init__("{task.speed:.1f}/s")

    def render(self, task):  # type: ignore[no-untyped-def]  # of rich's signature
        """See rich."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


class Watch:
    """Progress on stderr, one thing after the other; rates are of a clock that nobody can set."""

    def __init__(self) -> None:
        self.live = sys.stderr.isatty()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
        self.progress = Progress(*columns, console=Console(stderr=True), transient=True, disable=not self.live)
        self.task: TaskID | None = None
        self.what, self.total, self.done = "", 0, 0
        self.started = self.told = time.monotonic()

    def __enter__(self) -> Watch:
        self.progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.progress.stop()

    def begin(self, what: str, total: int) -> None:
        """From here on something else is counted."""
        if self.task is not None:
            self.progress.remove_task(self.task)
        self.task = self.progress.add_task(what, total=total)
        self.what, self.total, self.done = what, total, 0
        self.started = self.told = time.monotonic()

    def advance(self) -> None:
        """One more is done."""
        self.done += 1
        if self.task is not None:
            self.progress.advance(self.task)
        now = time.monotonic()
        if not self.live and now - self.told >= _EVERY:
            self.told = now
            print(self.line(now - self.started), file=sys.stderr, flush=True)

    def drop(self) -> None:
        """One less is to be done than was thought."""
        self.total -= 1
        if self.task is not None:
            self.progress.update(self.task, total=self.total)

    def line(self, seconds: float) -> str:
        """The state in words, after so many seconds."""
        rate = self.done / seconds if seconds > 0 else 0.0
        left = _duration((self.total - self.done) / rate) if rate else "?"
        return f"{self.what}: {self.done} of {self.total}, {rate:.1f}/s, {left} left"

    def note(self, text: str) -> None:
        """A sentence between."""
        if self.live:
            self.progress.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def mistakes_tried() -> Iterator[Callable[[str, int, int], None]]:
    """Show in a terminal how far the known mistakes of exercises are run: what to call before each exercise; see `seal_slips`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task: list[TaskID] = []

        def step(name: str, number: int, count: int) -> None:
            if not task:
                task.append(progress.add_task("", total=count))
            progress.update(task[0], description=f"known mistakes of {name}", completed=number, total=count)

        yield step


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
