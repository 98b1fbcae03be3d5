"""Real commands in Russian and Hindi: by option, variable and locale, on terminals that lack the letters, and in records."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = str(Path(__file__).resolve().parents[2])
LETTERS = {"ru": re.compile("[а-яё]", re.IGNORECASE), "hi": re.compile("[\u0900-\u097f]")}
NOTHING = {"GRADER_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}


def grader(*arguments: object, cwd: Path, encoding: str = "utf-8", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **NOTHING, "PYTHONPATH": HERE, "COLUMNS": "120", **variables},
        capture_output=True,
        encoding=encoding,
        timeout=400,
        check=False,
    )


@pytest.fixture
def course(build: Any) -> Path:
    """Two exercises, one of them done wrongly."""
    for name in ("scale", "centre"):
        build.exercise(name)
    root: Path = build.root
    wrong = "def scale(x, factor=2.0):\n    print('hello')\n    return x + factor\n"
    (root / "exercises" / "basics" / "scale" / "scale.py").write_text(wrong, encoding="utf-8")
    return root


RUSSIAN = ["не начато", "На число", "получено", "ожидалось", "неверных значений", "ваш код напечатал", "Дальше: исправьте scale"]
HINDI = ["शुरू नहीं किया", "संख्या से", "मिला", "अपेक्षित", "मान ग़लत हैं", "आपके कोड ने छापा", "आगे: scale को ठीक कीजिए"]


@pytest.mark.parametrize(
    ("arguments", "variables", "told"),
    [
        ([], {"LANG": "ru_RU.UTF-8"}, RUSSIAN),
        ([], {"GRADER_LANG": "hi", "LANG": "ru_RU.UTF-8"}, HINDI),
        (["--lang", "ru"], {"GRADER_LANG": "hi"}, RUSSIAN),
        (["--lang=hi"], {"LC_ALL": "C"}, HINDI),
    ],
)
def test_check_speaks_the_language(course: Path, arguments: list[str], variables: dict[str, str], told: list[str]) -> None:
    done = grader("check", *arguments, cwd=course, **variables)
    assert (done.returncode, done.stderr) == (1, "")
    for text in told:
        assert text in done.stdout
    for english in ("not started", "expected", "returned", "values are off", "Next:", "printed"):
        assert english not in done.stdout


@pytest.mark.parametrize("variables", [{"PYTHONIOENCODING": "ascii", "LANG": "ru_RU.UTF-8"}, {"PYTHONIOENCODING": "latin-1"}])
@pytest.mark.parametrize("language", ["ru", "hi"])
def test_a_terminal_without_the_letters_gets_english(course: Path, language: str, variables: dict[str, str]) -> None:
    done = grader("check", "--lang", language, cwd=course, encoding="latin-1", **variables)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Next: mend scale" in done.stdout


def test_the_locale_c_is_english(course: Path) -> None:
    done = grader("list", cwd=course, LANG="C")
    assert (done.returncode, "scale en" in done.stdout) == (0, True)
    assert "basics ru" in grader("list", cwd=course, LANG="ru_RU.UTF-8").stdout


def test_records_do_not_depend_on_the_locale(course: Path) -> None:
    stub = course / "exercises" / "basics" / "scale" / "scale.py"
    for command in (["check", "--json", "scale"], ["grade", "--json", "--allow-unsandboxed", "scale", stub]):
        plain, russian, asked = (
            [json.loads(line) for line in grader(*command, *more, cwd=course, **variables).stdout.splitlines()]
            for more, variables in (([], {"LANG": "C"}), ([], {"LANG": "ru_RU.UTF-8"}), (["--lang", "ru"], {}))
        )
        for records in (plain, russian, asked):
            for record in records:
                del record["seconds"]
        assert plain == russian
        assert asked[0]["tests"][0]["title"] == "На число"
        assert [t["message"] for t in asked[0]["tests"]] == [t["message"] for t in plain[0]["tests"]]


@pytest.mark.parametrize("language", ["ru", "hi"])
@pytest.mark.parametrize(
    ("arguments", "held"),
    [
        (["check", "--foo"], "--foo"), (["chek"], "chek"), (["check", "scal"], "'scale'"), (["check", "--lang"], "--lang"),
        (["check", "--lang", "de"], "en, ru, hi"), (["check", "--json=3"], "--json"), (["quiz", "take"], "QUIZ"),
        (["quiz", "take", "no.json"], "no.json"), (["list", "--course", "nowhere"], "exercises"),
        (["check", "--pdb"], "--in-process"), (["new", "a", "b", "c"], "b c"), (["verify", "--seeds", "x"], "--seeds"),
    ],
)  # fmt: skip
def test_errors_are_told_in_the_language(course: Path, language: str, arguments: list[str], held: str) -> None:
    done = grader(*arguments, cwd=course, GRADER_LANG=language)
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("grader: ")
    assert held in last
    assert LETTERS[language].search(last)
    assert "Traceback" not in done.stderr


def test_a_wrong_language_names_the_three_in_english(course: Path) -> None:
    done = grader("list", "--lang", "de", cwd=course)
    assert (done.returncode, done.stderr) == (2, "grader: --lang: 'de' is none of en, ru, hi\n")
