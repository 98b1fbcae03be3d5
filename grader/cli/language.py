"""The language a command speaks, decided once: `--lang`, else `GRADER_LANG`, else the system's, else English."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from grader.catalog.problems import CourseError
from grader.cli.speaking import speak
from grader.locales import LANGUAGES, known, later, tr


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
    return speak(named(value) if _given(context, parameter.name or "") else None)


def _writer(context: typer.Context, parameter: typer.CallbackParam, value: str) -> str:
    """The language of what is written for others: the machine's own language has no say in it."""
    if not _given(context, parameter.name or ""):
        return known(os.environ.get("GRADER_LANG")) or "en"
    speak(named(value))
    return named(value)


def of_records(context: typer.Context, language: str) -> str:
    """The language of titles and hints where a student's command writes records: again without the machine's own."""
    return language if _given(context, "lang") else known(os.environ.get("GRADER_LANG")) or "en"


Language = Annotated[
    str,
    typer.Option(
        "--lang", help=later("en, ru or hi; else GRADER_LANG, else the system's."), callback=_reader, show_default=False
    ),
]
RecordLanguage = Annotated[
    str, typer.Option("--lang", help=later("en, ru or hi; else GRADER_LANG, else en."), callback=_writer, show_default=False)
]
