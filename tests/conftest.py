"""What several rooms share: a warm sandbox that is started once, and a way to talk to a submission."""

import ast
import contextlib
import io
import json
import marshal
import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
import types
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from grader.catalog.course import Course, Exercise
from grader.grading.conversation import Conversation
from grader.quiz.bank import Bank
from grader.quiz.texts import answers_of, texts_of
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
# A shell that runs the tests in the background has Ctrl-C ignored, and whatever they start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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


# Lines that solutions share with programs of all kinds.
IDIOMS = {
    "from dataclasses import dataclass", "from collections.abc import Sequence", "from collections.abc import Iterator",
    "@dataclass(frozen=True)", 'if __name__ == "__main__":', "@contextlib.contextmanager", "if isinstance(value, dict):",
    "from fractions import Fraction", "from itertools import pairwise", "with torch.enable_grad():",
    "for name, parameter in parameters.items():", "import torch.nn.functional as F", "assert_inputs_unchanged,",
    "except ZeroDivisionError:",
}  # fmt: skip
# In code of our own and in a question's few lines of code, a line is compared from here on: shorter ones are "return result",
# "optimizer.step()" and the like.
LONG = 24


class Search:
    """Knows every private line of a checkout, and reads what lies in files of all kinds.

    Attributes:
        private: lines of solutions, hidden tests and known mistakes that the public half does not have.
        constants: texts and names in their code that the public half does not have: what is left when it is compiled.
    """

    def __init__(self, root: Path) -> None:
        halves = [[path for path in (root / half).rglob("*") if path.is_file()] for half in ("solutions", "exercises")]
        lines = [
            set().union(*(self.lines(path) for path in half if path.suffix in (".py", ".yaml", ".md"))) for half in halves
        ]
        words = [set().union(*(_words_of(path) for path in half if path.suffix == ".py")) for half in halves]
        self.private: frozenset[str] = frozenset(lines[0] - lines[1])
        self.constants: frozenset[str] = frozenset(words[0] - words[1])

    @staticmethod
    def lines(path: Path) -> set[str]:
        """The lines of a file as a reader sees them; of a notebook those of its cells, of an archive those of its files."""
        return {line for _, held in Search.files(path.name, path.read_bytes()) for line in held}

    @staticmethod
    def files(name: str, data: bytes) -> Iterator[tuple[str, set[str]]]:
        """Paths and lines of a file, or of all files in an archive, however deep they lie."""
        if name.endswith((".zip", ".whl")):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                for member in packed.namelist():
                    yield from ((f"{name}/{path}", held) for path, held in Search.files(member, packed.read(member)))
        elif name.endswith(".tar.gz"):
            with tarfile.open(fileobj=io.BytesIO(data)) as tar:
                for entry in tar:
                    file = tar.extractfile(entry)
                    yield entry.name, _lines_in(entry.name, file.read() if file else b"")
        else:
            yield name, _lines_in(name, data)

    def leaks(self, name: str, data: bytes) -> dict[str, set[str]]:
        """Private lines by the file that holds them, in archives down to their last file."""
        found = {}
        for path, lines in self.files(name, data):
            shared = path.startswith(("grader/", "tests/")) or any(part in path for part in ("/grader/", "/tests/", "quiz_"))
            private = {line for line in self.private - IDIOMS if not shared or len(line) >= LONG}
            if lines & private or lines & self.constants:
                found[path] = lines & (private | self.constants)
        return found

    @staticmethod
    def keys(bank: Bank) -> set[str]:
        """All that a bank says and that no student may see before the marks."""
        found = set()
        for question in bank.questions:
            for key, text in texts_of(question):
                if "explain" in key or "reason" in key:
                    found |= {getattr(text, language) for language in ("en", "ru", "hi")}
            for answer in answers_of(question):
                found |= {form for form in answer.forms or () if len(form) > 12}
            found |= {option.id for option in getattr(question, "options", None) or () if len(option.id) > 9}
        return {" ".join(text.split()) for text in found}


def _lines_in(name: str, data: bytes) -> set[str]:
    if name.endswith(".pyc"):
        texts = list(_texts_in(marshal.loads(data[16:])))
    elif name.endswith((".ipynb", ".json")):
        texts = list(_strings(json.loads(data)))
    else:
        texts = [data.decode("utf-8", "replace")]
    return {line.strip() for text in texts for line in text.splitlines() if len(line.strip()) > 8}


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = [part for pair in data.items() for part in pair]
    if isinstance(data, list):
        if data and all(isinstance(item, str) for item in data):
            yield "".join(data)
        for item in data:
            yield from _strings(item)
    elif isinstance(data, str):
        yield data


def _texts_in(code: types.CodeType) -> Iterator[str]:
    """Texts and names of compiled code."""
    yield code.co_name
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _texts_in(constant)
        elif isinstance(constant, (tuple, frozenset)):
            yield from (part for part in constant if isinstance(part, str))
        elif isinstance(constant, str):
            yield constant


def _words_of(path: Path) -> set[str]:
    """Long texts in a module's code, line by line, and the names of its tests."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    except SyntaxError:
        return set()
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    tests = {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    return tests | {line.strip() for text in texts for line in text.splitlines() if len(line.strip()) >= 20}


@pytest.fixture(scope="session")
def search() -> Search:
    """What students must not see, and the means to look for it."""
    return Search(REPOSITORY)
