"""What a release writes, what it refuses, and what of an instructor's it leaves alone."""

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from grader.bundle.content import Wanted, content
from grader.bundle.ledger import digest, read_ledger
from grader.bundle.pins import needed, pinned
from grader.bundle.release import plan_release, write_release
from grader.catalog.course import Course
from grader.catalog.problems import CourseError

from .conftest import Command, contents

SECRET = "the secret of this course"


def wanted(kit: Any, **options: Any) -> Wanted:
    exercises = options.pop("exercises", Course(kit.root).exercises)
    return Wanted(exercises, options.pop("complete", True), options.pop("languages", ("en",)), SECRET, **options)


def release(kit: Any, folder: Path, force: bool = False, **options: Any) -> Any:
    order = wanted(kit, **options)
    made = plan_release(folder, content(Course(kit.root), order), order, force)
    write_release(made)
    return made


def test_what_is_in_a_bundle(kit: Any, tmp_path: Path) -> None:
    release(kit, tmp_path / "out", languages=("ru",))
    held = contents(tmp_path / "out")
    exercise = ["exercise.yaml", "statement.ru.md", "test_public.py"]
    expected = [
        *(f"exercises/{place}/{name}" for place in ("basics/scale", "basics/centre", "later/clip") for name in exercise),
        *(f"exercises/{place}/{place[-5:].strip('/')}.py" for place in ("basics/scale",)),
        "exercises/basics/centre/centre.py", "exercises/later/clip/clip.py",
        "exercises/basics/topic.yaml", "exercises/later/topic.yaml",
        "notebooks/basics/basics.ipynb", "notebooks/later/later.ipynb",
        ".grader/stubs/basics/scale.py", ".grader/stubs/basics/centre.py", ".grader/stubs/later/clip.py",
        ".gitignore", ".grader/bundle.json", "README.md", "requirements.txt", "requirements-notebooks.txt",
        "wheels/dl_grader-0.1.0-py3-none-any.whl",
    ]  # fmt: skip
    assert sorted(held) == sorted(expected)
    ledger = read_ledger(tmp_path / "out")
    assert ledger is not None
    assert ledger.files == {path: digest(data) for path, data in held.items() if path != ".grader/bundle.json"}
    assert held[".grader/stubs/later/clip.py"] == held["exercises/later/clip/clip.py"]
    assert "--lang ru" in held["README.md"].decode()


def test_all_languages_have_a_readme_and_notebooks(kit: Any, tmp_path: Path) -> None:
    release(kit, tmp_path / "out", languages=("en", "ru", "hi"))
    held = contents(tmp_path / "out")
    for language, sign in (("en", "Write your code"), ("ru", "Пишите код"), ("hi", "कोड उन cells में")):
        nb = nbformat.reads(held[f"notebooks/{language}/basics/basics.ipynb"].decode(), as_version=4)
        assert sign in nb.cells[0].source
        assert nb.metadata.grader.language == language
        assert f"exercises/basics/scale/statement.{language}.md" in held
    for name in ("README.md", "README.ru.md", "README.hi.md"):
        assert "grader upgrade" in held[name].decode()
    assert "README.hi.md" in held["README.ru.md"].decode()


def test_notebooks_have_no_graded_cells_and_no_marks_of_nbgrader(kit: Any, tmp_path: Path) -> None:
    release(kit, tmp_path / "out")
    nb = nbformat.read(tmp_path / "out/notebooks/basics/basics.ipynb", as_version=4)
    assert [cell.id for cell in nb.cells] == ["basics-title"] + [
        f"{name}-{part}" for name in ("centre", "scale") for part in ("statement", "solution", "check")
    ]
    assert all(not cell.metadata for cell in nb.cells)
    assert not any("SOLUTION" in cell.source for cell in nb.cells)


def test_the_same_release_writes_the_same_bytes(kit: Any, tmp_path: Path) -> None:
    first, second = (release(kit, tmp_path / place / "out", git=True) for place in ("one", "two"))
    assert first.zipped() == second.zipped()
    again = release(kit, tmp_path / "one" / "out", git=True)
    assert (again.writes, again.deletes, again.kept, again.foreign) == ([], [], [], [])
    (tmp_path / "y.zip").write_bytes(first.zipped())
    with zipfile.ZipFile(tmp_path / "y.zip") as packed:
        named = {name.removeprefix("out/"): packed.read(name) for name in packed.namelist()}
    assert named == contents(tmp_path / "one" / "out")


