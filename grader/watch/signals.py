"""Signals as events, so that whatever ends or stops the watching gives the terminal back first."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

from grader.watch.events import Event, Post, Resized, Stop, Suspend

Handler = Callable[[int, FrameType | None], None]


@contextlib.contextmanager
def told(post: Post, window: bool) -> Iterator[None]:
    """Post signals meanwhile; a second Ctrl-C interrupts at once.

    Parameters:
        post: where they go.
        window: whether there is a window, which can be resized and left by Ctrl-Z.
    """
    interrupted = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        if interrupted:
            raise KeyboardInterrupt
        interrupted = True
        post(Stop(130))

    def posting(event: Event) -> Handler:
        return lambda _number, _frame: post(event)

    wanted: dict[str, Handler] = {"SIGINT": interrupt, "SIGTERM": posting(Stop(143)), "SIGHUP": posting(Stop(129))}
    if window:
        wanted |= {"SIGTSTP": posting(Suspend()), "SIGWINCH": posting(Resized())}
    before = {}
    try:
        for name, handler in wanted.items():
            number = getattr(signal, name, None)  # Windows has but the first two
            if number is not None:
                before[number] = signal.signal(number, handler)
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
