"""Reads single keys from the terminal, on every system, and leaves the terminal as it was."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

from grader.watch.events import Key, Post, Stop

_LETTERS = "hnlorqjk"
# The same keys while the keyboard is set to Russian or to Hindi (InScript).
_SAME_KEYS = {
    **dict(zip("ртдщкйол", _LETTERS, strict=True)),
    **dict(zip("पलतदीौरक", _LETTERS, strict=True)),
}
_SEQUENCES = {
    "[A": "up", "OA": "up", "[B": "down", "OB": "down", "[5~": "pageup", "[6~": "pagedown", "[H": "home", "[F": "end",
    "[1~": "home", "[4~": "end", "OH": "home", "OF": "end",
}  # fmt: skip
_WINDOWS = {"H": "up", "P": "down", "I": "pageup", "Q": "pagedown", "G": "home", "O": "end"}
_WAIT = 0.1


def named(text: str) -> Iterator[str]:
    """The names of the keys in what a terminal sent."""
    at = 0
    while at < len(text):
        if text[at] == "\x1b":
            length = _sequence(text, at + 1)
            yield _SEQUENCES.get(text[at + 1 : at + 1 + length], "escape" if length == 0 else "")
            at += 1 + length
            continue
        letter = text[at].lower()
        yield {" ": "pagedown", "\r": "enter", "\n": "enter"}.get(letter, _SAME_KEYS.get(letter, letter))
        at += 1


def _sequence(text: str, at: int) -> int:
    """How long the rest of an escape sequence is."""
    if text[at : at + 1] not in ("[", "O"):
        return 0
    end = at + 1
    while end < len(text) and not ("@" <= text[end] <= "~"):
        end += 1
    return end - at + 1 if end < len(text) else len(text) - at


class Keys:
    """The keyboard, read by a thread.

    Parameters:
        post: where keys are told.
    """

    def __init__(self, post: Post) -> None:
        self.post = post
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._before: list[Any] | None = None

    def start(self) -> None:
        """Take the terminal out of line mode and read."""
        self._stop = threading.Event()
        work = self._read_windows
        if sys.platform != "win32":
            import termios
            import tty

            self._before = termios.tcgetattr(sys.stdin.fileno())
            tty.setcbreak(sys.stdin.fileno())
            work = self._read
        self._thread = threading.Thread(target=work, args=(self._stop,), name="keys", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave the terminal as it was; may be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(1.0)
            self._thread = None
        if sys.platform != "win32" and self._before is not None:
            import termios

            with contextlib.suppress(termios.error, OSError):  # the terminal is gone
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)
            self._before = None

    def _read(self, stop: threading.Event) -> None:
        import select

        descriptor = sys.stdin.fileno()
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        while not stop.is_set():
            try:
                if not select.select([descriptor], [], [], _WAIT)[0]:
                    continue
                data = os.read(descriptor, 1024)
            except (OSError, ValueError):
                data = b""
            if not data:
                self.post(Stop(0))
                return
            self._tell(decoder.decode(data))

    def _read_windows(self, stop: threading.Event) -> None:
        if sys.platform == "win32":
            import msvcrt

            while not stop.wait(_WAIT / 2):
                while msvcrt.kbhit():
                    letter = msvcrt.getwch()
                    if letter in ("\x00", "\xe0"):
                        self.post(Key(_WINDOWS.get(msvcrt.getwch(), "")))
                    else:
                        self._tell(letter)

    def _tell(self, text: str) -> None:
        for name in named(text):
            if name:
                self.post(Key(name))
