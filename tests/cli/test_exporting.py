"""`grader export`, `grader grade --format` and the autograder's zip as people run them, and the commands of the document."""

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from grader.authoring.gradescope import requirements
from grader.catalog.problems import CourseError
from grader.cli.exporting import export_marks
from grader.record import Record, to_json

REPOSITORY = Path(__file__).resolve().parents[2]
RIGHT = "def scale(x, factor=2.0):\n    return x * factor\n"
WRONG = "def scale(x, factor=2.0):\n    return x + factor\n"
MISTAKE = "- id: adds\n  replace: x * factor\n  with: x + factor\n  hint: {en: You add., ru: Сложение., hi: जोड़।}\n"
# Docker's usual rules: no process may make a namespace.
LIKE_DOCKER = """
import os, sys, pyseccomp as s
rules = s.SyscallFilter(s.ALLOW)
rules.add_rule(s.ERRNO(1), "unshare")
rules.add_rule(s.ERRNO(1), "clone", s.Arg(0, s.MASKED_EQ, 0x10000000, 0x10000000))
rules.add_rule(s.ERRNO(38), "clone3")
rules.load()
os.execv(sys.argv[1], sys.argv[1:])
"""
needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
Done = subprocess.CompletedProcess[str]


def environment(**variables: str) -> dict[str, str]:
    hidden = {"GRADER_COURSE", "GRADER_COURSE_SECRET", "GRADER_LANG", "COLUMNS", "FORCE_COLOR", "PYTHONPATH"}
    kept = {key: value for key, value in os.environ.items() if key not in hidden and not key.startswith("PYTEST_")}
    return {**kept, "OMP_NUM_THREADS": "1", "COLUMNS": "160", **variables}


def run(*arguments: object, cwd: Path, stdin: str = "", **variables: str) -> Done:
    """The command `grader`."""
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=cwd, env=environment(PYTHONPATH=str(REPOSITORY), **variables), input=stdin, capture_output=True, text=True,
        timeout=400, check=False,
    )  # fmt: skip


def refused(done: Done, *words: str) -> None:
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def record(student: str, score: float = 1.0, exercise: str = "scale", **fields: Any) -> Record:
    return Record(exercise, student, fields.pop("outcome", "failed"), score, 5.0, **fields)


def lines(*records: Record) -> str:
    return "".join(to_json(each) + "\n" for each in records)


@pytest.fixture
def root(build: Any) -> Path:
    """A course of two exercises."""
    for name in ("scale", "centre"):
        build.exercise(name, files={"private/mistakes.yaml": MISTAKE, "private/alternatives/other.py": "x = 'alternative'\n"})
    found: Path = build.root
    return found


# -- export --------------------------------------------------------------------------------------------------------------------


