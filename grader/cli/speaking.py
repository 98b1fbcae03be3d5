"""Chooses the language before anything is said, and sees to it that no letter stops us; imports nothing slow."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, TextIO

from grader.cli.arguments import option_of
from grader.locales import choose

_LETTER = {"en": "a", "ru": "я", "hi": "क"}


def begin(arguments: Sequence[str]) -> None:
    """Choose the language before anything is said, so that errors of usage are told in it, and let no letter stop us."""
    speak(option_of(arguments, "--lang"))
    for stream in (sys.stdout, sys.stderr):
        _forgive(stream)


def _forgive(stream: TextIO) -> None:
    reconfigure: Any = getattr(stream, "reconfigure", None)
    if reconfigure is not None and not _is_utf(stream.encoding):
        reconfigure(errors="replace")


def _is_utf(encoding: str | None) -> bool:
    return (encoding or "").lower().replace("_", "-").startswith("utf")


def speak(asked: str | None) -> str:
    """Choose a language; English where the terminal has no letters for it, as question marks help nobody."""
    language = choose(asked)
    try:
        _LETTER[language].encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        language = choose("en")
    return language
