"""The language a command speaks, decided once: `--lang`, else `GRADER_LANG`, else the system's, else English."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any, TextIO

import typer

from grader.catalog.problems import CourseError
from grader.cli.arguments import option_of
from grader.locales import LANGUAGES, choose, known, tr

_LETTER = {"en": "a", "ru": "я", "hi": "क"}


def begin(arguments: Sequence[str]) -> None:
    """Choose the language before anything is said, so that errors of usage are told in it, and let no letter stop us."""
    _speak(option_of(arguments, "--lang"))
    for stream in (sys.stdout, sys.stderr):
        _forgive(stream)


def _forgive(stream: TextIO) -> None:
    reconfigure: Any = getattr(stream, "reconfigure", None)
    if reconfigure is not None and not _is_utf(stream.encoding):
        reconfigure(errors="replace")


def _is_utf(encoding: str | None) -> bool:
    return (encoding or "").lower().replace("_", "-").startswith("utf")


def _speak(asked: str | None) -> str:
    """Choose a language; English where the terminal has no letters for it, as question marks help nobody."""
    language = choose(asked)
    try:
        _LETTER[language].encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        language = choose("en")
    return language


def named(value: str) -> str:
    """The language of `--lang`; `CourseError` names the three where it is none of them."""
    language = known(value)
    if language is None:
        raise CourseError(tr("--lang: {value!r} is none of {languages}", value=value, languages=", ".join(LANGUAGES)))
    return language


def _given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _reader(context: typer.Context, parameter: typer.CallbackParam, value: str) -> str:
    """The reader's language, whatever default stands in a command's signature."""
    return _speak(named(value) if _given(context, parameter.name or "") else None)


def _writer(context: typer.Context, parameter: typer.CallbackParam, value: str) -> str:
    """The language of what is written for others: the machine's own language has no say in it."""
    if not _given(context, parameter.name or ""):
        return known(os.environ.get("GRADER_LANG")) or "en"
    _speak(named(value))
    return named(value)


def of_records(context: typer.Context, language: str) -> str:
    """The language of titles and hints where a student's command writes records: again without the machine's own."""
    return language if _given(context, "lang") else known(os.environ.get("GRADER_LANG")) or "en"


Language = Annotated[
    str,
    typer.Option("--lang", help="en, ru or hi; else GRADER_LANG, else the system's.", callback=_reader, show_default=False),
]
RecordLanguage = Annotated[
    str, typer.Option("--lang", help="en, ru or hi; else GRADER_LANG, else en.", callback=_writer, show_default=False)
]
