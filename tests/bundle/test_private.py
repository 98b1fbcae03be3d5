"""Nothing private is in what students get: every line of the private half is searched in every form it travels in."""

import compileall
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from grader.catalog.course import Course
from grader.quiz.bank import Bank, read_banks

from .conftest import SECRET, Command, Wheels, contents

KIT = Path(__file__).resolve().parents[2]


def places_in(name: str, data: bytes, search: Any) -> Iterator[str]:
    return (path for path, _ in search.files(name, data))


PRIVATE_NAMES = ("solutions", "test_hidden", "mistakes.yaml", "equivalent.yaml", "alternatives", "constraints")


def test_no_private_line_is_in_the_folder_or_the_zip(search: Any, bundle: Any) -> None:
    assert len(search.private) > 5000
    assert len(search.constants) > 300
    held = contents(bundle.folder)
    assert len(held) > 150
    for path, data in [*held.items(), ("bundle.zip", bundle.zipped())]:
        assert not search.leaks(path, data), path
        assert not [place for place in places_in(path, data, search) if any(name in place for name in PRIVATE_NAMES)]


def test_no_key_of_a_graded_bank_is_in_the_bundle(search: Any, graded: Path, bundle: Any) -> None:
    banks = read_banks(graded)
    named = {
        quiz for topic in graded.glob("exercises/*/topic.yaml") for quiz in yaml.safe_load(topic.read_text()).get("quizzes", [])
    }
    assert len(named) >= 5
    lines = {
        path: held
        for name, data in contents(bundle.folder).items()
        for path, held in search.files(name, data)
        if not path.endswith(".pyc") and "grader/" not in path
    }
    texts = {path: " ".join(" ".join(sorted(held)).split()) for path, held in lines.items()}
    assert sum("/quiz_" in path for path in texts) == 3 * len(named)
    assert not [path for path in texts if path.startswith("quizzes/") and path.endswith(".yaml")]
    for bank in banks:
        keys = search.keys(bank)
        assert len(keys) > 15
        own = " ".join(bank.path.read_text(encoding="utf-8").split())
        assert sum(key in own for key in keys) > len(keys) / 2
        for path, text in texts.items():
            # A term that is an answer somewhere may stand in a statement; sentences may not.
            assert not {key for key in keys if len(key) > 40 and key in text}, (bank.id, path)
            if path.endswith(f"quiz_{bank.id}.json"):
                assert not {key for key in keys if len(key) >= 24 and key in text}, path
                sheet = json.loads((bundle.folder / path).read_text(encoding="utf-8"))
                assert not dict(own_keys_shown(search, bank, sheet)), path
                question = next(each for each in bank.questions if search.keys(replace(bank, questions=(each,))))
                shown = next(view for view in sheet["variants"][3]["views"]["ru"] if view["id"] == question.id)
                shown["unit"] = sorted(search.keys(replace(bank, questions=(question,))))[0]
                assert set(dict(own_keys_shown(search, bank, sheet))) == {question.id}  # the search finds what it looks for
            assert SECRET not in text


def own_keys_shown(search: Any, bank: Bank, sheet: Any) -> Iterator[tuple[str, set[str]]]:
    """By question the keys, also short ones, that are a value in what is shown of it; another question may offer that word."""
    for question in bank.questions:
        views = [view for variant in sheet["variants"] for shown in variant["views"].values() for view in shown]
        own = [view for view in views if view["id"] == question.id]
        assert own
        said = {line for _, lines in search.files("views.json", json.dumps(own).encode()) for line in lines}
        if found := said & search.keys(replace(bank, questions=(question,))):
            yield question.id, found


def test_no_private_line_is_in_a_clone_of_the_template(search: Any, bundle: Any, tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(bundle.folder, work)
    for words in (["init"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-m", "template"]):
        subprocess.run(["git", *words], cwd=work, check=True, capture_output=True)
    subprocess.run(["git", "archive", "--format=zip", "-o", str(tmp_path / "template.zip"), "HEAD"], cwd=work, check=True)
    data = (tmp_path / "template.zip").read_bytes()
    assert len(list(places_in("template.zip", data, search))) > 300
    assert not search.leaks("template.zip", data)


def test_no_private_line_is_in_the_wheel_the_sdist_or_what_is_installed(search: Any, wheels: Wheels, tmp_path: Path) -> None:
    for path in (wheels.wheel, wheels.sdist):
        data = path.read_bytes()
        assert len(list(places_in(path.name, data, search))) > 150
        assert not search.leaks(path.name, data)
        assert not [p for p in places_in(path.name, data, search) if "test_hidden" in p or "/solutions" in p or "quizzes/" in p]
    with zipfile.ZipFile(wheels.wheel) as packed:
        packed.extractall(tmp_path)
    assert compileall.compile_dir(tmp_path / "grader", quiet=1)
    compiled = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(path.suffix == ".pyc" for path in compiled) > 150
    for path in compiled:
        assert not search.leaks(path.relative_to(tmp_path).as_posix(), path.read_bytes()), path


def test_the_search_finds_what_it_looks_for(search: Any, bundle: Any, tmp_path: Path, command: Command) -> None:
    exercise = Course(KIT).exercise("convolution2d")
    hidden = exercise.hidden_tests.read_bytes()
    (tmp_path / "grader").mkdir()
    target = tmp_path / "grader" / "odd.py"
    target.write_bytes(hidden)
    assert compileall.compile_file(target, quiet=1)
    found = next(tmp_path.rglob("*.pyc"))
    assert search.leaks("grader/__pycache__/odd.pyc", found.read_bytes())
    assert search.leaks("grader/odd.py", hidden)
    with zipfile.ZipFile(tmp_path / "inner.whl", "w") as packed:
        packed.writestr("grader/x.py", exercise.reference.read_bytes())
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as packed:
        packed.write(tmp_path / "inner.whl", "wheels/inner.whl")
    assert search.leaks("outer.zip", (tmp_path / "outer.zip").read_bytes())
    mistakes = (exercise.private / "mistakes.yaml").read_bytes()
    assert search.leaks("notes.md", mistakes)
