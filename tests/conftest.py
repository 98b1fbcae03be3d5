"""What several rooms share: a warm sandbox that is started once, and a way to talk to a submission."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from grader.catalog.course import Course, Exercise
from grader.grading.conversation import Conversation
from grader.record.limits import BanSpec, Limits
from grader.sandbox.contract import Process, Sandbox, Unavailable
from grader.sandbox.warm import WarmSandbox

REPOSITORY = Path(__file__).resolve().parents[1]
# Wall clock is the subject of few tests, and the machine may be busy.
PATIENT = Limits(call_seconds=90.0, submission_seconds=300.0)
# What the commands say is compared in English, whoever runs the tests; who tests a language sets it.
for _variable in ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
    os.environ.pop(_variable, None)
os.environ["LC_ALL"] = "C.UTF-8"


@pytest.fixture(autouse=True)
def _no_language_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that ran in this process has chosen one, which stays for its life."""
    monkeypatch.setattr("grader.locales._spoken", None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmSandbox]:
    """The sandbox that marks are given in."""
    sandbox = WarmSandbox(["numpy", "torch"], [REPOSITORY])
    yield sandbox
    sandbox.close()


class Talk:
    """A loaded submission and the conversation with it."""

    def __init__(self, process: Process, limits: Limits) -> None:
        self.process = process
        self.conversation = Conversation(process, limits)
        self.facts: dict[str, Any] = {}
        self.loaded: dict[str, Any] = {}

    def load(self, source: bytes, entries: Sequence[str]) -> None:
        """Read and execute a source."""
        self.facts = self._checked("read", filename="submission.py", source=source, entries=list(entries))
        self.loaded = self._checked("load", seed=1, entries=list(entries))

    def _checked(self, op: str, **fields: Any) -> dict[str, Any]:
        reply, _ = self.conversation.ask(op, seconds=self.conversation.limits.call_seconds, **fields)
        self.conversation.raise_error(reply)
        return reply

    def call(self, *args: Any, name: str = "f", **kwargs: Any) -> Any:
        """Call a name of the submission."""
        return self.conversation.call("call", args, kwargs, name=name).value

    def poll(self) -> str:
        """What it has printed so far, also after its last answer."""
        self.conversation.output += self.process.output()
        return self.conversation.output

    @property
    def output(self) -> str:
        """What it had printed when it last answered."""
        return self.conversation.output


Submit = Callable[..., Talk]


@pytest.fixture
def submit() -> Iterator[Submit]:
    """Start a process on a sandbox and load a source in it; closed when the test ends."""
    opened: list[tuple[Sandbox, Talk]] = []

    def end(sandbox: Sandbox) -> None:
        for where, talk in opened:
            if where is sandbox:
                with contextlib.suppress(Unavailable):
                    talk.process.close()

    def start(
        sandbox: Sandbox, source: str, limits: Limits = PATIENT, bans: Sequence[BanSpec] = (), entries: Sequence[str] = ("f",)
    ) -> Talk:
        end(sandbox)  # a sandbox serves one submission at a time
        talk = Talk(sandbox.start(bans, limits), limits)
        opened.append((sandbox, talk))
        talk.load(dedent(source).encode(), entries)
        return talk

    yield start
    for sandbox, _ in opened:
        end(sandbox)