def test_export_of_files_folders_and_stdin(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "records" / "basics"
    folder.mkdir(parents=True)
    (tmp_path / "records" / "ada.jsonl").write_text(lines(record("ada", 5.0)), encoding="utf-8")
    (folder / "bob.jsonl").write_text(json.dumps({"key": "k", "record": asdict(record("bob", 0.5))}), encoding="utf-8")
    (folder / "eve.json").write_text(json.dumps(asdict(record("eve", 2.25)), indent=2), encoding="utf-8")
    (folder / "two.json").write_text(json.dumps([asdict(record("x")), asdict(record("y"))]), encoding="utf-8")
    (folder / ".new-1.jsonl").write_text("half a li", encoding="utf-8")
    (folder / "notes.txt").write_text("not a record", encoding="utf-8")
    done = run("export", tmp_path / "records", "-", cwd=root, stdin=lines(record("чук", 0)))
    assert (done.returncode, done.stderr) == (0, "")
    assert [(row["student"], row["score"]) for row in rows(done.stdout)] == [
        ("ada", "5"), ("bob", "0.5"), ("eve", "2.25"), ("x", "1"), ("y", "1"), ("чук", "0"),
    ]  # fmt: skip
    assert {row["topic"] for row in rows(done.stdout)} == {"basics"}


def test_export_outside_a_course_has_no_topics(tmp_path: Path) -> None:
    # The kit's own checkout would be found, so a course without this exercise stands for none.
    done = run("export", "-", cwd=tmp_path, stdin=lines(record("ada", exercise="from_elsewhere")))
    assert rows(done.stdout)[0]["topic"] == ""


def test_export_forms(root: Path, tmp_path: Path) -> None:
    records = lines(record("ada", 2.5), record("ada", 1.5, "centre"))
    wide = run("export", "-", "--wide", "--format", "json", cwd=root, stdin=records)
    assert json.loads(wide.stdout) == [
        {"student": "ada", "centre": 1.5, "scale": 2.5, "total": 4, "max_total": 10, "grader_error": []}
    ]
    target = tmp_path / "marks.csv"
    done = run("export", "-", "--bom", "--output", target, cwd=root, stdin=records)
    assert (done.returncode, done.stdout) == (0, "")
    assert target.read_bytes().startswith(b"\xef\xbb\xbfstudent,exercise,")
    assert not run("export", "-", cwd=root, stdin=records).stdout.startswith("\ufeff")


def test_the_same_student_twice(root: Path) -> None:
    twice = lines(record("ada", 1.0), record("ada", 3.0), record("ada", 0.0, outcome="grader_error"))
    done = run("export", "-", cwd=root, stdin=twice)
    assert [row["score"] for row in rows(done.stdout)] == ["3"]
    assert "ada, scale: 3 records" in done.stderr
    everything = run("export", "-", "--all", cwd=root, stdin=twice)
    assert [row["score"] for row in rows(everything.stdout)] == ["1", "3", ""]


def test_export_tells_of_missing_marks(root: Path) -> None:
    done = run("export", "-", cwd=root, stdin=lines(record("ada", 0.0, outcome="grader_error")))
    assert rows(done.stdout)[0]["score"] == ""
    assert "no mark for ada" in done.stderr


BAD_RECORDS = [
    ("{good}\n{{half\n", ["file.jsonl:2", "not JSON"]),
    ('{good}\n{{"format": 9}}\n', ["file.jsonl:2", "format 9"]),
    ("[1]", ["record 1", "not a record"]),
    ("", ["no records", "grader grade --json"]),
    ("\udcff", ["not UTF-8"]),
    ("[" * 100_000, ["file.jsonl:1", "not JSON"]),
]


@pytest.mark.parametrize(("text", "words"), BAD_RECORDS)
def test_what_is_no_record_stops_the_export(text: str, words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl"
    file.write_bytes(text.format(good=to_json(record("ada"))).encode("utf-8", "surrogateescape"))
    with pytest.raises(CourseError) as caught:
        exported(file)
    for word in ["file.jsonl", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize("score", ["NaN", '"much"', "true", "null", "1e999"])
def test_a_score_is_a_number(score: str, tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl"
    file.write_text(to_json(record("ada")).replace('"score": 1.0', f'"score": {score}'), encoding="utf-8")
    with pytest.raises(CourseError, match=r"score: .* is no number"):
        exported(file)


@pytest.mark.parametrize(
    ("key", "value"),
    [("outcome", "fine"), ("reason", 5), ("notes", [5]), ("flags", [{}]), ("source_hash", None), ("sandbox", 1),
     ("diagnosis", [{"id": 3, "hint": "no"}]), ("submission", 7), ("seconds", "long"), ("seconds", float("nan"))],
)  # fmt: skip
def test_what_only_looks_like_a_record_is_told(key: str, value: object, tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl"
    file.write_text(json.dumps({**json.loads(to_json(record("ada"))), key: value}), encoding="utf-8")
    with pytest.raises(CourseError, match=rf"file\.jsonl: record 1: {key}.*: "):
        exported(file)


def test_what_cannot_be_read_or_written_or_does_not_go_together(tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text(to_json(record("ada")), encoding="utf-8")
    (tmp_path / "empty").mkdir()
    cases: list[tuple[str, Path, dict[str, Any]]] = [
        ("none.jsonl: cannot be read", tmp_path / "none.jsonl", {}),
        ("no .*jsonl or .*json files", tmp_path / "empty", {}),
        ("--wide .*--per test", good, {"wide": True, "tests": True}),
        ("--wide .*--all", good, {"wide": True, "keep_all": True}),
        ("--bom is for CSV", good, {"bom": True, "as_json_text": True}),
        ("x.csv: cannot be written", good, {"output": tmp_path / "no" / "x.csv"}),
        ("no folder `exercises`", good, {"course": tmp_path}),
    ]
    for words, path, options in cases:
        with pytest.raises(CourseError, match=words):
            exported(path, **options)


def exported(path: Path, **options: Any) -> int:
    usual: dict[str, Any] = {"tests": False, "wide": False, "as_json_text": False, "keep_all": False, "bom": False}
    return export_marks([path], **{**usual, "output": None, "course": None, **options})


def test_a_refusal_is_one_message(root: Path) -> None:
    refused(run("export", "-", cwd=root, stdin="{half"), "stdin:1: not JSON")


# -- grade --format ------------------------------------------------------------------------------------------------------------


@needs_bubblewrap
def test_grade_prints_results_for_gradescope(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "ada.py"
    file.write_text(WRONG, encoding="utf-8")
    done = run("grade", "scale", file, "--format", "gradescope", cwd=root)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["score"], len(found["tests"])) == (0.5, 5)
    assert "You add." in found["output"]
    assert json.loads(run("grade", "scale", file, "--format", "json", cwd=root).stdout)["score"] == 0.5


def test_grade_refuses_what_does_not_go_together(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "ada.py"
    file.write_text(RIGHT, encoding="utf-8")
    refused(run("grade", "scale", file, "--json", "--format", "gradescope", cwd=root), "--json", "gradescope")
    refused(run("grade", "scale", file, file, "--format", "gradescope", cwd=root), "one submission; 2 files")


# -- the autograder's zip ------------------------------------------------------------------------------------------------------


class Autograder:
    """The zip, unpacked as Gradescope lays it out."""

    def __init__(self, course: Path, folder: Path, *options: str) -> None:
        folder.mkdir(exist_ok=True)
        self.root = folder / "autograder"
        self.zip = folder / "made.zip"
        self.made = run("gradescope", "scale", "centre", "--output", self.zip, *options, cwd=course)
        assert self.made.returncode == 0, self.made.stderr
        for name in ("source", "submission", "results"):
            (self.root / name).mkdir(parents=True)
        with zipfile.ZipFile(self.zip) as archive:
            archive.extractall(self.root / "source")

    def submit(self, **files: str) -> None:
        for name, text in files.items():
            (self.root / "submission" / name.replace("__", ".")).write_text(text, encoding="utf-8")

    def run(self, *before: str, **variables: str) -> tuple[int, dict[str, Any], str]:
        """Exit code, results.json and what was printed."""
        names = {"AUTOGRADER_ROOT": str(self.root), "AUTOGRADER_PYTHON": sys.executable}
        done = subprocess.run(
            [*before, shutil.which("bash") or "bash", str(self.root / "source" / "run_autograder")],
            cwd=self.root, env=environment(**{**names, **variables}), capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip
        found = json.loads((self.root / "results" / "results.json").read_text(encoding="utf-8"))
        return done.returncode, found, done.stdout + done.stderr


def without_score(found: dict[str, Any]) -> bool:
    return "score" not in found and "tests" not in found and len(found["output"]) > 40


def test_the_zip_holds_what_is_needed_and_no_more(root: Path, tmp_path: Path) -> None:
    made = Autograder(root, tmp_path, "--course-secret", "hush")
    assert "10 points" in made.made.stdout
    with zipfile.ZipFile(made.zip) as archive:
        names = set(archive.namelist())
        assert {name.rpartition("/")[0] for name in names if "/" not in name} == {""}
        assert {"setup.sh", "run_autograder", "kit/grader/cli/gradescope.py", "course/exercises/basics/topic.yaml"} <= names
        assert "course/solutions/basics/scale/test_hidden.py" in names
        assert not [name for name in names if "alternatives" in name or "__pycache__" in name or "/." in name]
        assert archive.getinfo("run_autograder").external_attr >> 16 & 0o111
        assert json.loads(archive.read("autograder.json"))["secret"] == "hush"
        assert b"torch==" in archive.read("constraints.txt")
        assert b"\r" not in archive.read("setup.sh")
    assert Autograder(root, tmp_path / "again", "--course-secret", "hush").zip.read_bytes() == made.zip.read_bytes()
    subprocess.run(["bash", "-n", str(made.root / "source" / "setup.sh")], check=True)


def test_the_zip_asks_for_what_the_kit_asks_for() -> None:
    asked = {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower() for line in requirements()}
    assert {"numpy", "pydantic", "pytest", "pyyaml", "rich", "typer", "torch", "pyseccomp"} <= asked
    assert not asked & {"nbgrader", "mypy", "ruff"}


def test_no_zip_without_hidden_tests(root: Path, tmp_path: Path) -> None:
    shutil.rmtree(root / "solutions")
    refused(run("gradescope", "scale", "--output", tmp_path / "x.zip", cwd=root), "test_hidden.py", "there is no such file")
    assert not (tmp_path / "x.zip").exists()


@needs_bubblewrap
def test_the_autograder_grades_files(root: Path, tmp_path: Path) -> None:
    made = Autograder(root, tmp_path, "--lang", "ru")
    made.submit(scale__py=WRONG, other__py="def centre(x, factor=2.0):\n    return x * factor\n")
    users = {"users": [{"email": "b@x.org", "id": 2}, {"email": "a@x.org", "id": 1}]}
    (made.root / "submission_metadata.json").write_text(json.dumps(users), encoding="utf-8")
    code, found, printed = made.run()
    assert (code, printed) == (0, "")
    assert found["score"] == 5.5
    assert [test["name"].partition(":")[0] for test in found["tests"]] == ["scale ru"] * 5 + ["centre ru"] * 5
    assert "Сложение." in found["output"]
    assert ".ipynb" not in found["output"]  # nobody asked for a notebook
    again = made.run()[1]
    assert {**again, "execution_time": 0} == {**found, "execution_time": 0}
    text = json.dumps(found, ensure_ascii=False)
    private = [line.strip() for path in (root / "solutions").rglob("*.py") for line in path.read_text("utf-8").splitlines()]
    telling = {line for line in private if len(line) > 15 and not line.startswith("def scale")}
    assert len(telling) > 10
    assert [word for word in ("a@x.org", "seed", "test_by_a_number", *telling) if word in text] == []


@needs_bubblewrap
@pytest.mark.parametrize("own", ["def scale(x, factor=2.0):\n    raise NotImplementedError\n", "def scale(x:\n", "import work\n"])
def test_the_autograder_finds_work_beside_an_untouched_stub(own: str, root: Path, tmp_path: Path) -> None:
    made = Autograder(root, tmp_path)
    made.submit(scale__py=own, work__py=RIGHT)
    code, found, printed = made.run()
    assert (code, printed, found["score"]) == (0, "", 5.0)


@needs_bubblewrap
def test_the_autograder_grades_notebooks(root: Path, tmp_path: Path) -> None:
    made = Autograder(root, tmp_path)
    sources = ["%matplotlib inline\n!pip list", RIGHT, "import numpy as np\ndef centre(x):\n    return x + missing_name\n"]
    cells = [{"cell_type": "code", "source": s, "metadata": {}, "outputs": [], "execution_count": None} for s in sources]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    made.submit(homework__ipynb=json.dumps(notebook))
    code, found, printed = made.run()
    assert (code, printed) == (0, "")
    assert found["score"] == 5.0
    messages = [test["output"] for test in found["tests"] if test["name"].startswith("centre")]
    assert any("cell 3, line 3" in message for message in messages), messages


@needs_bubblewrap
def test_nothing_handed_in_is_a_true_zero(root: Path, tmp_path: Path) -> None:
    code, found, _ = Autograder(root, tmp_path).run()
    assert (code, found["score"]) == (0, 0.0)
    assert {test["status"] for test in found["tests"]} == {"failed"}


@needs_bubblewrap
@pytest.mark.parametrize("stub", [True, False])
def test_no_zero_for_what_may_lie_in_an_archive(stub: bool, root: Path, tmp_path: Path) -> None:
    made = Autograder(root, tmp_path)
    made.submit(work__rar="Rar! and so on")
    if stub:
        stubs = {f"{path.stem}__py": path.read_text(encoding="utf-8") for path in root.glob("exercises/*/*/*.py")}
        made.submit(**{name: stubs[name] for name in ("scale__py", "centre__py")})
    code, found, printed = made.run()
    assert code == 3
    assert without_score(found)
    assert "work.rar is an archive" in found["output"]
    assert "not everything that was handed in could be read" in printed


def test_no_marks_where_the_container_refuses_the_sandbox(root: Path, tmp_path: Path) -> None:
    made = Autograder(root, tmp_path)
    made.submit(scale__py=RIGHT, centre__py=RIGHT.replace("scale", "centre"))
    code, found, printed = made.run(sys.executable, "-c", LIKE_DOCKER)
    assert code == 3
    assert without_score(found)
    assert "bubblewrap does not work here" in printed
    assert "namespace" in printed
    assert "Traceback" not in printed
    allowed = Autograder(root, tmp_path / "allowed", "--allow-unsandboxed")
    assert "can read and change" in allowed.made.stdout
    allowed.submit(scale__py=RIGHT, centre__py=RIGHT.replace("scale", "centre"))
    code, found, printed = allowed.run(sys.executable, "-c", LIKE_DOCKER)
    assert (code, found["score"]) == (0, 10.0)
    assert {each["sandbox"] for each in found["extra_data"]["exercises"]} == {"subprocess"}
    assert "without the sandbox, as allowed" in printed


@pytest.mark.parametrize("broken", ["python", "settings", "tests"])
def test_whatever_breaks_there_is_a_result_without_a_score(broken: str, root: Path, tmp_path: Path) -> None:
    made = Autograder(root, tmp_path, "--lang", "hi")
    made.submit(scale__py=RIGHT)
    (made.root / "results" / "results.json").write_text('{"score": 10}', encoding="utf-8")
    if broken == "settings":
        (made.root / "source" / "autograder.json").write_text("{", encoding="utf-8")
    if broken == "tests":
        tests = made.root / "source" / "course" / "solutions" / "basics" / "scale" / "test_hidden.py"
        tests.write_text("1 +", encoding="utf-8")
    code, found, printed = made.run(**({"AUTOGRADER_PYTHON": "/nowhere/python"} if broken == "python" else {}))
    assert code != 0
    assert without_score(found)
    assert printed
    if broken != "settings":  # which name the language
        assert "अंक" in found["output"]


# -- the document --------------------------------------------------------------------------------------------------------------

DOCUMENT = (REPOSITORY / "docs" / "exports.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """The `grader` commands in the document's blocks and workflow, each as one line."""
    blocks = "\n".join(re.findall(r"```\w*\n(.*?)```", DOCUMENT, re.DOTALL)).replace("\\\n", " ")
    found = re.findall(r"^\s*(?:- run: )?(grader [^\n]+)", blocks, re.MULTILINE)
    return found + re.findall(r"command: (grader [^,}\n]+)", blocks)


@pytest.mark.parametrize("command", commands())
def test_the_commands_of_the_document_exist(command: str) -> None:
    from grader.cli.app import app

    words = shlex.split(re.split(r" (?:>|\|)", command)[0])[1:]
    group: Any = typer.main.get_command(app)
    context = group.make_context("grader", list(words))
    found = group.get_command(context, words[0])
    assert found is not None, words[0]
    found.make_context(words[0], words[1:], parent=context)  # raises for an option or a value that there is not


def test_the_document_has_commands_of_each_kind() -> None:
    kinds = {command.split()[1] for command in commands()}
    assert kinds == {"grade", "export", "gradescope", "check"}


def test_the_workflow_is_valid() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    steps = yaml.safe_load(text)["jobs"]["autograding"]["steps"]
    runners = [step["id"] for step in steps if "id" in step]
    (reporter,) = [step for step in steps if "reporter" in step.get("uses", "")]
    assert reporter["with"]["runners"].split(",") == runners
    assert set(reporter["env"]) == {f"{runner.upper()}_RESULTS" for runner in runners}
    for name in runners:
        assert list((REPOSITORY / "exercises").glob(f"*/{name}/exercise.yaml"))
