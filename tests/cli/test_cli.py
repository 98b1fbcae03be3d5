"""The commands as people run them: exit codes, what stands on stdout, and one clear message where something is wrong."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RIGHT = "def {0}(x, factor=2.0):\n    return x * factor\n"
WRONG = "def {0}(x, factor=2.0):\n    return x + factor\n"
STUB = "def {0}(x, factor=2.0):\n    raise NotImplementedError\n"
FIELDS = {"exercise", "submission", "outcome", "score", "max_score", "tests", "diagnosis"}
TEST_FIELDS = {"name", "outcome", "points", "max_points", "message"}
WORDS = {"en": "a", "ru": "б", "hi": "क"}
MISTAKE = (
    "- id: adds\n  replace: x * factor\n  with: x + factor\n  hint: {en: You add., ru: Сложение., hi: जोड़।}\n"
    "- id: divides\n  replace: x * factor\n  with: x / factor\n  hint: {en: You divide., ru: Деление., hi: भाग।}\n"
)

needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
Done = subprocess.CompletedProcess[str]


class Course:
    """A tiny course and the command in it."""

    def __init__(self, build: Any, tmp_path: Path) -> None:
        self.build = build
        self.root: Path = build.root
        self.work = tmp_path / "work"
        self.work.mkdir()
        for name in ("scale", "centre"):
            build.exercise(name, files={"private/mistakes.yaml": MISTAKE})

    def stub(self, name: str) -> Path:
        """The file that a student fills."""
        return self.root / "exercises" / "basics" / name / f"{name}.py"

    def fill(self, name: str, text: str) -> None:
        """Write a student's work."""
        self.stub(name).write_text(text.format(name), encoding="utf-8")

    def submission(self, name: str, text: str) -> Path:
        """A submitted file."""
        path = self.work / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text.format("scale"), encoding="utf-8")
        return path

    def run(self, *arguments: object, cwd: Path | None = None, stdin: str = "", **variables: str) -> Done:
        """The command `grader` in the course's folder."""
        hidden = {"GRADER_COURSE", "GRADER_COURSE_SECRET", "GRADER_LANG", "PYTEST_ADDOPTS", "COLUMNS", "FORCE_COLOR"}
        kept = {key: value for key, value in os.environ.items() if key not in hidden and not key.startswith("PYTEST_")}
        here = str(Path(__file__).resolve().parents[2])
        return subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=cwd or self.root,
            env={**kept, "PYTHONPATH": here, "COLUMNS": "120", **variables},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )


@pytest.fixture
def course(build: Any, tmp_path: Path) -> Course:
    """Two exercises, nothing done."""
    return Course(build, tmp_path)


def lines(done: Done) -> list[dict[str, Any]]:
    """Each line of stdout as JSON; anything else on it fails."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(done: Done, *words: str, code: int = 2) -> None:
    """A clear message on stderr, the exit code, and nothing else."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in re.sub(r"[\s│]+", " ", done.stderr)


# -- list ----------------------------------------------------------------------------------------------------------------------