class Builder:
    """Writes tiny courses."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def topic(self, name: str, order: int = 1) -> None:
        """A topic's folder with its title."""
        folder = self.root / "exercises" / name
        folder.mkdir(parents=True, exist_ok=True)
        title = {language: f"{name} {language}" for language in LANGUAGES}
        (folder / "topic.yaml").write_text(yaml.safe_dump({"title": title, "order": order}), encoding="utf-8")

    def exercise(
        self,
        name: str = "scale",
        topic: str = "basics",
        hidden: str = "",
        public: str = "",
        files: Mapping[str, str] | None = None,
        **manifest: Any,
    ) -> Exercise:
        """An exercise: `scale(x, factor=2.0)` unless told otherwise.

        Parameters:
            name, topic: where.
            hidden, public: the tests; their imports are added.
            files: further files by path below `exercises` or `solutions`, e.g. {"private/probe.py": …}, replacing the usual ones.
            manifest: keys of the manifest, replacing the usual ones.
        """
        if not (self.root / "exercises" / topic / "topic.yaml").exists():
            self.topic(topic)
        words = {language: f"{name} {language}" for language in LANGUAGES}
        keys = {"entry": name, "library": "numpy", "points": 5, "returns": "array", "title": words, "hints": [words], **manifest}
        entry = keys["entry"]
        texts = {
            "public/exercise.yaml": yaml.safe_dump(keys, allow_unicode=True),
            f"public/{name}.py": f"def {entry}(x, factor=2.0):\n    raise NotImplementedError\n",
            "public/test_public.py": TEST_HEAD + dedent(public or HIDDEN.format(entry=entry)),
            f"private/{name}.py": f"def {entry}(x, factor=2.0):\n    return x * factor\n",
            "private/test_hidden.py": TEST_HEAD + dedent(hidden or HIDDEN.format(entry=entry)),
            **{path: dedent(text) for path, text in (files or {}).items()},
        }
        for path, text in texts.items():
            half, _, rest = path.partition("/")
            target = self.root / {"public": "exercises", "private": "solutions"}[half] / topic / name / rest
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return Course(self.root).exercise(name)


LANGUAGES = ("en", "ru", "hi")
TEST_HEAD = """
import numpy as np
import pytest

from grader.testing import *
from grader.testing import assert_close, assert_equal, assert_inputs_unchanged, depends, expect, gradients, points, raises, title

"""
HIDDEN = """
@points(2)
@title(en="By a number", ru="На число", hi="संख्या से")
def test_by_a_number(student, rng):
    x = rng.normal((2, 3))
    assert_close(student.{entry}(x, 3.0), x * 3.0)


@points(1.5)
@title(en="Twice by default", ru="Вдвое", hi="दोगुना")
def test_default(student, rng):
    x = rng.normal(4)
    assert_close(student.{entry}(x), x + x)


@points(0.5)
@title(en="Of any size", ru="Любого размера", hi="किसी भी आकार का")
@pytest.mark.parametrize("size", [1, 7])
def test_sizes(student, rng, size):
    x = rng.normal((size, 1, 2))
    assert_close(student.{entry}(x, factor=-1.0), -x)


@points(0.5)
def test_inputs_unchanged(student, rng):
    student.{entry}(rng.normal(3))
    assert_inputs_unchanged(student)
"""


@pytest.fixture
def build(tmp_path: Path) -> Builder:
    """Writes a course in a fresh folder."""
    return Builder(tmp_path / "course")


def program(name: str) -> str:
    """A program of the server; Debian keeps them off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(debian[-1]) if debian else shutil.which(name)
    assert found, f"{name} is missing: apt-get install postgresql"
    return found


def as_user(command: list[str]) -> None:
    """Run a program of the server, which refuses to be root."""
    user = "postgres" if os.geteuid() == 0 else None
    # A server that stays must not hold a pipe of ours.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(command, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False)
        said.seek(0)
        assert done.returncode == 0, said.read()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server that listens on a socket in a folder of its own, and nowhere else."""
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pg", dir="/tmp")))  # sockets need short paths
        if os.geteuid() == 0:
            shutil.chown(place, "postgres")
        data = str(place / "data")
        as_user([program("initdb"), "-D", data, "-U", "teacher", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"])
        options = f"-k {place} -c listen_addresses='' -c fsync=off"
        as_user([program("pg_ctl"), "-D", data, "-w", "-t", "120", "-o", options, "-l", str(place / "log"), "start"])
        stack.callback(as_user, [program("pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop"])
        as_user([program("createdb"), "-h", str(place), "-U", "teacher", "grades"])
        as_user([program("createdb"), "-h", str(place), "-U", "teacher", "grades2"])
        as_user([program("createdb"), "-h", str(place), "-U", "teacher", "marks"])
        yield f"postgresql+psycopg://teacher@/grades?host={place}"
