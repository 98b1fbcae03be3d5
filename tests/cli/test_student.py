"""What a student calls between two checks: hint, show, reset, submit, doctor; as people run it."""

import errno
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.catalog.course import Course
from grader.progress.kept import Remembered

Done = subprocess.CompletedProcess[str]
REPOSITORY = Path(__file__).resolve().parents[2]
STUB = "def {0}(x, factor=2.0):\n    raise NotImplementedError\n"
RIGHT = "def {0}(x, factor=2.0):\n    return x * factor\n"
WRONG = "def {0}(x, factor=2.0):\n    return x + factor\n"
ODD = "def {0}(x, factor=2.0):\n    return x * factor + 1e-3\n"
MISTAKE = "- id: adds\n  replace: x * factor\n  with: x + factor\n  hint: {en: You add., ru: Вы складываете., hi: जोड़ा है।}\n"
HINTS = [{"en": f"{word} en", "ru": f"{word} ru", "hi": f"{word} hi"} for word in ("first", "second", "third")]
STATEMENT = (
    "# {0} {1}\n\nThe sum $\\sum_{{i=1}}^{{n}} x_i$ of `$5` is *here*.\n\n$$y = \\frac{{a}}{{b}}$$\n\n"
    "```\n$$raw$$\n```\n\nEnd.\n"
)


