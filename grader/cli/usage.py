"""Wrong calls of the commands, told in the reader's language: typer's own errors speak English only."""

from __future__ import annotations

import sys
from typing import Any

import typer

from grader.locales import tr, trn

# Newer releases of typer bring their own copy of click; this is the base of either's errors of usage.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
USAGE = 2


def tell(error: Any) -> int:
    """Say what is wrong with a call, and how to learn more; the exit code."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message(), file=sys.stderr)
        return USAGE
    if context is not None:
        print(tr("Usage: {call}", call=context.get_usage().removeprefix("Usage: ")), file=sys.stderr)
        print(tr("`{command} --help` tells more.", command=context.command_path), end="\n\n", file=sys.stderr)
    print(f"grader: {_sentence(error)}", file=sys.stderr)
    return USAGE


def _sentence(error: Any) -> str:
    """The error in words of ours; typer's where it is a kind that we do not know."""
    english = str(error.format_message())
    name = getattr(error, "option_name", "")
    match type(error).__name__:
        case "NoSuchOption":
            return _suggested(tr("there is no option {name}", name=name), error.possibilities)
        case "BadOptionUsage" if "does not take" in english:
            return tr("the option {name} takes no value", name=name)
        case "BadOptionUsage":
            return tr("the option {name} needs a value", name=name)
        case "MissingParameter" if error.param is not None:
            return tr("{name} is missing", name=_hint(error))
        case "BadParameter" if error.param is not None:
            return tr("{name}: this value does not fit: {reason}", name=_hint(error), reason=error.message)
    if english.startswith("No such command"):
        return tr("there is no command {name}", name=english.split("'")[1] if "'" in english else "")
    if english.startswith("Got unexpected extra argument"):
        words = english.rpartition("(")[2].rstrip(").").split()
        return trn("one word is too many: {words}", "{n} words are too many: {words}", len(words), words=" ".join(words))
    return english


def _suggested(text: str, nearest: list[str] | None) -> str:
    return tr("{text}; did you mean {options}?", text=text, options=", ".join(nearest)) if nearest else text


def _hint(error: Any) -> str:
    parameter = error.param
    return " / ".join(parameter.opts) if parameter.param_type_name == "option" else str(parameter.name).upper()