def test_list(course: Course) -> None:
    done = course.run("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["basics   basics en", "  centre    5  centre en", "  scale     5  scale en"]
    assert "scale ru" in course.run("list", "scale", "--lang", "ru").stdout
    assert "scale hi" in course.run("list", "scale", GRADER_LANG="hi").stdout
    assert "centre" not in course.run("list", "scale").stdout


def test_list_as_json(course: Course) -> None:
    done = course.run("list", "--json")
    assert done.stderr == ""
    assert [line["exercise"] for line in lines(done)] == ["centre", "scale"]
    assert lines(done)[1] == {
        "exercise": "scale", "topic": "basics", "points": 5.0, "requires": [], "file": str(course.stub("scale")),
        "title": {"en": "scale en", "ru": "scale ru", "hi": "scale hi"},
    }  # fmt: skip


def test_a_course_is_named_or_found(course: Course) -> None:
    assert "scale" in course.run("list", "--course", course.root, cwd=course.work).stdout
    assert "scale" in course.run("list", cwd=course.work, GRADER_COURSE=str(course.root)).stdout
    assert "scale" in course.run("list", cwd=course.stub("scale").parent).stdout
    refused(course.run("list", "--course", course.work), "no folder `exercises` in it")


# -- usage ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "scael"], ["there is no exercise or topic 'scael'", "did you mean 'scale'?"]),
        (["check", "scael"], ["did you mean 'scale'?"]),
        (["grade", "scael", "{file}"], ["did you mean 'scale'?"]),
        (["verify", "scael"], ["did you mean 'scale'?"]),
        (["grade", "scale", "no_such_file.py"], ["no_such_file.py: cannot be read: No such file or directory"]),
        (["grade", "scale", "{file}", "no_such_file.py"], ["no_such_file.py"]),
        (["grade", "scale", "{folder}"], ["a folder; name the files in it"]),
        (["grade", "scale"], ["is missing", "--help"]),
        (["grade"], ["is missing", "--help"]),
        (["grade", "scale", "{file}", "--jsno"], ["--jsno"]),
        (["check", "--colour"], ["--colour"]),
        (["chekc"], ["chekc"]),
        (["grade", "scale", "{file}", "{file}", "--student", "ann"], ["--student names the student of one file"]),
        (["check", "--pdb"], ["--pdb needs --in-process"]),
        (["verify", "--seeds", "0"], ["--seeds"]),
        (["verify", "--mutants", "2"], ["--mutants"]),
        (["new", "noslash"], ["write TOPIC/EXERCISE"]),
        (["new", "Basics/New"], ["lower case"]),
        (["new", "../evil"], ["write TOPIC/EXERCISE"]),
        (["new", "basics/scale"], ["exists already"]),
        (["new", "other/scale"], ["names are used once"]),
        (["new", "basics/fresh", "--library", "jax"], ["--library"]),
        (["replay", "no_such.jsonl", "{file}"], ["no_such.jsonl: cannot be read"]),
        (["replay", "{file}", "{file}"], ["ann.py:1: ", "`grader grade --json` writes such lines"]),
    ],
    ids=lambda value: " ".join(value)[:40],
)
def test_what_cannot_be_done_is_told(course: Course, arguments: list[str], words: list[str]) -> None:
    file = course.submission("ann.py", RIGHT)
    done = course.run(*(argument.format(file=file, folder=course.work) for argument in arguments))
    refused(done, *words)


def test_broken_files_of_the_course_are_told(course: Course) -> None:
    manifest = course.stub("scale").parent / "exercise.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "forbiden: []\n", encoding="utf-8")
    told = "exercise.yaml: forbiden: unknown key, did you mean 'forbidden'?"
    for command in (["check", "scale"], ["grade", "scale", course.submission("ann.py", RIGHT)]):
        refused(course.run(*command), told)
    done = course.run("list")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_help(course: Course) -> None:
    for command in ([], ["check"], ["grade"], ["replay"], ["verify"], ["new"], ["demo"], ["list"]):
        done = course.run(*command, "--help")
        assert done.returncode == 0
        assert "Usage" in done.stdout
        assert done.stderr == ""


# -- check ---------------------------------------------------------------------------------------------------------------------


def test_check_of_a_fresh_course(course: Course) -> None:
    done = course.run("check")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout.count("not started") == 2
    assert "Next: exercises/basics/centre/centre.py" in done.stdout