class Student:
    """A small course as a student has it, and the command in it."""

    def __init__(self, build: Any) -> None:
        for name in ("centre", "scale"):
            texts = {f"public/statement.{language}.md": STATEMENT.format(name, language) for language in ("en", "ru", "hi")}
            build.exercise(name, files={"private/mistakes.yaml": MISTAKE, **texts}, hints=HINTS)
        self.root: Path = build.root

    def file(self, name: str) -> Path:
        """The file to fill."""
        return self.root / "exercises" / "basics" / name / f"{name}.py"

    def fill(self, name: str, text: str) -> None:
        """Write in it."""
        self.file(name).write_text(text.format(name), encoding="utf-8")

    def run(self, *arguments: object, cwd: Path | None = None, **variables: str) -> Done:
        """`grader` in the course's folder."""
        hidden = ("GRADER_", "PYTEST_", "LC_", "LANG", "JUPYTERHUB", "FORCE_COLOR")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(hidden)}
        kept |= {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "80", **variables}
        command = [sys.executable, "-m", "grader", *map(str, arguments)]
        return subprocess.run(
            command, cwd=cwd or self.root, env=kept, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip


@pytest.fixture
def student(build: Any) -> Student:
    """Two exercises, nothing done."""
    return Student(build)


def said(done: Done) -> str:
    """stdout of a command that went well and kept silent on stderr."""
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(done: Done, *words: str) -> None:
    """One clear message and the exit code of usage."""
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


# -- hint ----------------------------------------------------------------------------------------------------------------------


def test_hints_come_one_by_one(student: Student) -> None:
    first = said(student.run("hint", "scale"))
    assert "first en" in first
    assert "second en" not in first
    assert "2 more hints" in first
    second = said(student.run("hint", "scale"))
    assert "second en" in second
    assert "third en" not in second
    for _ in range(2):
        last = said(student.run("hint", "scale", "--lang", "ru"))
        assert [word in last for word in ("first ru", "second ru", "third ru")] == [True] * 3
    assert "first hi" in said(student.run("hint", "centre", GRADER_LANG="hi"))


def test_the_mistake_that_was_made_comes_first(student: Student) -> None:
    student.fill("scale", WRONG)
    first = said(student.run("hint", "scale"))
    assert "You add." in first
    assert "first en" not in first
    second = said(student.run("hint", "scale"))
    assert second.index("You add.") < second.index("first en")
    student.fill("scale", ODD)
    other = said(student.run("hint", "scale"))
    assert "You add." not in other
    assert "second en" in other
    assert "First to mend: По" not in other


def test_a_file_that_is_no_python_is_told_with_the_hint(student: Student) -> None:
    student.fill("scale", "def {0}(:\n")
    found = said(student.run("hint", "scale"))
    assert "First to mend" in found
    assert "first en" in found


def test_nothing_to_hint_at_where_all_passes(student: Student) -> None:
    student.fill("scale", RIGHT)
    assert "first" not in said(student.run("hint", "scale"))
    everything = said(student.run("hint", "scale", "--all"))
    assert [f"{word} en" in everything for word in ("first", "second", "third")] == [True] * 3


@pytest.mark.parametrize(
    "content", [b"{", b"\xff", b"[]", b'{"hints": 5, "mistakes": [1]}', b'{"hints": {"scale": -1e999}}', b"{}"]
)
def test_a_broken_memory_costs_nothing(student: Student, content: bytes) -> None:
    path = student.root / ".grader" / "kept.json"
    path.parent.mkdir()
    path.write_bytes(content)
    done = student.run("hint", "scale")
    assert done.returncode == 0
    assert "first en" in done.stdout
    assert ("is ignored" in done.stderr) == (not content.startswith(b'{"') and content != b"{}")
    assert Remembered.of(student.root).hints_shown("scale") == 1


def test_a_memory_that_may_not_be_looked_at_counts_as_empty(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, **_: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "stat", refused)
    monkeypatch.setattr(Path, "stat", refused)
    assert Remembered.of(build.root).hints_shown("scale") == 0


def test_what_others_remember_is_kept(student: Student) -> None:
    path = student.root / ".grader" / "kept.json"
    path.parent.mkdir()
    path.write_text('{"more": [1]}', encoding="utf-8")
    said(student.run("hint", "scale"))
    assert json.loads(path.read_text(encoding="utf-8"))["more"] == [1]
    assert [each.name for each in path.parent.iterdir()] == ["kept.json"]


def test_a_hint_is_shown_where_nothing_can_be_remembered(student: Student) -> None:
    (student.root / ".grader").write_text("a file in the way", encoding="utf-8")
    done = student.run("hint", "scale")
    assert "first en" in done.stdout
    assert "will not be remembered" in done.stderr


@pytest.mark.parametrize("command", ["hint", "show", "reset"])
def test_wrong_names_are_told(student: Student, command: str) -> None:
    refused(student.run(command, "scael"), "did you mean 'scale'")
    refused(student.run(command, "basics"), "is a topic", "centre, scale")
    refused(student.run(command, "scale", "--lang", "xx"), "'xx' is none of en, ru, hi")


def test_hints_never_hold_a_line_of_the_solution() -> None:
    for exercise in Course(REPOSITORY).exercises:
        lines = exercise.reference.read_text(encoding="utf-8").splitlines()
        code = {line.strip() for line in lines if "=" in line or "return" in line}
        for hint in exercise.manifest.hints:
            for text in (hint.en, hint.ru, hint.hi):
                assert not [line for line in code if len(line) > 8 and line in text], exercise.name


# -- show ----------------------------------------------------------------------------------------------------------------------


def test_a_statement_in_a_pipe(student: Student) -> None:
    found = said(student.run("show", "scale"))
    assert found.startswith("scale en\n")
    assert "The sum ∑ᵢ₌₁ⁿ xᵢ of $5 is here." in found
    assert "    y = a/b" in found
    assert "$$raw$$" in found
    assert "\x1b" not in found
    assert not re.search(r"[ \t]$", found, flags=re.MULTILINE)
    assert "scale hi" in said(student.run("show", "scale", "--lang", "hi"))


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_all_statements_of_the_kit_can_be_read(language: str) -> None:
    from rich.cells import cell_len
    from rich.console import Console

    from grader.cli.statements import statement_text

    for exercise in Course(REPOSITORY).exercises:
        text = exercise.statement(language).read_text(encoding="utf-8")
        shown = statement_text(text, Console(width=80, force_terminal=False))
        assert not re.search(r"\$|\\[a-zA-Z]|[\ue000-\ue0ff]", shown), exercise.name
        assert max(map(cell_len, shown.splitlines())) <= 80, exercise.name


def test_a_statement_that_cannot_be_read_is_told(student: Student) -> None:
    path = student.file("scale").with_name("statement.en.md")
    path.write_bytes(b"\xff")
    refused(student.run("show", "scale"), "statement.en.md", "UTF-8")
    for statement in path.parent.glob("statement.*.md"):
        statement.unlink()
    refused(student.run("show", "scale"), "statement.en.md", "cannot be read")


# -- reset ---------------------------------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    """Run git."""
    name = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def bundled(student: Student) -> None:
    """The copies of the stubs that a bundle holds."""
    for name in ("centre", "scale"):
        copy = student.root / ".grader" / "stubs" / "basics" / f"{name}.py"
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(STUB.format(name), encoding="utf-8")


def test_reset_keeps_what_was_written(student: Student) -> None:
    bundled(student)
    path = student.file("scale")
    assert "nothing to do" in said(student.run("reset", "scale"))
    for text in (WRONG, RIGHT, "no Python ("):
        student.fill("scale", text)
        said(student.run("reset", "scale"))
        assert path.read_text(encoding="utf-8") == STUB.format("scale")
    kept = sorted(path.parent.glob("scale.*.bak"))
    assert [each.name[-9:] for each in kept] == ["-1.py.bak", "-2.py.bak", "-3.py.bak"]
    assert [each.read_text(encoding="utf-8") for each in kept] == [WRONG.format("scale"), RIGHT.format("scale"), "no Python ("]


def test_a_kept_version_is_no_second_submission(student: Student) -> None:
    from grader.intake.gather import gather

    bundled(student)
    student.fill("scale", WRONG)
    said(student.run("reset", "scale"))
    students = gather(student.root / "exercises" / "basics").students
    names = sorted(piece.name for handed in students for piece in handed.pieces if "test_" not in piece.name)
    assert names == ["centre.py", "scale.py"]


def test_reset_from_the_history(student: Student) -> None:
    git(student.root, "init", "-q")
    git(student.root, "add", ".")
    git(student.root, "commit", "-qm", "as handed out")
    student.fill("scale", WRONG)
    git(student.root, "commit", "-qam", "the student's")
    student.file("centre").unlink()
    said(student.run("reset", "scale"))
    assert student.file("scale").read_text(encoding="utf-8") == STUB.format("scale")
    assert "is kept" not in said(student.run("reset", "centre"))
    assert student.file("centre").read_text(encoding="utf-8") == STUB.format("centre")


def test_reset_without_a_source_changes_nothing(student: Student) -> None:
    student.fill("scale", WRONG)
    refused(student.run("reset", "scale"), ".grader/stubs/basics/scale.py", "bundle again")
    assert student.file("scale").read_text(encoding="utf-8") == WRONG.format("scale")


# -- submit --------------------------------------------------------------------------------------------------------------------


def notebook(path: Path, source: str) -> None:
    """Write a notebook of one cell."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}), encoding="utf-8")


def test_submit_says_what_is_inside_and_what_fails(student: Student) -> None:
    student.fill("scale", WRONG)
    notebook(student.root / "notebooks" / "basics" / "basics.ipynb", RIGHT.format("centre"))
    notebook(student.root / "notebooks" / "ru" / "basics.ipynb", "")
    notebook(student.root / ".venv" / "other.ipynb", "")
    answers = student.root / "quizzes" / "answers_basics.json"
    answers.parent.mkdir()
    answers.write_text('{"bank": "basics", "submitted": false}', encoding="utf-8")
    found = said(student.run("submit", "--student", "ada"))
    names = zipfile.ZipFile(student.root / "ada.zip").namelist()
    assert sorted(names) == ["answers_basics.json", "basics-2.ipynb", "basics.ipynb", "scale.py"]
    assert "✗ scale" in found
    assert "✓ centre" in found
    assert "1 exercise still fails its visible tests." in found
    assert "quiz basics, not submitted yet" in found
    before = (student.root / "ada.zip").read_bytes()
    again = said(student.run("submit", "--no-check"))  # the name is remembered
    assert "✗" not in again
    assert (student.root / "ada.zip").read_bytes() == before
    assert stat.S_IMODE((student.root / "ada.zip").stat().st_mode) & 0o444


@pytest.mark.parametrize(("member", "when"), [("dl/README.md", (1980, 1, 1, 0, 0, 0)), ("photo.jpg", (2026, 5, 4, 3, 2, 0))])
def test_a_zip_of_something_else_is_never_overwritten(student: Student, member: str, when: Any) -> None:
    student.fill("scale", RIGHT)
    with zipfile.ZipFile(student.root / "ada.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(member, when), "mine")
    before = (student.root / "ada.zip").read_bytes()
    refused(student.run("submit", "--student", "ada", "--no-check"), "ada.zip", "did not make it", "--output")
    assert (student.root / "ada.zip").read_bytes() == before


def test_what_is_graded_is_what_was_told(student: Student, tmp_path: Path) -> None:
    student.fill("scale", RIGHT)
    student.fill("centre", "def {0}(:\n")
    found = said(student.run("submit", "--student", "ada@uni.example", "--output", tmp_path))
    assert "✓ scale" in found
    assert re.search("✗ centre .*not valid Python|✗ centre .*syntax", found)
    handed_in = tmp_path / "class"
    handed_in.mkdir()
    shutil.move(tmp_path / "ada@uni.example.zip", handed_in)
    done = student.run("grade-all", handed_in, "--json", "--course-secret", "s", "--allow-unsandboxed", "--jobs", "1")
    records = {record["exercise"]: record for record in map(json.loads, done.stdout.splitlines())}
    assert {record["submission"] for record in records.values()} == {"ada@uni.example"}
    assert {name: record["outcome"] for name, record in records.items()} == {"scale": "passed", "centre": "error"}


def test_notebooks_as_they_were_handed_out_stay_at_home(student: Student) -> None:
    from grader.bundle.ledger import PLACE, Bundle, digest

    student.fill("scale", RIGHT)
    path = student.root / "notebooks" / "basics" / "basics.ipynb"
    notebook(path, STUB.format("scale"))
    files = {"notebooks/basics/basics.ipynb": digest(path.read_bytes())}
    (student.root / PLACE).parent.mkdir()
    (student.root / PLACE).write_bytes(Bundle(kit="1", languages=("en",), files=files).data)
    said(student.run("submit", "--student", "ada", "--no-check"))
    assert zipfile.ZipFile(student.root / "ada.zip").namelist() == ["scale.py"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("grader submit --student",)),
        (("--student", "a/b"), ("'a/b'", "--student")),
        (("--student", ".."), ("--student",)),
        (("--student", " "), ("--student", "empty")),
        (("--student", "ada_1_2_hw"), ("--student",)),  # Canvas names its files so
        (("--student", "ada", "--output", "ada.txt"), ("--output", "ada.txt")),
        (("--student", "ada", "--output", "no/such/ada.zip"), ("no/such/ada.zip", "No such file")),
        (("--student", "ada", "--output", "taken.zip"), ("taken.zip", "is no zip")),
    ],
)
def test_what_cannot_be_handed_in_is_told(student: Student, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    student.fill("scale", RIGHT)
    (student.root / "taken.zip").write_text("mine", encoding="utf-8")
    refused(student.run("submit", *arguments), *words)
    assert [path.name for path in student.root.glob("*.zip")] == ["taken.zip"]


def test_nothing_begun_is_told(student: Student) -> None:
    refused(student.run("submit", "--student", "ada"), "nothing has been begun", "grader list")


def test_zip_collect_takes_it(student: Student, tmp_path: Path) -> None:
    pytest.importorskip("nbgrader")
    notebook(student.root / "notebooks" / "basics" / "basics.ipynb", RIGHT.format("centre"))
    student.fill("scale", RIGHT)
    folder = tmp_path / "nb"
    (folder / "downloaded" / "basics" / "archive").mkdir(parents=True)
    notebook(folder / "release" / "basics" / "basics.ipynb", "")
    said(student.run("submit", "--student", "ada", "--no-check", "--output", folder / "downloaded" / "basics" / "archive"))
    pattern = r".*/(?P<student_id>[^/]+)/(?P<file_id>[^/]+)"
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\nc.FileNameCollectorPlugin.named_regexp = {pattern!r}\n")
    command = [sys.executable, "-m", "nbgrader", "zip_collect", "basics"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "centre" in (folder / "submitted" / "ada" / "basics" / "basics.ipynb").read_text(encoding="utf-8")


# -- doctor --------------------------------------------------------------------------------------------------------------------


def findings(done: Done) -> dict[str, dict[str, str]]:
    """What the doctor found, by name."""
    return {finding["name"]: finding for finding in json.loads(done.stdout)["findings"]}


def test_the_doctor_says_what_is_here(student: Student) -> None:
    found = findings(student.run("doctor", "--json"))
    assert found["python"]["found"].startswith(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert found["course"]["found"] == str(student.root)
    assert found["numpy"]["state"] == "ok"
    assert "Everything that is needed is here." in said(student.run("doctor"))


def test_the_doctor_says_why_the_protection_is_weak(student: Student, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    weak = findings(student.run("doctor", "--json", PATH=str(empty)))["protection"]
    assert (weak["state"], weak["found"]) == ("weak", "subprocess")
    assert "apt-get install bubblewrap" in weak["remedy"]
    # A bubblewrap that the machine does not let make namespaces.
    program = empty / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    refused_there = findings(student.run("doctor", "--json", PATH=str(empty)))["protection"]
    assert refused_there["state"] == "weak"
    assert "user namespaces" in refused_there["why"]
    assert "No permissions to create new namespace" in refused_there["why"]


def test_what_is_needed_and_missing_costs_the_exit_code(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    from grader.cli import examining

    known = importlib.metadata.version

    def version(name: str) -> str:
        if name in ("torch", "nbgrader"):
            raise importlib.metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    found = {finding.name: finding for finding in examining.examine(REPOSITORY)}
    assert found["torch"].state == "missing"
    assert "pip install" in found["torch"].remedy
    assert found["nbgrader"].state == "absent"
    small = {finding.name: finding for finding in examining.examine(student.root)}
    assert small["torch"].state == "absent"
    (student.root / "requirements.txt").write_text("torch\n", encoding="utf-8")
    (student.root / ".grader").mkdir()
    (student.root / ".grader" / "bundle.json").write_text("{}", encoding="utf-8")
    bundle = {finding.name: finding for finding in examining.examine(student.root)}
    assert bundle["torch"].remedy.endswith(f"-m pip install -r {student.root}/requirements.txt")


def test_a_damaged_course_is_a_finding(student: Student) -> None:
    student.file("scale").with_name("exercise.yaml").write_text("entry: [", encoding="utf-8")
    done = student.run("doctor", "--json")
    assert done.returncode == 1
    assert "exercise.yaml" in findings(done)["course"]["why"]


@pytest.mark.parametrize("command", ["doctor", "watch", "check"])
def test_an_empty_course_is_told_at_once(student: Student, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty" / "exercises").mkdir(parents=True)
    done = student.run(command, "--course", tmp_path / "empty")
    assert "there are no exercises in it" in done.stdout + done.stderr
    assert "is here" not in done.stdout
    assert done.returncode == (1 if command == "doctor" else 2)


def test_a_memory_that_cannot_be_read_is_a_finding(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.cli import examining

    scandir = os.scandir

    def refuse(path: Any = ".") -> Any:
        if str(path).endswith(".grader"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = {finding.name: finding for finding in examining.examine(student.root)}
    assert (found["course"].state, found[".grader"].state) == ("ok", "missing")
    assert "cannot be read: Permission denied" in found[".grader"].why


# -- list, check ---------------------------------------------------------------------------------------------------------------


def test_a_broken_manifest_does_not_hide_the_other_exercises(student: Student) -> None:
    student.file("centre").with_name("exercise.yaml").write_text("entry: [", encoding="utf-8")
    for more in ([], ["--json"]):
        done = student.run("list", *more)
        assert (done.returncode, "centre" in done.stdout, "scale" in done.stdout) == (2, False, True)
        assert "exercise.yaml" in done.stderr
        assert "Traceback" not in done.stderr


def test_no_debugger_for_an_untouched_stub_says_why(student: Student) -> None:
    done = student.run("check", "scale", "--in-process", "--pdb")
    assert done.returncode == 1
    assert "No debugger for exercises/basics/scale/scale.py: it is still the stub" in done.stderr
    student.fill("scale", RIGHT)
    assert "debugger" not in student.run("check", "scale", "--in-process", "--pdb").stderr


# -- completion ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("grader hint s", ["scale"]),
        ("grader check ", ["basics", "centre", "scale"]),
        ("grader show b", []),
        ("grader dem", ["demo"]),
    ],
)
def test_a_shell_completes_names(student: Student, words: str, expected: list[str]) -> None:
    run = "import sys; sys.argv = ['grader']; from grader.cli.entry import run; run()"
    variables = {"_GRADER_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=student.root, env={**os.environ, "PYTHONPATH": str(REPOSITORY), **variables},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert sorted(done.stdout.split()) == expected
    assert done.stderr == ""


def test_completion_outside_of_courses_is_silent(tmp_path: Path) -> None:
    from unittest.mock import Mock

    from grader.cli.options import complete_exercise

    assert complete_exercise(Mock(params={"course": tmp_path}), "") == []


# -- broken files of other exercises -------------------------------------------------------------------------------------------

BROKEN_TOPICS = {
    "no YAML": ("title: [\n", "not valid YAML"),
    "nested": ("[" * 3000, "not valid YAML"),
    "no title": ("order: 3\n", "title: this key is missing"),
    "a language missing": ("title: {en: A, ru: B}\n", "title.hi: this key is missing"),
    "wrong type": ("title: {en: A, ru: B, hi: C}\norder: soon\n", "order: "),
    "unknown key": ("titel: x\ntitle: {en: A, ru: B, hi: C}\n", "titel: unknown key, did you mean 'title'?"),
    "a list": ("- 1\n", "a mapping of keys to values is needed"),
    "absent": (None, "there is no such file"),
}


@pytest.fixture
def two(student: Student, build: Any) -> Student:
    """A course with a second topic, whose files may be broken."""
    build.topic("later", 2)
    build.exercise("shift", "later", files={f"public/statement.{lang}.md": "# shift\n" for lang in ("en", "ru", "hi")})
    return student


def broken_files(done: Done, *words: str) -> str:
    """stdout of a command that went on with the rest, and told what is broken."""
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    for word in (*words, "The other exercises are not touched by it."):
        assert word in done.stderr
    return done.stdout


@pytest.mark.parametrize(("text", "told"), BROKEN_TOPICS.values(), ids=BROKEN_TOPICS)
def test_the_list_shows_what_is_sound_beside_a_broken_topic(two: Student, text: str | None, told: str) -> None:
    place = two.root / "exercises/later/topic.yaml"
    place.unlink() if text is None else place.write_text(text, encoding="utf-8")
    listed = broken_files(two.run("list"), str(place), told)
    assert [line.split()[0] for line in listed.splitlines()] == ["basics", "centre", "scale", "later", "shift"]
    lines = broken_files(two.run("list", "--json"), str(place)).splitlines()
    assert [json.loads(line)["exercise"] for line in lines] == ["centre", "scale", "shift"]
    assert "scale" in said(two.run("list", "basics"))


@pytest.mark.parametrize("text", ["title: [\n", "titel: x\n"])
def test_a_broken_topic_stops_no_exercise(two: Student, text: str) -> None:
    (two.root / "exercises/later/topic.yaml").write_text(text, encoding="utf-8")
    two.fill("scale", RIGHT)
    assert "1 of 3 exercises pass" in said(two.run("check", "scale")) + said(two.run())
    for words in (("hint", "centre"), ("show", "shift"), ("submit", "--student", "ada", "--no-check")):
        said(two.run(*words))
    assert two.run("check").returncode == 1
    for words in (("verify",), ("release", "out", "--no-notebooks"), ("grade-all", ".", "--dry-run"), ("grade", "scale", "x.py")):
        refused(two.run(*words), "topic.yaml:")


def test_a_broken_manifest_stops_its_own_exercise_only(two: Student) -> None:
    manifest = two.root / "exercises/later/shift/exercise.yaml"
    manifest.write_text("entry: [\n", encoding="utf-8")
    two.fill("scale", RIGHT)
    said(two.run("check", "scale"))
    for words in (("hint", "centre"), ("show", "scale")):
        said(two.run(*words))
    assert "scale" in broken_files(two.run("list"), f"{manifest}:2")
    listed = broken_files(two.run("check"), f"{manifest}:2")
    assert "scale" in listed
    assert "centre" in listed
    refused(two.run("check", "shift"), str(manifest))
    done = two.run("submit", "--student", "ada")
    assert done.returncode == 0, done.stderr
    assert str(manifest) in done.stderr
    assert "not checked here" in done.stdout
    with zipfile.ZipFile(two.root / "ada.zip") as archive:
        assert set(archive.namelist()) == {"scale.py", "shift.py"}
    for words in (("verify",), ("release", "out", "--no-notebooks"), ("grade-all", "."), ("grade", "shift", two.file("scale"))):
        refused(two.run(*words, GRADER_COURSE_SECRET="s"), str(manifest))