def test_a_rebuild_follows_the_kit_and_keeps_an_edited_readme(kit: Any, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    release(kit, folder)
    (folder / "README.md").write_text("Welcome!\n")
    (folder / "data.csv").write_text("1\n")
    (kit.root / "exercises/basics/scale/statement.en.md").write_text("# New\n")
    for _ in range(2):
        made = release(kit, folder, exercises=Course(kit.root).select(["basics"]), complete=False)
        assert (made.kept, made.foreign) == (["README.md"], ["data.csv"])
        ledger = read_ledger(folder)
        assert ledger is not None
        assert ledger.files["README.md"] == digest(b"Welcome!\n")
    held = contents(folder)
    assert held["exercises/basics/scale/statement.en.md"] == b"# New\n"
    assert not [path for path in held if "later" in path]
    assert held["data.csv"] == b"1\n"
    release(kit, folder, force=True)
    assert b"Welcome" not in contents(folder)["README.md"]


def test_work_in_the_folder_stops_the_release(kit: Any, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    release(kit, folder)
    stub = folder / "exercises/basics/scale/scale.py"
    stub.write_text("def scale(x, factor=2.0):\n    return x * factor\n")
    before = contents(folder)
    with pytest.raises(CourseError, match=r"students would receive it: exercises/basics/scale/scale.py\. .*--force"):
        release(kit, folder)
    assert contents(folder) == before
    release(kit, folder, force=True)
    assert "NotImplementedError" in stub.read_text()


def test_a_filled_stub_of_the_kit_is_refused(kit: Any, tmp_path: Path) -> None:
    (kit.root / "exercises/basics/scale/scale.py").write_text("def scale(x, factor=2.0):\n    return x * factor\n")
    with pytest.raises(CourseError, match="this stub is not empty"):
        release(kit, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("make", ["file", "folder", "course"])
def test_what_is_no_bundle_is_not_written_into(kit: Any, tmp_path: Path, make: str) -> None:
    folder = tmp_path / "out"
    if make == "file":
        folder.write_text("mine")
    elif make == "folder":
        folder.mkdir()
        (folder / "thesis.tex").write_text("mine")
    else:
        (folder / ".grader").mkdir(parents=True)
        (folder / ".grader" / "secret").write_text("s")
    with pytest.raises(CourseError, match=r"name a (new )?folder"):
        release(kit, folder)
    assert {*contents(tmp_path)} >= ({"out"} if make == "file" else set())
    assert not (folder / "README.md").exists()


def test_an_interrupted_first_release_goes_on(kit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    with monkeypatch.context() as patched:
        count = iter(range(5))
        replace = Path.replace
        patched.setattr(Path, "replace", lambda self, to: replace(self, to) if next(count, None) is not None else 1 / 0)
        with pytest.raises(ZeroDivisionError):
            release(kit, folder)
    assert 0 < len(contents(folder)) < 10
    release(kit, folder)
    assert contents(folder) == dict(release(kit, tmp_path / "b").files)


def graded_bank(kit: Any, kind: str) -> None:
    words = {"en": "Which?", "ru": "Какой?", "hi": "कौन?"}
    long = {language: f"A long explanation that is only for the key, {language}" for language in words}
    options = [
        {"id": "the-right-one", "text": "this", "value": "right", "explain": long},
        {"id": "the-wrong-one", "text": "that", "value": "wrong", "explain": long},
    ]
    question = {"id": "which", "type": "single", "text": words, "options": options}
    bank = {"title": words, "topic": "basics", "kind": kind, "questions": [question]}
    (kit.root / "quizzes").mkdir(exist_ok=True)
    (kit.root / "quizzes/small.yaml").write_text(yaml.safe_dump(bank, allow_unicode=True), encoding="utf-8")
    topic = kit.root / "exercises/basics/topic.yaml"
    topic.write_text(yaml.safe_dump({**yaml.safe_load(topic.read_text()), "quizzes": ["small"]}), encoding="utf-8")


def test_options_and_what_is_said(kit: Any, tmp_path: Path, command: Command) -> None:
    done = command("release", "out", "--course", kit.root, "--topics", "later", "--lang", "hi", "--zip", "week2.zip", "--git")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 exercises of 1 topic" in done.stdout.replace("1 exercise of", "1 exercises of")
    assert "a part of the course" in done.stdout
    held = contents(tmp_path / "out")
    assert not [path for path in held if "scale" in path]
    ledger = json.loads(held[".grader/bundle.json"])
    assert (ledger["complete"], ledger["languages"]) == (False, ["hi"])
    steps = yaml.safe_load(held[".github/workflows/check.yml"])["jobs"]["autograding"]["steps"]
    assert [step["with"]["command"] for step in steps if "command" in step.get("with", {})] == ["grader check clip"]
    assert steps[-1]["run"] == "grader check"
    assert (tmp_path / "week2.zip").stat().st_size > 1000
    again = command("release", "out", "--course", kit.root, "--lang", "hi", "--zip", "week2.zip")
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--lang", "de"], "the kit speaks en, ru, hi"),
        (["--topics", "latr"], "did you mean 'later'?"),
        (["--exercises", "scael"], "did you mean 'scale'?"),
        (["--zip", "out/x.zip"], "lies in the folder"),
        (["--zip", "none/x.zip"], "there is no folder"),
        (["--zip", "folder.zip"], "is a folder"),
        (["--zip", "thesis.zip"], "`grader release` did not make it"),
        (["--zip", "theirs.zip"], "`grader release` did not make it"),
    ],
)
def test_bad_options_are_told(kit: Any, tmp_path: Path, command: Command, arguments: list[str], told: str) -> None:
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "thesis.zip").write_text("all of it", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "theirs.zip", "w") as archive:
        archive.writestr("out/README.md", "theirs")
    before = contents(tmp_path)
    done = command("release", "out", "--course", kit.root, *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(tmp_path) == before


def test_practice_banks_travel_whole_and_graded_ones_as_sheets(search: Any, kit: Any, tmp_path: Path, command: Command) -> None:
    graded_bank(kit, "practice")
    done = command("release", "one", "--course", kit.root)
    assert "practice quizzes, with their keys: small" in done.stdout
    assert "grader quiz take small" in (tmp_path / "one/README.md").read_text(encoding="utf-8")
    assert contents(tmp_path / "one")["quizzes/small.yaml"] == (kit.root / "quizzes/small.yaml").read_bytes()
    graded_bank(kit, "graded")
    assert "no --course-secret" in command("release", "one", "--course", kit.root).stderr
    done = command("release", "two", "--course", kit.root, "--course-secret", SECRET)
    assert (done.stderr, "sheets without keys: small" in done.stdout) == ("", True)
    for place in ("one", "two"):
        held = contents(tmp_path / place)
        assert "quizzes/small.yaml" not in held
        assert json.loads(held["notebooks/basics/quiz_small.json"])["kind"] == "graded"
        whole = b"\n".join(held.values()).decode("utf-8", "replace")
        for line in ("A long explanation", "the-right-one", SECRET):
            assert line not in whole


def test_versions_are_exact(kit: Any) -> None:
    lines = pinned(needed(["torch"]))
    assert all("==" in line for line in lines)
    tested = (Path(__file__).resolve().parents[2] / "constraints.txt").read_text().splitlines()
    for name in ("numpy", "pydantic", "pytest", "torch", "typer", "pluggy"):
        assert [line for line in tested if line.startswith(f"{name}==")] == [
            line for line in lines if line.startswith(f"{name}==")
        ]
    assert not [line for line in lines if line.startswith(("nbgrader", "playwright", "mypy"))]
    assert [line for line in pinned(needed(["jupyter"])) if line.startswith("jupyterlab==")]


def test_git_gives_back_the_same_bytes(kit: Any, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    release(kit, folder, git=True)

    def git(*words: str, cwd: Path) -> None:
        settings = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "core.autocrlf=true"]
        subprocess.run(["git", *settings, *words], cwd=cwd, check=True, capture_output=True)

    git("init", cwd=folder)
    git("add", "-A", cwd=folder)
    git("commit", "-m", "template", cwd=folder)
    git("clone", str(folder), str(tmp_path / "ada"), cwd=tmp_path)
    clone = {path: data for path, data in contents(tmp_path / "ada").items() if not path.startswith(".git/")}
    ledger = read_ledger(tmp_path / "ada")
    assert ledger is not None
    assert {path: digest(data) for path, data in clone.items() if path != ".grader/bundle.json"} == ledger.files
