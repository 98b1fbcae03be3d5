"""Hostile, broken and odd submissions, each in a folder of its own, graded by the real command among honest ones.

A folder holds the submission (`submission.py`, or `make.py`, which prints its bytes) and `attack.yaml`:

    exercise   what it is graded against
    what       one sentence: what it tries and why it might pay elsewhere
    outcome    the outcomes that are right
    score      0, "full", "partial" (more than 0, less than full) or "any"
    message    a regular expression that some message of the record matches (optional)
    never      texts that must not occur anywhere in the record (optional)

Each exercise is graded once, all its attacks between canaries: the reference solution under other names. The course is a copy
in which one call may take four seconds (`GRADER_ATTACK_SECONDS`), so that endless loops cost little; all else is as for marks.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
SECRET = "s3cret"
MARK = "seen-in-the-environment"
CALL_SECONDS = float(os.environ.get("GRADER_ATTACK_SECONDS", "4"))
OUTCOMES = {"passed", "failed", "error", "not_started"}
SCORES = {0, "full", "partial", "any"}
FIELDS = {"exercise", "submission", "outcome", "score", "max_score", "tests", "diagnosis", "reason"}
TEST_FIELDS = {"name", "outcome", "points", "max_points", "message"}
PLANTED = ("hog", "hog0", "note-for-the-next-one", "planted.pth", "planted-by-an-attack")
# What git ignores is what tests that run beside these leave: caches, screenshots, built pages.
CACHES = {".git", *(line[:-1] for line in (REPOSITORY / ".gitignore").read_text("utf-8").splitlines() if line.endswith("/"))}

Record = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """One folder."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What `attack.yaml` says."""
        facts: dict[str, Any] = yaml.safe_load((self.folder / "attack.yaml").read_text(encoding="utf-8"))
        return facts

    @property
    def exercise(self) -> str:
        return str(self.facts["exercise"])

    def source(self) -> bytes:
        """The bytes of the submission."""
        made = self.folder / "make.py"
        if made.exists():
            return subprocess.run([sys.executable, made], capture_output=True, check=True, timeout=60).stdout
        return (self.folder / "submission.py").read_bytes()


@dataclass(frozen=True, repr=False)
class Run:
    """What the command did with the attacks on one exercise."""

    names: list[str]
    exit_code: int | None
    output: bytes
    errors: str
    left: list[str]
    changed: list[str]

    @cached_property
    def records(self) -> dict[str, Record]:
        """The records by submission; none for a line that is no record."""
        found: dict[str, Record] = {}
        for line in self.output.split(b"\n"):
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and record.get("submission") in self.names:
                found[record["submission"]] = record
        return found

    def around(self, attack: Attack) -> list[str]:
        """The canaries before and after an attack."""
        index = self.names.index(attack.name)
        return [self.names[index - 1], self.names[index + 1]]


FOLDERS = sorted(path.parent for path in HERE.glob("*/attack.yaml"))
ATTACKS = [Attack(folder) for folder in FOLDERS]
EXERCISES = sorted({attack.exercise for attack in ATTACKS})


def each_exercise() -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "exercise", [pytest.param(name, marks=pytest.mark.xdist_group(f"attacks on {name}")) for name in EXERCISES]
    )


def each_attack() -> pytest.MarkDecorator:
    cases = [
        pytest.param(attack, id=attack.name, marks=pytest.mark.xdist_group(f"attacks on {attack.exercise}")) for attack in ATTACKS
    ]
    return pytest.mark.parametrize("attack", cases)


# -- one run of the command ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def run_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """The run of an exercise's attacks, made once."""
    runs: dict[str, Run] = {}

    def run(exercise: str) -> Run:
        if exercise not in runs:
            runs[exercise] = _grade(exercise, tmp_path_factory.mktemp(exercise))
        return runs[exercise]

    return run


def _grade(exercise: str, folder: Path) -> Run:
    course, topic = _copy_of_course(exercise, folder / "course")
    canary = (course / "solutions" / topic / exercise / f"{exercise}.py").read_bytes()
    submitted = folder / "submitted"
    submitted.mkdir()
    scratch = folder / "scratch"
    scratch.mkdir()
    names = ["canary_000"]
    (submitted / "canary_000.py").write_bytes(canary)
    for number, attack in enumerate((attack for attack in ATTACKS if attack.exercise == exercise), 1):
        names += [attack.name, f"canary_{number:03d}"]
        (submitted / f"{attack.name}.py").write_bytes(attack.source())
        (submitted / f"canary_{number:03d}.py").write_bytes(canary)
    command = [sys.executable, "-m", "grader", "grade", exercise, *(str(submitted / f"{name}.py") for name in names)]
    command += ["--json", "--course-secret", SECRET]
    path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {
        "GRADER_COURSE": str(course),
        "GRADER_ATTACK_MARK": MARK,
        "TMPDIR": str(scratch),
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",  # strict, as in most locales; some let impossible characters through
    }
    before = _snapshot(folder)
    with _Descendants() as left:
        code, output, errors = _run(command, environment, folder, 120 + 4 * CALL_SECONDS * len(names))
    changed = _differences(before, _snapshot(folder))
    return Run(names, code, output, errors.decode("utf-8", "replace"), left(), changed)


