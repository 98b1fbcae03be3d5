"""`grader watch` in a real pseudo-terminal: what the screen holds, what keys do, and how the terminal is left."""

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .terminal import Terminal, Work

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")

WRONG = "def linear_params(in_features, out_features, bias=True):\n    return 3\n"
ENDLESS = "def linear_params(in_features, out_features, bias=True):\n    while True:\n        pass\n"
NAMES = ("linear_params", "conv2d_params")
Open = Callable[..., Terminal]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Exercises over Python's numbers and one over arrays."""
    return Work(tmp_path, ("counting", "convolution"))


@pytest.fixture
def opened(work: Work) -> Iterator[Open]:
    """Start `grader watch`, and wait until the first result stands."""
    made: list[Terminal] = []

    def make(*names: str, wait: str = "not started", **settings: object) -> Terminal:
        terminal = Terminal(["watch", *(names or NAMES)], work.root, **settings)  # type: ignore[arg-type]  # they are its own
        made.append(terminal)
        terminal.until(wait)
        return terminal

    yield make
    for terminal in made:
        terminal.close()


# -- saves ---------------------------------------------------------------------------------------------------------------------


def test_saves_are_run_and_the_result_replaces_the_last(work: Work, opened: Open) -> None:
    terminal = opened()
    work.save("linear_params", WRONG)
    text = terminal.until("returned  3")
    assert "✗ linear_params" in text
    assert "not started" not in text
    work.save("linear_params", work.right("linear_params"))
    text = terminal.until("All its tests pass")
    assert "✓ linear_params  4/4" in text
    assert "returned" not in text


def test_an_editor_that_renames(work: Work, opened: Open) -> None:
    terminal = opened()
    work.save_by_rename("linear_params", WRONG)
    terminal.until("returned  3")
    work.save_by_rename("linear_params", work.right("linear_params"))
    terminal.until("All its tests pass")


def test_another_exercise_that_is_saved_comes_to_the_front(work: Work, opened: Open) -> None:
    terminal = opened()
    work.save("conv2d_params", work.right("conv2d_params"))
    terminal.until("counting/conv2d_params")
    work.save("linear_params", work.right("linear_params"))
    terminal.until("✓ linear_params")


HALVES = """import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    return np.array([[2.0, 6.5], [1.0, 0.0]])
"""


@pytest.mark.parametrize("colour", ["xterm-256color", "xterm-16color", "none"])
def test_arrays_that_differ_stand_side_by_side(work: Work, opened: Open, colour: str) -> None:
    settings = {"NO_COLOR": "1"} if colour == "none" else {"TERM": colour}
    terminal = opened("convolution2d", **settings)
    work.save("convolution2d", HALVES)
    lines = terminal.until("difference").splitlines()
    place = next(number for number, line in enumerate(lines) if "difference" in line)
    assert lines[place : place + 3] == [
        "    returned │ expected │ difference",
        "      2 6.5  │ 2 6      │    · +0.5",
        "      1   0  │ 1 0      │    ·    ·",
    ]
    assert "returned  [[" not in terminal.text  # nothing is told twice
    row = next(number for number, line in enumerate(terminal.screen.display) if "+0.5" in line)
    found = terminal.screen.buffer[row][terminal.screen.display[row].index("+")].fg
    assert found == ("default" if colour == "none" else "red")


def test_a_broken_line_keeps_its_indent(work: Work, opened: Open) -> None:
    terminal = opened("convolution2d")
    work.save("convolution2d", HALVES)
    lines = terminal.until("allowed").splitlines()
    place = next(number for number, line in enumerate(lines) if "(allowed" in line)
    assert lines[place].startswith("    1 of 4 values are off")
    assert lines[place + 1].startswith("      ")
    assert lines[place + 1].endswith("of the value)")


HALF_SAVED = [
    ("def linear_params(in_features,\n", "SyntaxError"),
    ("", "is empty"),
    ("x = 1\n", "no `linear_params`"),
    ("  \n\n", "is empty"),
    ("\0\0", "cannot be loaded"),
]


def test_half_saved_files_have_their_message(work: Work, opened: Open) -> None:
    terminal = opened("linear_params")
    for half, told in HALF_SAVED:
        work.save("linear_params", half)
        assert "Traceback" not in terminal.until(told)
    work.save("linear_params", work.right("linear_params"))
    terminal.until("All its tests pass")


def test_a_file_deleted_and_made_again(work: Work, opened: Open) -> None:
    terminal = opened("linear_params")
    work.stub("linear_params").unlink()
    terminal.until("is not there")
    (work.root / "exercises/counting/linear_params/linear_params.py").write_text(work.right("linear_params"), encoding="utf-8")
    terminal.until("All its tests pass")


