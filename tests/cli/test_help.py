"""`--help` of the commands that students use speaks their language, and falls back to English piece by piece."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from grader.cli.app import app
from grader.cli.helping import spoken_help
from grader.locales import choose, translated
from grader.locales.catalogue import TRANSLATED

STUDENTS = ("check", "watch", "hint", "show", "reset", "submit", "doctor", "list", "upgrade", "quiz take")


def command_of(words: str) -> Any:
    """A fresh command of click."""
    found: Any = typer.main.get_command(app)
    for word in words.split():
        found = found.commands[word]
    return found


def texts(command: Any) -> Iterator[str]:
    """What a command says of itself."""
    yield command.help
    for parameter in command.params:
        for text in (parameter.help, getattr(parameter, "show_default", "")):
            if isinstance(text, str) and text:
                yield text


def page(words: str, *, spoken: bool = True) -> str:
    """The page of a command, with its lines joined again."""
    command: Any = typer.main.get_command(app)
    if spoken:
        spoken_help(command)
    context = typer.Context(command, info_name="grader")
    for word in words.split():
        command = command.commands[word]
        context = typer.Context(command, info_name=word, parent=context)
    return " ".join(command.get_help(context).split())


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("words", STUDENTS)
def test_every_text_of_a_students_command_is_translated(words: str, language: str) -> None:
    english = list(texts(command_of(words)))
    assert len(english) > 1
    choose(language)
    for text in english:
        assert translated(text) != text, text
    shown = page(words)
    for text in english:
        assert " ".join(text.split()) not in shown
        assert translated(text) in shown
    assert not any(word in shown for word in ("Usage:", "Options:", "Arguments:", "Show this message", "[default:", "[required"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_not_translated_stays_english(language: str) -> None:
    choose(language)
    shown = page("grade-all")
    assert "Grade a whole class, however it was handed in; goes on where it was stopped." in shown
    assert translated("The course's folder.") in shown
    assert "Show this message" not in shown
    assert page("", spoken=True) != page("", spoken=False)


@pytest.mark.parametrize("words", ["", *STUDENTS, "grade-all", "nbgrader", "quiz"])
def test_english_is_as_typer_writes_it(words: str) -> None:
    choose("en")
    assert page(words) == page(words, spoken=False)


@pytest.mark.parametrize("words", STUDENTS)
def test_help_and_docstring_are_one_text(words: str) -> None:
    command = command_of(words)
    assert " ".join((command.callback.__doc__ or "").split()) == command.help


@pytest.mark.parametrize(
    ("variables", "arguments", "wanted"),
    [
        ({"LANG": "ru_RU.UTF-8"}, (), "Показать эту справку"),
        ({"LANG": "ru_RU.UTF-8", "GRADER_LANG": "hi"}, (), "यह सहायता"),
        ({"GRADER_LANG": "hi"}, ("--lang", "ru"), "Показать эту справку"),
        ({"LANG": "de_DE.UTF-8"}, (), "Show this message"),
        ({"GRADER_LANG": "ru", "PYTHONIOENCODING": "ascii"}, (), "Show this message"),
    ],
)
def test_the_language_is_the_one_of_every_command(variables: dict[str, str], arguments: tuple[str, ...], wanted: str) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "GRADER_"))}
    command = [sys.executable, "-m", "grader", "check", *arguments, "--help"]
    ran = subprocess.run(command, env={**kept, "PYTHONIOENCODING": "utf-8", **variables}, capture_output=True, check=True)
    assert wanted in ran.stdout.decode("utf-8")