def _copy_of_course(exercise: str, course: Path) -> tuple[Path, str]:
    """A course of this one exercise, whose calls may take less long; and its topic."""
    manifest = next((REPOSITORY / "exercises").glob(f"*/{exercise}/exercise.yaml"))
    topic = manifest.parent.parent.name
    for half in ("exercises", "solutions"):
        shutil.copytree(
            REPOSITORY / half / topic / exercise,
            course / half / topic / exercise,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copy(REPOSITORY / "exercises" / topic / "topic.yaml", course / "exercises" / topic)
    copied = course / "exercises" / topic / exercise / "exercise.yaml"
    facts = yaml.safe_load(copied.read_text(encoding="utf-8"))
    facts["limits"] = facts.get("limits", {}) | {"call_seconds": CALL_SECONDS}
    facts.pop("requires", None)
    copied.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
    return course, topic


def _run(command: list[str], environment: dict[str, str], folder: Path, seconds: float) -> tuple[int | None, bytes, bytes]:
    """Exit code (None: it did not end in time), output and errors."""
    with (folder / "stdout").open("w+b") as output, (folder / "stderr").open("w+b") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment, cwd=folder, start_new_session=True
        )
        code: int | None
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            code = None
        output.seek(0)
        errors.seek(0)
        result = code, output.read(), errors.read()
    for name in ("stdout", "stderr"):
        (folder / name).unlink()
    return result


# -- what is left over ---------------------------------------------------------------------------------------------------------


class _Descendants:
    """While it is entered, orphans come to this process; afterwards it tells and ends those that still live."""

    def __enter__(self) -> Callable[[], list[str]]:
        self.known = set(_children())
        self.left: list[str] = []
        _adopt_orphans(True)
        return lambda: self.left

    def __exit__(self, *_: object) -> None:
        deadline = time.monotonic() + 5
        while (alive := self._alive()) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.left += [f"{pid}: {_command_of(pid)}" for pid in alive]
        for pid in alive:
            os.kill(pid, signal.SIGKILL)
        _adopt_orphans(False)

    def _alive(self) -> list[int]:
        alive = []
        for pid in set(_children()) - self.known:
            try:
                ended = os.waitpid(pid, os.WNOHANG)[0] != 0
            except ChildProcessError:
                continue
            if not ended:
                alive.append(pid)
        return alive


def _adopt_orphans(on: bool) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, int(on), 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _children() -> Iterator[int]:
    for task in Path("/proc/self/task").glob("*/children"):
        yield from map(int, task.read_text().split())


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")[:200]
    except OSError:
        return "?"


def _snapshot(folder: Path) -> dict[str, str]:
    """Hashes of the files of the repository and of a run's folder, and what attacks may have planted elsewhere."""
    found = {}
    for root in (REPOSITORY, folder):
        for place, folders, files in os.walk(root):
            folders[:] = [name for name in folders if not _is_cache(Path(place, name))]
            for name in (name for name in files if not name.endswith(".pyc")):
                path = Path(place, name)
                try:
                    found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
                except OSError:
                    found[str(path)] = "unreadable"
            for name in folders:
                found[str(Path(place, name))] = "folder"
    for root in {Path(tempfile.gettempdir()), Path("/tmp"), Path("/dev/shm"), Path.home(), Path.cwd(), Path("/")}:
        found |= {str(root / name): "planted" for name in PLANTED if (root / name).exists()}
    return found


def _is_cache(folder: Path) -> bool:
    """Whether a folder is rightly written to by Python, by torch in the judge, or by whoever tests beside us."""
    return folder.name in CACHES or folder.name.startswith("torchinductor_") or (folder / "pyvenv.cfg").exists()


def _differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


# -- what a record may hold ----------------------------------------------------------------------------------------------------


