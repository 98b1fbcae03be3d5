"""The catalogues are whole: every text of the code, nothing else, the same holes, all plural forms, compiled, in the wheel."""

import ast
import gettext
import re
import string
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from grader.locales.catalogue import TRANSLATED, compiled, entries, forms, load, path_of, texts_of, untranslated

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "grader"
LETTERS = {"ru": re.compile("[а-яё]", re.IGNORECASE), "hi": re.compile("[\u0900-\u097f]")}
PLURALS = {"ru": 3, "hi": 2}
MESSAGES = [(language, message) for language in TRANSLATED for message in entries(load(language))]


def named(pair: tuple[str, Message] | object) -> str:
    return str(pair) if isinstance(pair, str) else forms(pair.id)[0][:30] if isinstance(pair, Message) else repr(pair)


def in_code() -> set[tuple[str, ...]]:
    found = set()
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("tr", "trn", "later"):
                    told = node.args[: 2 if name == "trn" else 1]
                    where = f"{path.relative_to(ROOT)}:{node.lineno}: {name} needs its texts as they are, and called by that name"
                    assert isinstance(node.func, ast.Name), where
                    assert all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in told), where
                    found.add(tuple(each.value for each in told))
    return found


def holes(text: str) -> set[str]:
    return {f"{name}!{conversion}" if conversion else name for _, name, _, conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_code_is_translated_and_nothing_else(language: str) -> None:
    catalog: Catalog = load(language)
    texts = in_code()
    assert len(texts) > 30
    assert {forms(message.id) for message in entries(catalog)} == texts, "run `python -m grader.locales`, then translate"
    assert untranslated(catalog) == []
    assert not catalog.obsolete
    assert not catalog.fuzzy


@pytest.mark.parametrize(("language", "message"), MESSAGES, ids=named)
def test_a_translation_has_the_holes_and_forms_of_its_text(language: str, message: Message) -> None:
    english, translated = forms(message.id), forms(message.string)
    assert len(translated) == (PLURALS[language] if len(english) > 1 else 1)
    # The form for one thing may say "one" in words.
    wanted = {name for text in english for name in holes(text)}
    for text in translated:
        assert holes(text) | ({"n"} & wanted) == wanted
        # `{n!r}` takes a text as well as a number; so does every hole without a format of its own.
        assert text.format(**dict.fromkeys((name.partition("!")[0] for name in wanted), "7")).strip()
        assert LETTERS[language].search(text)
        assert text.strip() == text


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_the_one_that_people_edit(language: str) -> None:
    path = path_of(language)
    with path.with_suffix(".mo").open("rb") as file:
        held = gettext.GNUTranslations(file)
    assert path.with_suffix(".mo").read_bytes() == compiled(load(language)), "run `python -m grader.locales`"
    for message in entries(load(language)):
        english, translated = forms(message.id), forms(message.string)
        if len(english) == 1:
            assert held.gettext(english[0]) == translated[0]
        else:
            assert {held.ngettext(english[0], english[1], n) for n in range(12)} == set(translated)


def test_texts_are_found_wherever_a_call_stands() -> None:
    source = "a = f'x {tr(\"one\")} {3}'\nb = [trn('{n} line', '{n} lines', 4, x=tr('two'))]\nc = str('no'), attr('no')\n"
    assert set(texts_of(ast.parse(source))) == {("one",), ("{n} line", "{n} lines"), ("two",)}


@pytest.mark.parametrize("source", ["tr(text)", "tr(f'{x}')", "trn('one', many, 3)", "tr()", "tr('a' + b)"])
def test_a_text_that_cannot_be_taken_out_is_told_by_line(source: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(texts_of(ast.parse(f"\n{source}")))


def test_the_wheel_holds_the_catalogues(tmp_path: Path) -> None:
    copy = tmp_path / "kit"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    for path in [*(ENGINE / "locales").rglob("*"), ENGINE / "__init__.py"]:
        if path.is_file():
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    held = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for language in TRANSLATED:
        assert path_of(language).with_suffix(".mo").relative_to(ROOT).as_posix() in held