def test_an_endless_loop_is_cut_short_by_a_save(work: Work, opened: Open) -> None:
    terminal = opened("linear_params")
    work.save("linear_params", ENDLESS)
    terminal.until("running, ")
    work.save("linear_params", work.right("linear_params"))
    terminal.until("All its tests pass")
    assert b"took longer than" not in terminal.raw  # nobody waited for the limit


def test_an_endless_loop_leaves_the_keys_alive(work: Work, opened: Open) -> None:
    terminal = opened()
    work.save("linear_params", ENDLESS)
    terminal.until("running, ")
    terminal.press("l")
    terminal.until("of 2 exercises pass")
    terminal.press("q")
    assert terminal.end() == 0
    assert terminal.given_back


def test_tests_that_change_are_collected_again(work: Work, opened: Open) -> None:
    work.save("linear_params", work.right("linear_params"))
    terminal = opened("linear_params", wait="✓ linear_params  4/4")
    tests = work.tests("linear_params")
    before = tests.read_text(encoding="utf-8")
    more = "\n\ndef test_one_more(student):\n    assert student.linear_params(1, 1) == 3\n"
    tests.write_text(before + more, encoding="utf-8")
    terminal.until("4/5")
    tests.write_text("def test_broken(:\n", encoding="utf-8")
    terminal.until("cannot be collected")
    tests.write_text(before, encoding="utf-8")
    terminal.until("✓ linear_params  4/4")


def test_a_broken_manifest_costs_its_own_exercise_only(work: Work, opened: Open) -> None:
    terminal = opened()
    (work.stub("linear_params").parent / "exercise.yaml").write_text("entry: [\n", encoding="utf-8")
    work.save("conv2d_params", work.right("conv2d_params"))
    terminal.until("✓ conv2d_params")  # and it stays, whatever else is run
    work.save("linear_params", work.right("linear_params"))
    terminal.until("exercise.yaml")


def test_a_broken_topic_stops_nothing(work: Work, opened: Open) -> None:
    (work.stub("linear_params").parents[1] / "topic.yaml").write_text("titel: x\n", encoding="utf-8")
    terminal = opened()
    work.save("linear_params", work.right("linear_params"))
    terminal.until("✓ linear_params")


def test_a_save_that_changes_nothing_else_is_one_run(work: Work, opened: Open) -> None:
    terminal = opened("linear_params")
    for number in range(12):
        work.save("linear_params", WRONG.replace("3", str(100 + number)))
    terminal.until("returned  111")


# -- keys ----------------------------------------------------------------------------------------------------------------------


def test_hints_come_one_after_the_other(opened: Open) -> None:
    terminal = opened("linear_params")
    terminal.press("h")
    terminal.until("A nudge:")
    terminal.press("h")
    assert "A nudge:" in terminal.until("The idea:")


def test_next_list_statement_and_back(work: Work, opened: Open) -> None:
    terminal = opened()
    terminal.press("l")
    assert "> · linear_params" in terminal.until("of 2 exercises pass")
    terminal.press("l")
    terminal.until("Write exercises")
    terminal.press("n")
    terminal.until("counting/conv2d_params")
    terminal.press("o")
    terminal.until("o back")
    terminal.press("\x1b")
    terminal.until("Write exercises")
    terminal.press("o")
    terminal.until("o back")
    work.save("linear_params", work.right("linear_params"))
    terminal.until("All its tests pass")


def test_run_again(work: Work, opened: Open) -> None:
    terminal = opened("linear_params")
    seen = terminal.raw.count(b"not started")
    terminal.press("r")
    terminal.until(lambda _: terminal.raw.count(b"not started") > seen)


def test_keys_of_other_keyboards(opened: Open) -> None:
    terminal = opened()
    for key in ("l", "д", "L", "त"):
        terminal.press(key)
        terminal.until("of 2 exercises pass")
        terminal.press(key)
        terminal.until("Write exercises")


def test_keys_that_mean_nothing(opened: Open) -> None:
    terminal = opened()
    terminal.press("xyz\x1b[15~\x1b[200;1H\x00é")
    os.write(terminal.master, b"\xff\xfe")
    terminal.press("l")
    terminal.until("of 2 exercises pass")


# -- the window ----------------------------------------------------------------------------------------------------------------