def _texts(value: Any) -> Iterator[str]:
    """Every text in a record, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _messages(record: Record) -> list[str]:
    return [str(record.get("reason") or "")] + [str(test["message"]) for test in record["tests"]]


def _private_lines(exercise: str) -> list[str]:
    """Lines of the hidden tests and the reference that are long enough to be known again."""
    private = next((REPOSITORY / "solutions").glob(f"*/{exercise}"))
    lines = []
    for name in ("test_hidden.py", f"{exercise}.py"):
        lines += [line.strip() for line in (private / name).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if len(line) > 40]


def _leaks(attack: Attack, record: Record) -> list[str]:
    own = attack.source().decode("utf-8", "replace")
    private = [line for line in _private_lines(attack.exercise) if line not in own]
    wanted = [*attack.facts.get("never", []), SECRET, MARK, *private]
    whole = "\n".join(_texts(record))
    return [text for text in wanted if text in whole]


def _has_right_score(record: Record, score: int | str) -> bool:
    got, best = record["score"], record["max_score"]
    right = {0: got == 0, "full": got == best > 0, "partial": 0 < got < best, "any": 0 <= got <= best}
    return bool(right[score])


def _summary(record: Record) -> str:
    first = next((text for text in _messages(record) if text), "")
    return f"{record['outcome']} {record['score']}/{record['max_score']}: {first[:500]}"


# -- the tests -----------------------------------------------------------------------------------------------------------------


def test_there_are_many_attacks_and_each_is_described() -> None:
    assert len(ATTACKS) >= 60
    assert {path.name for path in HERE.iterdir() if path.is_dir()} - {"__pycache__"} == {attack.name for attack in ATTACKS}
    for attack in ATTACKS:
        facts = attack.facts
        assert set(facts) <= {"exercise", "what", "outcome", "score", "message", "never"}, attack.name
        assert list((REPOSITORY / "exercises").glob(f"*/{attack.exercise}/exercise.yaml")), attack.name
        assert re.fullmatch(r"\S.{10,}\.", facts["what"]), attack.name
        assert facts["outcome"], attack.name
        assert set(facts["outcome"]) <= OUTCOMES, attack.name
        assert facts["score"] in SCORES, attack.name
        assert (facts["outcome"] == ["passed"]) == (facts["score"] == "full"), attack.name
        re.compile(facts.get("message", ""))
        assert all(isinstance(text, str) for text in facts.get("never", [])), attack.name
        assert len({"submission.py", "make.py"} & {path.name for path in attack.folder.iterdir()}) == 1, attack.name


@each_exercise()
def test_command_survives(exercise: str, run_of: Callable[[str], Run]) -> None:
    """One record per line in the order of the files, nothing else; no process left, nothing changed outside."""
    run = run_of(exercise)
    assert run.exit_code == 0, run.errors[-3000:]
    records = [json.loads(line) for line in run.output.decode("utf-8").removesuffix("\n").split("\n")]
    assert [record["submission"] for record in records] == run.names
    for record in records:
        assert set(record) >= FIELDS
        assert record["exercise"] == exercise
        assert all(set(test) >= TEST_FIELDS for test in record["tests"])
    assert "Traceback" not in run.errors
    assert SECRET not in run.errors
    assert run.left == []
    assert run.changed == []


@each_exercise()
def test_canaries_are_alive(exercise: str, run_of: Callable[[str], Run]) -> None:
    """Every honest solution gets full marks."""
    run = run_of(exercise)
    canaries = [name for name in run.names if name.startswith("canary_")]
    assert [name for name in canaries if name not in run.records] == []
    hurt = [f"{name} {_summary(run.records[name])}" for name in canaries if run.records[name]["outcome"] != "passed"]
    assert hurt == []
    assert all(_has_right_score(run.records[name], "full") for name in canaries)


@each_attack()
def test_attack(attack: Attack, run_of: Callable[[str], Run]) -> None:
    """The attack gets what `attack.yaml` says, and its neighbours are unhurt."""
    run = run_of(attack.exercise)
    record = run.records.get(attack.name)
    if record is None:
        pytest.fail(f"no record; exit code {run.exit_code}\n{run.errors[-600:]}", pytrace=False)
    said = _summary(record)
    assert record["outcome"] in attack.facts["outcome"], said
    assert _has_right_score(record, attack.facts["score"]), said
    assert (record["outcome"] == "passed") == _has_right_score(record, "full"), said
    pattern = attack.facts.get("message")
    if pattern is not None:
        assert any(re.search(pattern, text, re.IGNORECASE) for text in _messages(record)), said
    assert _leaks(attack, record) == []
    for name in run.around(attack):
        assert name in run.records, f"{name}: no record"
        assert run.records[name]["outcome"] == "passed", f"{name}: {_summary(run.records[name])}"
