"""`--help` in the reader's language, piece by piece: what no catalogue has stays English, which is what typer speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from grader.locales import later, spoken, tr, translated

# What typer says itself, as it says it.
_TYPERS = (
    later("Show this message and exit."),
    later("Install completion for the current shell."),
    later("Show completion for the current shell, to copy it or customize the installation."),
)
_HEADINGS = (later("Options:"), later("Arguments:"), later("Commands:"))
# Where a line has been broken already, a longer word would go beyond its end.
_PIECES = (later("[required]"), later("[default:"), later("[env var:"))


def spoken_help(command: Any) -> Any:
    """A command of click, and those below it, with their help in the language that was chosen; the same command.

    Nothing is done where that is English, so that nothing is lost there.
    """
    if spoken() != "en":
        for each in _all_of(command):
            _translate(each)
    return command


def _all_of(command: Any) -> Iterator[Any]:
    yield command
    for inner in getattr(command, "commands", {}).values():
        yield from _all_of(inner)


def _translate(command: Any) -> None:
    command.help, command.short_help = (translated(text or "") or None for text in (command.help, command.short_help))
    for parameter in command.params:
        for name in ("help", "show_default"):
            text = getattr(parameter, name, None)
            if isinstance(text, str):
                setattr(parameter, name, translated(text))
    command.get_help_option = _with_help(command.get_help_option)
    command.get_help = _with_headings(command.get_help)


def _with_help(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def option(context: Any) -> Any:
        found = original(context)
        if found is not None:
            found.help = translated(found.help or "")
        return found

    return option


def _with_headings(original: Callable[[Any], str]) -> Callable[[Any], str]:
    def text(context: Any) -> str:
        usage, *lines = original(context).split("\n")
        said = [tr("Usage: {call}", call=usage.removeprefix("Usage: "))]
        for line in lines:
            for piece in _PIECES:
                line = line.replace(piece, translated(piece))
            said.append(translated(line) if line in _HEADINGS else line)
        return "\n".join(said)

    return text
