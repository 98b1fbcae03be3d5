"""The window: one line of head, what fits of the page, one line of keys; redrawn in place, and the terminal always given back."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.segment import Segment, Segments
from rich.text import Text

from grader.locales import trn


@dataclass(frozen=True)
class Page:
    """What is to be seen: the head, the page itself, and the keys that do something here."""

    head: Text
    body: RenderableType
    foot: Text


class Screen:
    """The terminal's other screen, so that what stood in the window comes back afterwards.

    Parameters:
        out: the terminal's own stream. Whatever else is printed meanwhile is kept off the screen.

    Attributes:
        gone: whether the terminal has hung up.
        offset: the line of the page that stands first.
        height: how many lines of the page fit.
        lines: how many it has.
    """

    def __init__(self, out: IO[str]) -> None:
        self.console = Console(file=out, highlight=False)
        self.gone = False
        self.offset = 0
        self.height = 0
        self.lines = 0
        self._live: Live | None = None
        self._quiet = contextlib.ExitStack()

    def __enter__(self) -> Screen:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Take the screen."""
        sink = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # the stack closes it
        self._quiet.enter_context(sink)
        self._quiet.enter_context(contextlib.redirect_stdout(sink))
        self._quiet.enter_context(contextlib.redirect_stderr(sink))
        self._live = Live(
            Text(), console=self.console, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        self._live.start()

    def stop(self) -> None:
        """Give the screen back; may be called twice."""
        live, self._live = self._live, None
        try:
            if live is not None:
                with contextlib.suppress(OSError, ValueError):  # the terminal is gone
                    live.stop()
        finally:
            self._quiet.close()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines of the window."""
        return self.console.size.width, self.console.size.height

    def draw(self, page: Page) -> None:
        """Show a page, from the line that it is scrolled to."""
        if self._live is None:
            return
        width, height = self.size
        options = self.console.options.update(width=width, height=None)
        rows = self.console.render_lines(page.body, options, pad=False)
        while rows and not "".join(segment.text for segment in rows[-1]).strip():
            rows.pop()
        self.height, self.lines = max(1, height - 4), len(rows)
        self.offset = max(0, min(self.offset, self.lines - self.height))
        shown = rows[self.offset : self.offset + self.height]
        parts: list[Text | Segments] = [_fit(page.head, width), Text(), *(Segments(row) for row in shown)]
        parts += [Text()] * (self.height - len(shown))
        parts += [_fit(Text(self._remark(len(shown)), style="dim"), width), _fit(page.foot, width)]
        try:
            self._live.update(Group(*_lines(parts)), refresh=True)
        except OSError:
            self.gone = True

    def scroll(self, lines: int) -> None:
        """Scroll by so many lines, at the next drawing."""
        self.offset += lines

    def _remark(self, shown: int) -> str:
        below = self.lines - self.offset - shown
        if below > 0:
            return trn("… {n} more line below (space, ↓)", "… {n} more lines below (space, ↓)", below)
        if self.offset > 0:
            return trn("… {n} more line above (↑)", "… {n} more lines above (↑)", self.offset)
        return ""


def _lines(parts: Sequence[Text | Segments]) -> list[RenderableType]:
    """Rows of segments carry no end of line, texts do."""
    return [Segments([*part.segments, Segment.line()]) if isinstance(part, Segments) else part for part in parts]


def _fit(text: Text, width: int) -> Text:
    if cell_len(text.plain) <= width:
        return text
    cut = text.copy()
    cut.truncate(len(set_cell_size(text.plain, max(1, width - 1)).rstrip()))
    return cut.append("…")
