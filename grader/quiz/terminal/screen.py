"""Where the terminal's text goes: wrapped by the width of its letters, with colour and redrawing only where they help."""

from __future__ import annotations

import os
import sys
import unicodedata

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

_WIDEST = 96
_SPACES = "\u00a0\u2007\u2009\u202f"
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Screen:
    """A terminal, a pipe, or a terminal that a screen reader reads from.

    Attributes:
        interactive: whether somebody types, so that questions may be asked back.
        plain: text from top to bottom without colour, drawing and redrawing.
    """

    def __init__(self, plain: bool = False) -> None:
        for stream in (sys.stdin, sys.stdout):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        self.interactive = sys.stdin.isatty()
        both = self.interactive and sys.stdout.isatty()
        self.plain = plain or not both or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in ("dumb", None)
        self._console = Console(
            highlight=False, soft_wrap=True, no_color=self.plain, force_terminal=False if self.plain else None
        )
        self.width = min(self._console.width if both else 80, _WIDEST)
        if both:
            import readline  # noqa: F401  # input() edits a line with it, where letters are wider than a byte

    def page(self) -> None:
        """Begin a new page."""
        if self.plain:
            self.line("")
        else:
            self._console.clear()

    def line(self, text: str, indent: int = 0, lead: str = "", style: str = "") -> None:
        """A paragraph, wrapped; `lead` stands before its first line, further lines are indented alike."""
        start = " " * indent + lead
        hanging = " " * cell_len(start)
        for number, part in enumerate(wrapped(printable(text), self.width - len(hanging))):
            out = Text(start if number == 0 else hanging).append(part, style=style)
            out.rstrip()
            self._console.print(out)

    def choices(self, text: str, style: str = "dim") -> None:
        """A line of short things with three spaces between them, none of which is broken."""
        line = ""
        for part in text.split("   "):
            if line and cell_len(f"{line}   {part}") > self.width:
                self._console.print(Text(line, style=style))
                line = ""
            line = f"{line}   {part}" if line else part
        self._console.print(Text(line, style=style))

    def block(self, text: str, indent: int = 2) -> None:
        """Code: no wrapping."""
        bar = "    " if self.plain else " │ "
        for part in printable(text).rstrip("\n").split("\n"):
            self._console.print(Text(" " * indent).append(bar, style="dim").append(part.expandtabs(4)))

    def ask(self, prompt: str) -> str:
        """A line that is typed or piped; EOFError at the end of it."""
        if self.interactive:
            return input(f"{prompt} > " if not self.plain else f"{prompt}: ")
        text = sys.stdin.readline()
        if not text:
            raise EOFError
        return text.rstrip("\r\n")


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, broken at spaces by the width that letters take on a screen; always at least one."""
    lines: list[str] = []
    for paragraph in text.strip().splitlines() or [""]:
        current = ""
        for word in paragraph.split(" "):
            longer = f"{current} {word}" if current else word
            if current and cell_len(longer) > width:
                lines.append(current)
                current = word
            else:
                current = longer
        lines.append(current)
    return lines


def printable(text: str) -> str:
    """The text without what would move the cursor or turn the direction; the joiners of Devanagari stay."""
    return "".join(
        " " if c in _SPACES else c for c in text if c in "\n\t" or (unicodedata.category(c) != "Cc" and c not in _TURNING)
    )
