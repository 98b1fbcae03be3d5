"""A statement for the terminal: Markdown with LaTeX becomes headings, lists and tables with formulas in Unicode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markdown import Heading, Markdown
from rich.text import Text

from grader.quiz.unlatex import in_unicode

# A block between two dollar signs that stands by itself; fences come first, a dollar in code is a dollar.
_BLOCKS = re.compile(r"(?P<fence>^(```+|~~~+).*?^\2[ \t]*$)|^\$\$(?P<display>.+?)\$\$[ \t]*$", re.DOTALL | re.MULTILINE)
_PIECES = re.compile(r"(?P<code>`+)(?P<inner>.+?)(?P=code)|\$\$(?P<display>.+?)\$\$|\$(?P<formula>[^$]+?)\$", re.DOTALL)
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~])")
_WIDEST = 96
_INDENT = 4
# Stands for a space at which a line must not be broken; rich breaks at those of Unicode, too.
_TIED = "\ue010"
_LONGEST_TIED = 30


class _LeftHeading(Heading):
    """A heading at the left; those in the middle are lost on a wide screen."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.text


class _Statement(Markdown):
    elements = {**Markdown.elements, "heading_open": _LeftHeading}  # noqa: RUF012  # rich's own form


def statement_text(markdown: str, console: Console) -> str:
    """A statement, ready to be printed.

    Parameters:
        markdown: as authors write it.
        console: where it goes; lines are broken at its width, or at 96 columns if that is less.
    """
    with console.capture() as captured:
        console.print(_renderable(markdown, console), width=width_for(console))
    text = captured.get().replace(_TIED, " ")
    # What rich fills up with spaces only makes longer lines in a pipe.
    return text if console.is_terminal else "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _renderable(markdown: str, console: Console) -> RenderableType:
    parts: list[RenderableType] = []
    for kind, text in _split(markdown):
        if parts:
            parts.append(Text())
        prose = kind == "prose"
        parts.append(_Statement(readable(text), code_theme="bw", hyperlinks=False) if prose else _formula(text, console))
    return Group(*parts)


def width_for(console: Console) -> int:
    """Columns that a statement takes: longer lines are hard to read."""
    return min(console.width, _WIDEST)


def readable(markdown: str) -> str:
    """Markdown with its formulas in Unicode, their signs protected from being read as marks, and short ones from being broken."""

    def piece(found: re.Match[str]) -> str:
        formula = found["formula"] or found["display"]
        if not formula:
            return found[0]
        text = in_unicode(formula)
        return _MARKS.sub(r"\\\1", text.replace(" ", _TIED) if len(text) <= _LONGEST_TIED else text)

    out, at = [], 0
    for block in _BLOCKS.finditer(markdown):
        if block["fence"]:
            out += [_PIECES.sub(piece, markdown[at : block.start()]), block[0]]
            at = block.end()
    return "".join([*out, _PIECES.sub(piece, markdown[at:])])


def _split(markdown: str) -> Iterator[tuple[str, str]]:
    """Prose and displayed formulas in turn."""
    at = 0
    for block in _BLOCKS.finditer(markdown):
        if block["display"] is None:
            continue
        if prose := markdown[at : block.start()].strip("\n"):
            yield "prose", prose
        yield "formula", block["display"]
        at = block.end()
    if prose := markdown[at:].strip("\n"):
        yield "prose", prose


def _formula(formula: str, console: Console) -> Text:
    """A displayed formula, its parts under each other where they do not fit into a line."""
    room = width_for(console) - _INDENT
    parts = [in_unicode(part) for part in re.split(r"\\q?quad\b", formula)]
    whole = "   ".join(part for part in parts if part)
    lines = [whole] if len(whole) <= room else [part for part in parts if part]
    return Text("\n".join(" " * _INDENT + line for line in lines), style="cyan")