def test_check_of_finished_work(course: Course) -> None:
    for name in ("scale", "centre"):
        course.fill(name, RIGHT)
    done = course.run("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ scale" in done.stdout
    assert "5/5" in done.stdout
    assert "All of it passes." in done.stdout


def test_check_of_wrong_work(course: Course) -> None:
    course.fill("scale", WRONG.replace("return", "print('a note of mine')\n    return"))
    done = course.run("check", "scale")
    assert done.returncode == 1
    assert "✗ scale" in done.stdout
    assert "scale(x (2, 3), factor=3.0)" in done.stdout
    assert "expected" in done.stdout
    assert "looks like: You add." in done.stdout
    assert "a note of mine" in done.stdout
    assert "exercises/basics/scale/scale.py" in done.stdout
    assert "Next: mend scale" in done.stdout
    assert "centre" not in done.stdout
    assert "Сложение." in course.run("check", "scale", "--lang", "ru").stdout


def test_check_tells_the_line_of_an_error(course: Course) -> None:
    course.fill("scale", "def {0}(x, factor=2.0):\n    y = 1\n    return x.no_such\n")
    done = course.run("check", "scale")
    assert done.returncode == 1
    assert "your code raised AttributeError" in done.stdout
    assert "scale.py:3" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_check_as_json(course: Course) -> None:
    course.fill("scale", RIGHT)
    done = course.run("check", "--json", "scale", "centre")
    assert done.returncode == 1
    records = lines(done)
    assert [(record["exercise"], record["outcome"]) for record in records] == [("scale", "passed"), ("centre", "not_started")]
    assert all(set(record) >= FIELDS for record in records)
    assert records[0]["submission"] == "you"


def test_check_of_our_fault(course: Course) -> None:
    course.fill("scale", RIGHT)
    course.fill("centre", RIGHT)
    tests = course.stub("scale").parent / "test_public.py"
    tests.write_text("def test_a(student, rng):\n    student.scale(rng.normal(1))\n    {}[1]\n", encoding="utf-8")
    done = course.run("check")
    assert done.returncode == 3
    assert "Traceback" not in done.stdout + done.stderr
    assert "✓ centre" in done.stdout


def test_check_in_this_process(course: Course) -> None:
    course.fill("scale", RIGHT)
    done = course.run("check", "scale", "--in-process")
    assert done.returncode == 0
    assert "in-process" in done.stdout


def test_check_with_the_debugger(course: Course) -> None:
    course.fill("scale", "def {0}(x, factor=2.0):\n    wrong = x + factor\n    return wrong\n")
    done = course.run("check", "scale", "--in-process", "--pdb", stdin="n\nq\n" * 20)
    assert done.returncode == 1
    assert "wrong = x + factor" in done.stdout + done.stderr


def test_check_without_bubblewrap_says_so(course: Course) -> None:
    course.fill("scale", RIGHT)
    done = course.run("check", "scale", PATH=str(course.work))
    assert done.returncode == 0
    assert "protection in force: subprocess" in done.stdout


# -- grade ---------------------------------------------------------------------------------------------------------------------

CLASS = {
    "zoe": RIGHT,
    "ann": WRONG,
    "bob": "import os\ndef {0}(x, factor=2.0):\n    os._exit(0)\n",
    "eve": STUB,
    "kim": "def scael(x): pass\n",
}


@needs_bubblewrap
def test_grade_a_class_and_replay_it(course: Course) -> None:
    files = [course.submission(f"{name}.py", text) for name, text in CLASS.items()]
    done = course.run("grade", "scale", *files, "--json", "--course-secret", "s")
    assert (done.returncode, done.stderr) == (0, "")
    records = lines(done)
    assert [record["submission"] for record in records] == list(CLASS)
    assert [record["outcome"] for record in records] == ["passed", "failed", "error", "not_started", "error"]
    assert [record["score"] for record in records] == [5, 0.5, 0, 0, 0]
    for record in records:
        assert set(record) >= FIELDS
        assert record["sandbox"] == "bubblewrap"
        assert record["max_score"] == 5
        assert len(record["tests"]) == 5
        assert all(set(test) >= TEST_FIELDS for test in record["tests"])
    assert records[1]["diagnosis"] == [{"id": "adds", "hint": "You add."}]

    kept = course.work / "records.jsonl"
    kept.write_text(done.stdout, encoding="utf-8")
    again = course.run("replay", kept, *files, GRADER_COURSE_SECRET="s")
    assert (again.returncode, again.stderr) == (0, ""), again.stdout
    assert again.stdout.count("the verdict repeats") == 5
    course.submission("zoe.py", WRONG)
    one = course.run("replay", kept, files[0], "--test", "test_default")
    assert one.returncode == 1
    assert "the verdict differs" in one.stdout
    assert "score: 5 became 0" in one.stdout
    assert "test_default, seed" in one.stdout
    refused(course.run("replay", kept, course.submission("stranger.py", RIGHT)), "no record belongs to a file given", "zoe")


@needs_bubblewrap
def test_grade_for_a_reader(course: Course) -> None:
    files = [course.submission(f"{name}.py", text) for name, text in CLASS.items()]
    done = course.run("grade", "scale", *files, "--lang", "ru")
    assert done.returncode == 0
    assert "no --course-secret" in done.stderr
    assert re.search(r"zoe\s+5/5\s+passed", done.stdout)
    assert re.search(r"ann\s+0\.5/5\s+failed", done.stdout)
    assert re.search(r"eve\s+0/5\s+not_started", done.stdout)
    assert "looks like adds: Сложение." in done.stdout
    assert "На число" in done.stdout
    assert "did you mean 'scael'?" in done.stdout


@needs_bubblewrap
def test_secret_and_student_decide_the_seeds(course: Course) -> None:
    file = course.submission("ann.py", RIGHT)
    runs = [
        course.run("grade", "basics/scale", file, "--json", "--course-secret", "a"),
        course.run("grade", "scale", file, "--json", GRADER_COURSE_SECRET="a"),
        course.run("grade", "scale", file, "--json", "--course-secret", "a", "--student", "bob"),
        course.run("grade", "scale", file, "--json"),
    ]
    records = [lines(done)[0] for done in runs]
    seeds = [record["tests"][0]["seed"] for record in records]
    assert seeds[0] == seeds[1]
    assert len(set(seeds)) == 3
    assert [record["submission"] for record in records] == ["ann", "ann", "bob", "ann"]
    assert ["no --course-secret" in done.stderr for done in runs] == [False, False, False, True]


@needs_bubblewrap
def test_grade_of_our_fault(course: Course) -> None:
    tests = course.root / "solutions/basics/scale/test_hidden.py"
    tests.write_text(tests.read_text(encoding="utf-8") + "\ndef test_ours(student):\n    {}[1]\n", encoding="utf-8")
    done = course.run("grade", "scale", course.submission("ann.py", RIGHT), "--json", "--course-secret", "s")
    assert done.returncode == 3
    (record,) = lines(done)
    assert (record["outcome"], record["score"]) == ("grader_error", 5)


def test_marks_need_the_sandbox(course: Course) -> None:
    file = course.submission("ann.py", RIGHT)
    refused(
        course.run("grade", "scale", file, "--json", "--course-secret", "s", PATH=str(course.work)),
        "marks need the sandbox", "apt-get install bubblewrap", "--allow-unsandboxed", code=3,
    )  # fmt: skip
    refused(course.run("verify", "scale", PATH=str(course.work)), "proofs need the sandbox", code=3)
    done = course.run(
        "grade", "scale", file, "--json", "--course-secret", "s", "--allow-unsandboxed", PATH=str(course.work)
    )
    assert done.returncode == 0
    (record,) = lines(done)
    assert (record["outcome"], record["score"], record["sandbox"]) == ("passed", 5, "subprocess")


def test_a_sandbox_that_does_not_start_is_ours(course: Course) -> None:
    program = course.work / "bwrap"
    program.write_text("#!/bin/sh\necho 'no namespaces here' >&2\nexit 1\n")
    program.chmod(0o755)
    path = f"{course.work}{os.pathsep}{os.environ['PATH']}"
    done = course.run("grade", "scale", course.submission("ann.py", RIGHT), "--json", "--course-secret", "s", PATH=path)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert all(record["outcome"] == "grader_error" for record in lines(done))
    assert "no namespaces here" in done.stdout + done.stderr


# -- new and verify ------------------------------------------------------------------------------------------------------------


@needs_bubblewrap
@pytest.mark.parametrize(
    "library",
    [
        "numpy",
        "torch",
    ],
)
def test_a_new_exercise_is_proven(course: Course, library: str) -> None:
    made = course.run("new", "layers/layer_norm", "--library", library)
    assert (made.returncode, made.stderr) == (0, "")
    written = made.stdout.splitlines()[:-1]
    assert "exercises/layers/layer_norm/exercise.yaml" in written
    assert "solutions/layers/layer_norm/test_hidden.py" in written
    assert all((course.root / path).is_file() for path in written)
    assert "grader verify layer_norm" in made.stdout
    assert "Layer norm" in course.run("list", "layers").stdout
    refused(course.run("new", "layers/layer_norm"), "exists already")
    done = course.run("verify", "layer_norm", "--jobs", "1", "--seeds", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"✓ layer_norm +stub 0 +reference (\d)/\1 +alternatives 3/3 +mistakes 1/1 +diagnosed 1", done.stdout)
    assert "Traceback" not in done.stderr


@needs_bubblewrap
def test_verify_tells_what_falls_short(course: Course) -> None:
    course.run("new", "layers/weak")
    hidden = course.root / "solutions/layers/weak/test_hidden.py"
    text = hidden.read_text(encoding="utf-8")
    hidden.write_text(re.sub(r"assert_close\(.*\)", "student.weak(x)", text), encoding="utf-8")
    (course.root / "solutions/layers/weak/alternatives/sum.py").write_text("def weak(x):\n    return 1 / 0\n")
    done = course.run("verify", "weak", "--jobs", "1", "--seeds", "1")
    assert done.returncode == 1
    assert "✗ weak" in done.stdout
    assert "the mistake forgets-the-factor: passes" in done.stdout
    assert "survived  line " in done.stdout
    assert "alternatives 2/3" in done.stdout
    assert "sum.py fails" in done.stdout
    assert "falls short: weak" in done.stdout


def test_verify_where_there_are_no_solutions(course: Course) -> None:
    shutil.rmtree(course.root / "solutions")
    refused(course.run("verify"), "there is no folder solutions/")


@pytest.mark.parametrize("chosen", ["scale", "centre"])
def test_verify_tells_what_is_wrong_in_a_manifest(course: Course, chosen: str) -> None:
    manifest = course.root / "exercises/basics/scale/exercise.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    refused(course.run("verify", chosen, "--jobs", "1"), "scale/exercise.yaml", "did you mean 'title'?")


@needs_bubblewrap
def test_verify_tells_of_a_reference_that_is_no_python(course: Course) -> None:
    (course.root / "solutions/basics/scale/scale.py").write_text("def scale(:\n", encoding="utf-8")
    done = course.run("verify", "scale", "--jobs", "1", "--seeds", "1")
    assert done.returncode == 1
    assert "the reference fails" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@needs_bubblewrap
def test_verify_names_statements_that_nobody_wrote(course: Course) -> None:
    course.run("new", "layers/thrice")
    (course.root / "solutions/layers/thrice/thrice.py").write_text("def thrice(x):\n    return x * 2.0\n", encoding="utf-8")
    (course.root / "exercises/layers/thrice/statement.en.md").write_text("# Thrice\n", encoding="utf-8")
    done = course.run("verify", "thrice", "--jobs", "1", "--seeds", "1", "--mutants", "0")
    assert done.returncode == 1
    assert re.findall(r"(\S+) is still the skeleton's", done.stdout) == ["statement.ru.md", "statement.hi.md"]


# -- demo ----------------------------------------------------------------------------------------------------------------------


@needs_bubblewrap
def test_demo(course: Course) -> None:
    for name in ("norm", "shift"):
        course.build.exercise(name, files={"private/mistakes.yaml": MISTAKE})
    before = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    done = course.run("demo")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "$ grader check" in done.stdout
    assert "$ grader grade" in done.stdout
    assert re.search(r"right +5/5 +passed", done.stdout)
    assert re.search(r"hostile_exits_with_success +0/5 +error", done.stdout)
    assert re.search(r"hostile_always_equal +0/5 +failed", done.stdout)
    assert "looks like adds" in done.stdout
    after = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert after == before


def test_demo_without_solutions(course: Course) -> None:
    shutil.rmtree(course.root / "solutions")
    refused(course.run("demo"), "the demo needs")


# -- what is imported ----------------------------------------------------------------------------------------------------------


def test_importing_the_kit_is_light(repository: Path) -> None:
    code = "import grader, sys; print(sorted({'torch', 'numpy', 'nbgrader', 'pytest', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, timeout=100, check=True
    )
    assert done.stdout == "[]\n"


