"""Options that are needed before the command line is parsed."""

from __future__ import annotations

from collections.abc import Sequence


def option_of(arguments: Sequence[str], name: str) -> str | None:
    """The value that follows an option, in either form; None where it is not given."""
    for index, word in enumerate(arguments):
        if word == name and index + 1 < len(arguments):
            return arguments[index + 1]
        if word.startswith(f"{name}="):
            return word.removeprefix(f"{name}=")
    return None