def test_a_long_result_is_scrolled_in_80_by_24(work: Work, opened: Open) -> None:
    terminal = opened("linear_params")
    work.save("linear_params", WRONG)
    text = terminal.until("more lines below")
    assert text.splitlines()[-1].strip().startswith("h hint")
    first = text.splitlines()[2]
    terminal.press("\x1b[B")
    assert first not in terminal.until(lambda text: first not in text)
    terminal.press("\x1b[F")
    terminal.until(lambda text: "above" in text and "below" not in text)
    terminal.press("\x1b[H")
    terminal.until(lambda text: first in text)


def test_nothing_is_erased_between_two_results(work: Work, opened: Open) -> None:
    terminal = opened("linear_params")
    seen = len(terminal.raw)
    for text in (WRONG, work.right("linear_params")):
        work.save("linear_params", text)
        terminal.until("returned" if text == WRONG else "All its tests pass")
    assert not re.search(rb"\x1b\[[0-3]?J", terminal.raw[seen:])
    assert b"\x1b[?1049" not in terminal.raw[seen:]


def test_the_page_fits_every_window(work: Work, opened: Open) -> None:
    terminal = opened("linear_params", size=(12, 3), wait="watching")
    work.save("linear_params", WRONG)
    for columns, lines in ((30, 8), (200, 60), (80, 24)):
        terminal.resize(columns, lines)
        terminal.until(lambda text, last=lines - 1: "0/4" in text and "h hint" in text.split("\n")[last])
    terminal.press("q")
    assert terminal.end() == 0
    assert terminal.given_back


def test_no_colour(work: Work, opened: Open) -> None:
    coloured, bare = opened("linear_params"), opened("linear_params", NO_COLOR="1")
    work.save("linear_params", WRONG)
    for terminal in (coloured, bare):
        terminal.until("returned  3")
    colours = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)(?:;\d+)*m")
    assert colours.search(coloured.raw)
    assert not colours.search(bare.raw)


# -- the end -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda terminal: terminal.press("q"), 0),
        (lambda terminal: terminal.press("\x03"), 130),
        (lambda terminal: terminal.process.send_signal(signal.SIGTERM), 143),
        (lambda terminal: terminal.process.send_signal(signal.SIGHUP), 129),
    ],
    ids=["q", "ctrl-c", "sigterm", "sighup"],
)
def test_the_terminal_is_given_back(opened: Open, end: Callable[[Terminal], None], code: int) -> None:
    terminal = opened()
    assert not terminal.given_back
    end(terminal)
    assert terminal.end() == code
    assert terminal.given_back


def test_an_end_while_it_starts(work: Work) -> None:
    terminal = Terminal(["watch"], work.root)
    try:
        terminal.until("watching")
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.given_back
    finally:
        terminal.close()


BROKEN = """
import sys
from grader.watch import pages, session
def broken(*a, **k):
    raise ZeroDivisionError("ours")
pages.listing = broken
sys.argv = ["grader", "watch", "linear_params"]
from grader.cli.app import main
main()
"""


def test_a_fault_of_ours_gives_the_terminal_back(opened: Open) -> None:
    terminal = opened(command=[sys.executable, "-c", BROKEN])
    terminal.press("l")
    assert terminal.end() != 0
    assert terminal.given_back


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_left_by_ctrl_z_and_taken_up_again(work: Work, opened: Open) -> None:
    shell = opened(command=["bash", "--norc", "--noprofile", "-i"], wait="$", PS1="ready$ ")
    shell.press(f"{sys.executable} -m grader watch linear_params\n")
    shell.until("not started")
    shell.press("\x1a")
    shell.until("Stopped")
    assert shell.raw.rindex(b"\x1b[?1049l") > shell.raw.rindex(b"\x1b[?1049h")
    work.save("linear_params", work.right("linear_params"))
    shell.press("fg\n")
    shell.until("All its tests pass")
    shell.press("q")
    shell.until(lambda _: shell.raw.rindex(b"\x1b[?1049l") > shell.raw.rindex(b"\x1b[?1049h"))
    shell.press("echo again-$((40 + 2))\n")
    shell.until("again-42")


def test_results_are_kept(work: Work, opened: Open) -> None:
    from grader.progress.state import load

    terminal = opened("linear_params")
    work.save("linear_params", work.right("linear_params"))
    terminal.until("All its tests pass")
    deadline = time.monotonic() + 60
    while load(work.root).get("linear_params", None) is None or load(work.root)["linear_params"].outcome != "passed":
        assert time.monotonic() < deadline
        terminal.read()


def test_a_name_that_nothing_bears(work: Work) -> None:
    terminal = Terminal(["watch", "linear_parms"], work.root)
    try:
        assert terminal.end() == 2
        assert "did you mean 'linear_param" in terminal.text
    finally:
        terminal.close()