def _importing(course: Course, *arguments: str, **variables: Any) -> tuple[Done, set[str]]:
    """A run of the command and the top-level packages that it imported."""
    done = course.run(*arguments, PYTHONPROFILEIMPORTTIME="1", **variables)
    names = re.findall(r"^import time:.*\|\s*(\w+)[\w.]*$", done.stderr, flags=re.MULTILINE)
    return done, set(names)


def test_list_is_light(course: Course) -> None:
    done, names = _importing(course, "list")
    assert done.returncode == 0
    assert "yaml" in names
    assert not names & {"torch", "numpy", "nbgrader"}


@pytest.mark.parametrize("path", [None, "without bubblewrap"])
def test_a_numpy_exercise_is_checked_without_torch(course: Course, path: str | None) -> None:
    course.fill("scale", "import sys\n" + RIGHT.replace("return", "print('torch' in sys.modules)\n    return"))
    variables: dict[str, Any] = {"PATH": str(course.work)} if path else {}
    done, names = _importing(course, "check", "scale", "--json", **variables)
    assert done.returncode == 0
    assert "numpy" in names
    assert not names & {"torch", "nbgrader"}
    (record,) = lines(done)
    assert set("".join(test["output"] for test in record["tests"]).splitlines()) == {"False"}


def test_a_wrong_numpy_exercise_is_diagnosed_without_torch(course: Course) -> None:
    course.fill("scale", WRONG)
    done, names = _importing(course, "check", "scale", "--json")
    assert lines(done)[0]["diagnosis"][0]["id"] == "adds"
    assert "torch" not in names


def test_options_of_other_projects_have_no_say(course: Course) -> None:
    course.fill("scale", RIGHT)
    (course.root / "conftest.py").write_text("raise RuntimeError('loaded')\n")
    (course.stub("scale").parent / "conftest.py").write_text("raise RuntimeError('loaded')\n")
    (course.root / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    done = course.run("check", "scale", PYTEST_ADDOPTS="--also-no-such-option", PYTEST_PLUGINS="no_such_plugin")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [["list"], ["check"]])
def test_a_reader_that_stops_reading(course: Course, command: list[str]) -> None:
    """`grader list | head -1` ends quietly."""
    line = f"{sys.executable} -m grader {' '.join(command)} | true"
    here = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=course.root, env={**os.environ, "PYTHONPATH": here}, capture_output=True, text=True,
        timeout=200, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
