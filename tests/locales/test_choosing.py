"""Which language is chosen, and what is said in it: by piece, in numbers and plurals, and never with a crash."""

import gettext
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import grader.locales as said
from grader.locales.catalogue import compiled

VARIABLES = ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(said, "_spoken", None)
    yield
    said._catalogue.cache_clear()


@pytest.mark.parametrize(
    ("asked", "variables", "language"),
    [
        ("hi", {"GRADER_LANG": "ru", "LC_ALL": "en_GB.UTF-8"}, "hi"),
        (None, {"GRADER_LANG": "ru", "LANG": "hi_IN.UTF-8"}, "ru"),
        (None, {"GRADER_LANG": "RU"}, "ru"),
        (None, {"GRADER_LANG": "ru-RU"}, "ru"),
        (None, {"GRADER_LANG": "fr", "LANG": "hi_IN.UTF-8"}, "hi"),
        ("fr", {"GRADER_LANG": "ru"}, "ru"),
        (None, {"LANG": "ru_RU.UTF-8"}, "ru"),
        (None, {"LANG": "ru_RU@euro"}, "ru"),
        (None, {"LC_MESSAGES": "hi_IN", "LANG": "ru_RU.UTF-8"}, "hi"),
        (None, {"LC_ALL": "C", "LANG": "ru_RU.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LANG": "ru_RU.UTF-8"}, "ru"),
        (None, {"LC_ALL": "de_DE.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
        (None, {"LANG": "POSIX"}, "en"),
        (None, {"LANG": "rumantsch"}, "en"),
        (None, {}, "en"),
    ],
)
def test_the_language_is_what_was_asked_for_first(
    monkeypatch: pytest.MonkeyPatch, asked: str | None, variables: dict[str, str], language: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert said.choose(asked) == language == said.spoken()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
@pytest.mark.parametrize(("name", "language"), [("Russian_Russia", "ru"), ("hi_IN", "hi"), ("French_France", "en"), (None, "en")])
def test_systems_without_the_variables_are_asked(
    monkeypatch: pytest.MonkeyPatch, platform: str, name: str | None, language: str
) -> None:
    monkeypatch.setattr(said.sys, "platform", platform)
    monkeypatch.setattr(said.locale, "getlocale", lambda: (name, "1251"))
    assert said.choose() == language


@pytest.mark.parametrize(
    ("language", "n", "told"),
    [
        ("en", 1, "… 1 more line"), ("en", 2, "… 2 more lines"), ("ru", 1, "… ещё 1 строка"), ("ru", 3, "… ещё 3 строки"),
        ("ru", 5, "… ещё 5 строк"), ("ru", 11, "… ещё 11 строк"), ("ru", 12, "… ещё 12 строк"), ("ru", 21, "… ещё 21 строка"),
        ("ru", 104, "… ещё 104 строки"), ("hi", 1, "… 1 पंक्ति और"), ("hi", 2, "… 2 पंक्तियाँ और"),
    ],
)  # fmt: skip
def test_plurals(language: str, n: int, told: str) -> None:
    said.choose(language)
    assert said.trn("… {n} more line", "… {n} more lines", n) == told


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [(7.5, "7.5", "7,5"), (10, "10", "10"), (0.126, "0.13", "0,13"), (0, "0", "0"), (-1.5, "-1.5", "-1,5")],
)
def test_numbers(value: float, english: str, russian: str) -> None:
    assert (said.number(value, "en"), said.number(value, "hi"), said.number(value, "ru")) == (english, english, russian)
    said.choose("ru")
    assert said.number(value) == russian


def held(monkeypatch: pytest.MonkeyPatch, **texts: str) -> None:
    """A catalogue that has these translations alone."""
    catalog = Catalog("ru", "grader", fuzzy=False)
    for english, translated in texts.items():
        catalog.add(english.replace("_", " "), translated)
    made = gettext.GNUTranslations(BytesIO(compiled(catalog)))
    monkeypatch.setattr(said, "_catalogue", lambda language: made)
    monkeypatch.setattr(said, "_spoken", "ru")


def test_what_has_no_translation_is_said_in_english_and_the_rest_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        held(patched, not_started="не начато")
        assert said.tr("not started") == "не начато"
        assert said.tr("nobody translated {this}", this=1) == "nobody translated 1"
        assert said.trn("{n} fish", "{n} fishes", 2) == "2 fishes"


@pytest.mark.parametrize("slip", ["ещё {другое}", "ещё {", "ещё {0}", "ещё {n.x}", "ещё {n:zz}", "ещё {n[0]}"])
def test_a_slip_of_a_translator_is_english_and_no_crash(monkeypatch: pytest.MonkeyPatch, slip: str) -> None:
    with monkeypatch.context() as patched:
        catalog = Catalog("ru", "grader", fuzzy=False)
        catalog.add("{n} more", slip)
        made = gettext.GNUTranslations(BytesIO(compiled(catalog)))
        patched.setattr(said, "_catalogue", lambda language: made)
        patched.setattr(said, "_spoken", "ru")
        assert said.tr("{n} more", n=3) == "3 more"


@pytest.mark.parametrize("content", [b"", b"no catalogue", b"\xde\x12\x04\x95\x00"])
def test_a_broken_catalogue_is_english_and_no_crash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "ru" / "LC_MESSAGES" / "grader.mo"
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    monkeypatch.setattr(said, "FOLDER", tmp_path)
    said._catalogue.cache_clear()
    said.choose("ru")
    assert said.tr("All of it passes.") == "All of it passes."


def test_nothing_heavy_is_imported_to_speak() -> None:
    code = "import sys; from grader.locales import choose, tr; choose('ru'); print(tr('not started'), 'babel' in sys.modules)"
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "не начато False"
