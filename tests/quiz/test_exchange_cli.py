"""`grader quiz import` and `grader quiz export` as people run them."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner, Result

from grader.catalog.problems import CourseError
from grader.cli.app import app
from grader.quiz.bank import read_bank

SOUND = Path(__file__).parent / "banks" / "sound.yaml"
FORMATS = {"moodle": "xml", "gift": "gift", "qti21": "zip", "qti30": "zip", "canvas": "zip", "markdown": "md", "html": "html"}


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, ["quiz", *map(str, arguments)])
    if isinstance(result.exception, CourseError):
        raise result.exception
    return result


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
@pytest.mark.parametrize(("form", "ending"), FORMATS.items())
def test_export(tmp_path: Path, form: str, ending: str, language: str) -> None:
    to = tmp_path / "deep" / f"sound.{ending}"
    done = run("export", SOUND, "--as", form, "--to", to, "--lang", language)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].startswith(f"{to}: 10 questions, ")
    first = to.read_bytes()
    run("export", SOUND, "--as", form, "--to", to, "--lang", language, "--force")
    assert to.read_bytes() == first, "the same bank gives the same bytes"


@pytest.mark.parametrize("form", ["qti21", "qti30", "canvas"])
def test_a_package_lists_what_is_in_it(tmp_path: Path, form: str) -> None:
    to = tmp_path / "a.zip"
    run("export", SOUND, "layers", "--as", form, "--to", to)
    with zipfile.ZipFile(io.BytesIO(to.read_bytes())) as archive:
        names = set(archive.namelist()) - {"imsmanifest.xml"}
        manifest = etree.fromstring(archive.read("imsmanifest.xml"))
        for name in names:
            etree.fromstring(archive.read(name))
    assert {node.get("href") for node in manifest.iterfind(".//{*}file")} == names
    known = [node.get("identifier") for node in manifest.iterfind(".//{*}resource")]
    assert len(known) == len(set(known))
    assert {node.get("identifierref") for node in manifest.iterfind(".//{*}dependency")} <= set(known)


def test_losses_are_told_and_strict_refuses_them(tmp_path: Path) -> None:
    to = tmp_path / "a.gift"
    done = run("export", SOUND, "--as", "gift", "--to", to)
    assert "sound: training-step: the ordering becomes a matching of items and places" in done.output
    assert "sound: conv-size: one draw for all students: size = " in done.output
    strict = run("export", SOUND, "--as", "gift", "--to", tmp_path / "b.gift", "--strict")
    assert strict.exit_code == 1
    assert strict.output.splitlines()[-1].endswith("questions would lose something: nothing is written")
    assert not (tmp_path / "b.gift").exists()


def test_which_draw(tmp_path: Path) -> None:
    texts = {}
    for name, options in {
        "a": ["--student", "ada"],
        "b": ["--student", "ben"],
        "again": ["--student", "ada"],
        "n": ["--seed", "5"],
    }.items():
        to = tmp_path / f"{name}.md"
        run("export", SOUND, "--as", "markdown", "--to", to, *options)
        texts[name] = to.read_text(encoding="utf-8")
    assert texts["a"] == texts["again"]
    assert len({texts["a"], texts["b"], texts["n"]}) == 3
    secret = tmp_path / "s.md"
    run("export", SOUND, "--as", "markdown", "--to", secret, "--student", "ada", "--course-secret", "x")
    assert secret.read_text(encoding="utf-8") != texts["a"]


def test_import(tmp_path: Path) -> None:
    file, to = tmp_path / "q.md", tmp_path / "quizzes" / "some-layers.yaml"
    file.write_text("## Что?\n- ✅ это\n- ❌ то\n### это\nпотому\n## Ещё\nбез меток\n", encoding="utf-8")
    done = run("import", file, "--from", "markdown", "--to", to, "--lang", "ru")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        f"{file}:1: ✓ question-1: single, 2 options, 1 explanations",
        f"{file}:3: 'то': no explanation",
        f"{file}:6: 'Ещё': no option under it is marked ✅, ❌ or ⚠️",
        f"{to}: 1 questions; en and hi are TODO. Next: write them, then `grader quiz verify {to}`",
    ]
    bank = read_bank(to)
    assert (bank.topic, bank.kind, bank.questions[0].text.ru) == ("some_layers", "practice", "Что?")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["import", "{none}", "--from", "gift", "--to", "{new}.yaml"], "none: cannot be read: No such file"),
        (["import", "{md}", "--from", "gift", "--to", "{new}.txt"], "must end in .yaml"),
        (["import", "{md}", "--from", "gift", "--to", "{md}.yaml", "--lang", "de"], "--lang de: it is one of en, ru, hi"),
        (["import", "{md}", "--from", "markdown", "--to", "{new}.yaml"], "no question was understood"),
        (["import", "{md}", "--from", "moodle", "--to", "{new}.yaml"], "not valid XML"),
        (["import", "{latin}", "--from", "gift", "--to", "{new}.yaml"], "is not in UTF-8"),
        (["import", "{md}", "--from", "gift", "--to", "{there}"], "is there already"),
        (["export", "{sound}", "--as", "html", "--to", "{new}.pdf"], "must end in .html"),
        (["export", "nowhere", "--as", "html", "--to", "{new}.html"], "there is no bank 'nowhere'"),
        (
            ["export", "{sound}", "--as", "gift", "--to", "{new}.gift", "--without-key"],
            "--without-key is for html, markdown, pdf",
        ),
        (["export", "{sound}", "--as", "html", "--to", "{new}.html", "--seed", "1", "--student", "a"], "cannot both be"),
        (["export", "{sound}", "--as", "html", "--to", "{there}/a.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told(tmp_path: Path, arguments: list[str], told: str) -> None:
    (tmp_path / "a.md").write_text("nothing", encoding="utf-8")
    (tmp_path / "latin").write_bytes("Привет {T}".encode("cp1251"))
    (tmp_path / "there.yaml").write_text("", encoding="utf-8")
    names = {"md": "a.md", "none": "none", "new": "new", "latin": "latin", "there": "there.yaml"}
    places = {key: str(tmp_path / name) for key, name in names.items()} | {"sound": str(SOUND)}
    with pytest.raises(CourseError, match=re.escape(told)):
        run(*(argument.format(**places) for argument in arguments))
