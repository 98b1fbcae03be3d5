"""The first and the last moments of a command: streams that are not there, a folder that has gone, Ctrl-C, a fault of ours."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.catalog.course import Course
from grader.grading.suite import with_suite

REPOSITORY = Path(__file__).resolve().parents[2]
# Without a buffer a line fails where it is printed, with one at the end.
HIDDEN = ("GRADER_", "PYTEST_", "LC_", "LANG", "PYTHONIOENCODING", "PYTHONUNBUFFERED")


def environment(**variables: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(HIDDEN)}
    return {**kept, "PYTHONPATH": str(REPOSITORY), **variables}


def shell(script: str, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A line of the shell in which $grader is the command."""
    env = environment(grader=f"{sys.executable} -m grader", **variables)
    return subprocess.run(["bash", "-c", script], cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def root(build: Any) -> Path:
    """A course with one exercise."""
    build.exercise("scale")
    found: Path = build.root
    return found


@pytest.mark.parametrize("command", ["", "list", "doctor", "check scale"])
def test_a_closed_stdout_changes_no_verdict(root: Path, command: str) -> None:
    done = shell(f"$grader {command} >&-", root)
    assert (done.returncode, done.stderr) == (1 if command.startswith("check") else 0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["", "list", "check scale"])
def test_a_full_disk_is_told_in_a_line(root: Path, command: str) -> None:
    done = shell(f"$grader {command} >/dev/full", root)
    assert (done.returncode, done.stderr) == (3, "grader: No space left on device\n")


@pytest.mark.parametrize("command", ["", "list", "check", "upgrade", "doctor"])
def test_a_folder_that_has_gone(tmp_path: Path, command: str) -> None:
    done = shell(f"mkdir gone && cd gone && rmdir ../gone && $grader {command}", tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("grader: the folder that you are in is not there any more")
    assert "Traceback" not in done.stderr


BREAKS = "import sys, grader.cli.entry as e\ndef broken(): raise {error}\ne._command = broken\ne.run()"


def run_with(error: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    code = [sys.executable, "-c", BREAKS.format(error=error)]
    return subprocess.run(code, env=environment(**variables), capture_output=True, text=True, timeout=60, check=False)


def test_a_fault_of_ours_is_a_sentence_and_exit_code_3() -> None:
    done = run_with("KeyError('pad\\nding')")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("grader: something of ours broke: KeyError: ")
    assert done.stderr.count("\n") == 1


def test_who_asks_for_it_sees_the_traceback() -> None:
    done = run_with("KeyError('padding')", GRADER_TRACEBACK="1")
    assert "Traceback" in done.stderr
    assert done.returncode != 0


@pytest.mark.parametrize(("error", "code"), [("KeyboardInterrupt", 130), ("BrokenPipeError", 1)])
def test_an_interrupt_and_a_reader_that_has_gone_are_silent(error: str, code: int) -> None:
    done = run_with(error)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_ctrl_c_while_tests_are_collected_is_no_error_of_the_course(build: Any) -> None:
    exercise = build.exercise("scale", files={"public/test_public.py": "raise KeyboardInterrupt\n"})
    course = Course(build.root)
    assert exercise is not None
    with pytest.raises(KeyboardInterrupt):
        with_suite(course.exercises, False, lambda suite: suite)


def test_ctrl_c_is_answered_by_130(build: Any) -> None:
    wait = f"import os\nos.kill(os.getpid(), {int(signal.SIGINT)})\n"
    build.exercise("scale", files={"public/test_public.py": wait})
    done = shell("$grader check scale", build.root)
    assert (done.returncode, "cannot be collected" in done.stderr, "Traceback" in done.stderr) == (130, False, False)
