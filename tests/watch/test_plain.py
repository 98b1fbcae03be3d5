"""`grader watch` without a terminal, and the parts that need none."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.grading.conversation import Conversation
from grader.record.limits import Limits
from grader.sandbox.plain import PlainSandbox
from grader.watch.cutting import Cut, CuttableSandbox
from grader.watch.events import Event, Saved
from grader.watch.files import Files
from grader.watch.keys import named

from .terminal import Work, environment

PATIENT = Limits(call_seconds=90.0, submission_seconds=300.0)
WRONG = "def linear_params(in_features, out_features, bias=True):\n    return 3\n"


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path, ("counting",))


class Pipe:
    """The command, read by a pipe."""

    def __init__(self, work: Work, **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "grader", "watch", "linear_params"],
            cwd=work.root, env=environment(**variables), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        )  # fmt: skip

    def until(self, wanted: str) -> str:
        """Lines up to one that holds a text."""
        assert self.process.stdout is not None
        seen = ""
        for line in self.process.stdout:
            seen += line
            if wanted in line:
                return seen
        raise AssertionError(f"{wanted!r} did not come:\n{seen}")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def pipe(work: Work) -> Iterator[Pipe]:
    found = Pipe(work)
    yield found
    found.close()


def test_results_line_by_line(work: Work, pipe: Pipe) -> None:
    text = pipe.until("not started")
    assert text.startswith("watching ")
    work.save("linear_params", WRONG)
    text = pipe.until("expected")
    assert "✗ linear_params" in text
    work.save("linear_params", work.right("linear_params"))
    assert "\x1b" not in pipe.until("✓ linear_params  4/4")
    pipe.process.send_signal(signal.SIGTERM)
    assert pipe.process.wait(60) == 143


def test_the_reader_has_gone(work: Work) -> None:
    pipe = Pipe(work)
    try:
        pipe.until("not started")
        assert pipe.process.stdout is not None
        pipe.process.stdout.close()
        work.save("linear_params", WRONG)
        assert pipe.process.wait(60) == 1
    finally:
        pipe.close()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("h", ["h"]), ("Q", ["q"]), ("й", ["q"]), ("\x1b[A", ["up"]), ("\x1bOB", ["down"]), ("\x1b[5~h", ["pageup", "h"]),
        ("\x1b", ["escape"]), ("\x1bq", ["escape", "q"]), ("\x1b[15~", [""]), (" ", ["pagedown"]), ("\x1b[", [""]), ("", []),
    ],
)  # fmt: skip
def test_names_of_keys(text: str, names: list[str]) -> None:
    assert list(named(text)) == names


def told(events: "queue.SimpleQueue[Event]") -> Event:
    return events.get(timeout=60)


def test_which_files_matter(work: Work) -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    files = Files(work.root, events.put)
    files.start()
    try:
        folder = work.stub("linear_params").parent
        work.save("linear_params", WRONG)
        assert told(events) == Saved("linear_params", tests=False)
        (folder / "notes.txt").write_text("x", encoding="utf-8")
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / "linear_params.py").write_text("x", encoding="utf-8")
        os.utime(folder / "statement.en.md")
        work.tests("linear_params").write_text("# other\n", encoding="utf-8")
        assert told(events) == Saved("linear_params", tests=True)
        (folder / "exercise.yaml").write_text("entry: x\n", encoding="utf-8")
        assert told(events) == Saved("linear_params", tests=True)
        work.stub("linear_params").chmod(0o600)
        work.save_by_rename("conv2d_params", "x = 1\n")
        assert told(events) == Saved("conv2d_params", tests=False)
    finally:
        files.close()


def test_what_was_saved_before_the_watching_began_is_told(work: Work) -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    files = Files(work.root, events.put)
    work.save("linear_params", WRONG)
    files.start()
    try:
        assert told(events) == Saved("linear_params", tests=False)
    finally:
        files.close()


def test_a_stub_that_is_a_link(work: Work, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "mine.py"
    elsewhere.write_text("x = 0\n", encoding="utf-8")
    stub = work.stub("linear_params")
    stub.unlink()
    stub.symlink_to(elsewhere)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    files = Files(work.root, events.put)
    files.start()
    try:
        elsewhere.write_text("x = 12345\n", encoding="utf-8")
        assert told(events) == Saved("linear_params", tests=False)
    finally:
        files.close()


def test_a_cut_ends_a_run_from_another_thread() -> None:
    sandbox = CuttableSandbox(PlainSandbox(["numpy"], eager=False))
    sandbox.begin()
    process = sandbox.start((), PATIENT)
    talk = Conversation(process, PATIENT)
    talk.ask("read", filename="mine.py", source=b"while True:\n    pass\n", entries=[])
    timer = threading.Timer(0.2, sandbox.cut)
    timer.start()
    with pytest.raises(Cut):
        talk.ask("load", seed=1, entries=[])
    process.close()
    timer.join()
    with pytest.raises(Cut):
        sandbox.start((), PATIENT)
    sandbox.begin()
    sandbox.start((), PATIENT).close()
