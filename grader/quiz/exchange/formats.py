"""The formats by name, and the reading and writing of files in them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.catalog.extras import install
from grader.catalog.problems import CourseError
from grader.quiz.exchange.contract import Booklet, Found, Losses

# Each name's module; a reader offers `read`, a writer `write`.
READERS = {"markdown": "markdown_reader", "gift": "gift_reader", "moodle": "moodle_reader"}
WRITERS = {
    "moodle": "moodle",
    "gift": "gift",
    "qti21": "qti21",
    "qti30": "qti30",
    "canvas": "canvas",
    "markdown": "markdown_writer",
    "html": "page",
    "pdf": "pdf",
}
# Sheets for people may go without the key; a system that marks needs it.
SHEETS = frozenset({"markdown", "html", "pdf"})
_LIBRARIES = frozenset({"lxml", "latex2mathml", "markdown_it", "mdit_py_plugins", "markdownify"})
_LARGEST = 50_000_000


def read(path: Path, form: str) -> Found:
    """What is in a file.

    Raises:
        CourseError: the file cannot be read, or is not of this format.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise CourseError(f"{path}: larger than {_LARGEST // 10**6} MB; split it")
        source = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path}: cannot be read: {error.strerror}") from None
    with _libraries():
        try:
            found: Found = _module(READERS[form]).read(source if form == "moodle" else source.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise CourseError(f"{path}: is not in UTF-8 (byte {error.start}); save it in UTF-8") from None
        except CourseError as error:
            raise CourseError(f"{path}: {error}") from None
    found.notes.sort(key=lambda note: note.line)
    return found


def write(booklets: Sequence[Booklet], form: str, with_key: bool, losses: Losses) -> bytes:
    """Banks in a format; what it cannot say goes to `losses`.

    Raises:
        CourseError: the key is to be left out where it cannot be, or something needed is not installed.
    """
    if not with_key and form not in SHEETS:
        raise CourseError(
            f"--without-key is for {', '.join(sorted(SHEETS))}; {form} is read by a system that marks, and needs the key"
        )
    with _libraries():
        data: bytes = _module(WRITERS[form]).write(booklets, with_key, losses)
    return data


def _module(name: str) -> Any:
    return importlib.import_module(f"grader.quiz.exchange.{name}")


@contextmanager
def _libraries() -> Iterator[None]:
    """A library that is not there is told with the way to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        raise CourseError(
            f"the library {error.name} is needed: {install('exchange')}; `grader doctor` tells more"
        ) from None
