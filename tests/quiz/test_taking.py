"""A quiz in a terminal, in a pipe and for a screen reader, as students type it."""

import errno
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from grader.quiz.bank import read_bank
from grader.quiz.seeds import PRACTICE_SECRET
from grader.quiz.sheet import make_sheet
from grader.quiz.terminal.words import _WORDS
from grader.quiz.unlatex import plain

ROOT = Path(__file__).resolve().parents[2]
SOUND = Path(__file__).parent / "banks" / "sound.yaml"
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith(("GRADER_", "NO_COLOR"))}, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A graded sheet, without a key anywhere near."""
    text = SOUND.read_text(encoding="utf-8").replace("kind: practice", "kind: graded")
    bank = tmp_path / "bank" / "sound.yaml"
    bank.parent.mkdir()
    bank.write_text(text, encoding="utf-8")
    path = tmp_path / "quiz_sound.json"
    path.write_text(make_sheet(read_bank(bank), "secret").to_json(), encoding="utf-8")
    return path


def piped(typed: str | bytes, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "grader", "quiz", "take", *map(str, arguments)]
    data = typed if isinstance(typed, bytes) else typed.encode()
    return subprocess.run(command, input=data, capture_output=True, cwd=cwd or ROOT, env=ENVIRONMENT, check=False)


def answers_of(folder: Path) -> dict[str, object]:
    data = json.loads((folder / "answers_sound.json").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def test_a_line_per_answer_through_a_pipe(sheet: Path) -> None:
    lines = ["a", "a c", "верно", "896", "", "dropout", "d c b a", "1a 2b", "(1, 8, 30, 30)", "b", "/s"]
    done = piped("\n".join(lines), sheet, "--student", "anna")
    assert (done.returncode, done.stderr) == (0, b"")
    data = answers_of(sheet.parent)
    assert data["answers"] == {
        "padding-five": "a",
        "nothing-to-update": "a c",
        "momentum-is-averaged": True,
        "conv-params": "896",
        "which-trick": "dropout",
        "training-step": "d c b a",
        "formulas": "1a 2b",
        "conv-shape": "(1, 8, 30, 30)",
        "in-place": "b",
    }
    assert (data["submitted"], data["student"]) == (True, "anna")
    text = done.stdout.decode()
    assert "Not answered: 5." in text
    assert "Your instructor marks it" in text
    assert "It is called dropout" not in text
    assert "\x1b" not in text
    again = piped("b\n", sheet, "--student", "anna")
    assert answers_of(sheet.parent) == data
    assert again.returncode == 0


def test_commands_through_a_pipe(sheet: Path) -> None:
    typed = "a\n/p\n/c\n/9\n(1,2)\n/1\n/p\n/99\n/dance\n/help\n/обзор\n4\n//x\n/q\n"
    text = piped(typed, sheet, "--student", "anna").stdout.decode()
    for told in (
        "cleared",
        "the first question",
        "no question 99",
        "no command /dance",
        "saved at once",
        "Review",
        "Saved as you wrote",
    ):
        assert told in " ".join(text.split()), told
    data = answers_of(sheet.parent)
    assert (data["answers"], data["submitted"]) == ({"conv-shape": "(1,2)", "conv-params": "/x"}, False)
    assert "Paused at question 5 of 10" in text


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_plain_text_has_no_drawing_and_fits_80_columns(sheet: Path, language: str) -> None:
    typed = "a\nz\n/h\n" + "\n" * 20 + "/s\n"
    done = piped(typed, sheet, "--student", "anna", "--lang", language, "--plain")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert not re.search("[\x1b─-╿●○◆✓✗│]", text)
    where = str(sheet.parent)
    for line in text.splitlines():
        # A path and a snippet are not broken.
        assert cell_len(line) <= 80 or where in line or line.startswith("      "), line
    for stray in ("{", "}", "\\", "$", "�"):
        assert stray not in text.replace(where, ""), stray
    expected = {"en": "Question 1 of 10", "ru": "Вопрос 1 из 10", "hi": "प्रश्न 1 / 10"}
    assert expected[language] in text


def test_practice_explains_every_option(tmp_path: Path) -> None:
    done = piped("\n" * 3 + "864\n/s\n", SOUND, "--folder", tmp_path, "--student", "anna", "--lang", "ru")
    text = " ".join(done.stdout.decode().split())
    assert done.returncode == 0
    for told in (
        "Таково дополнение для ядра размера 3.",
        "Вы забыли смещения.",
        "баллы: 0.5 из 11",
        "Решение: 896",
        "верно отчасти",
    ):
        assert told in text, told


def test_a_released_practice_sheet_explains_where_the_bank_is_at_hand(tmp_path: Path) -> None:
    bank = read_bank(ROOT / "quizzes" / "counting.yaml")
    path = tmp_path / "quiz_counting.json"
    path.write_text(make_sheet(bank, PRACTICE_SECRET, ("en",), 2).to_json(), encoding="utf-8")
    assert "Solution: " in piped("/s\n", path).stdout.decode()
    (tmp_path / "answers_counting.json").unlink()
    # The bank has another key for other questions than these.
    path.write_text(path.read_text(encoding="utf-8").replace("How many", "What number of"), encoding="utf-8")
    text = piped("/s\n", path).stdout.decode()
    assert "Your instructor marks it" in text
    assert "Solution: " not in text


def test_end_of_input_keeps_everything_and_goes_on_there(sheet: Path) -> None:
    text = piped("a\n\n", sheet, "--student", "anna").stdout.decode()
    assert "Paused at question 3 of 10" in text
    assert answers_of(sheet.parent)["at"] == "momentum-is-averaged"
    text = piped("да\n", sheet, "--student", "anna").stdout.decode()
    assert "Going on where you paused; answered so far: 1 of 10." in text
    assert answers_of(sheet.parent)["answers"] == {"padding-five": "a", "momentum-is-averaged": True}


def test_odd_bytes_and_long_lines(sheet: Path) -> None:
    done = piped(b"\xff\xfe\x00\n" + b"9" * 100_000 + b"\n\x1b[2J\n/q\n", sheet, "--student", "anna")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.json"], "nowhere.json: there is no such file"),
        (["no-such-bank"], "there is no bank 'no-such-bank'"),
        (["{sheet}", "--lang", "de"], "--lang: 'de' is none of en, ru, hi"),
        (["{sheet}", "--folder", "/nonexistent"], "/nonexistent: there is no such folder"),
        (["{bank}"], "this bank is graded; `grader quiz release sound --to DIR`"),
        (["{folder}"], "this is a folder"),
    ],
)
def test_what_cannot_be_taken_is_told(sheet: Path, arguments: list[str], told: str) -> None:
    places = {"sheet": sheet, "bank": sheet.parent / "bank" / "sound.yaml", "folder": sheet.parent}
    done = piped("", *(argument.format(**places) for argument in arguments))
    assert done.returncode == 2
    assert told in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_answers_of_another_student_are_not_touched(sheet: Path) -> None:
    piped("a\n", sheet, "--student", "anna")
    before = answers_of(sheet.parent)
    done = piped("b\n", sheet, "--student", "ben")
    assert done.returncode == 2
    assert "holds the answers of anna, and you are ben" in done.stderr.decode()
    assert answers_of(sheet.parent) == before


def test_a_folder_that_cannot_be_written_is_told_at_once(sheet: Path) -> None:
    (sheet.parent / "answers_sound.json").mkdir()
    done = piped("a\n", sheet)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "answers_sound.json" in done.stderr.decode()


class Terminal:
    """A person at a terminal of 80 columns."""

    def __init__(self, *arguments: str | Path, **environment: str) -> None:
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            command = [sys.executable, "-m", "grader", "quiz", "take", *map(str, arguments)]
            os.execvpe(command[0], command, {**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "80", "LINES": "30", **environment})
        self.shown = ""
        self.seen = 0

    def until(self, text: str) -> str:
        """Wait until a text is shown after what was waited for before."""
        while (found := self.shown.find(text, self.seen)) < 0:
            assert select.select([self.file], [], [], 60)[0], f"{text!r} was not shown:\n{self.shown[self.seen :]}"
            more = self._read()
            assert more, f"{text!r} was not shown before the end:\n{self.shown[self.seen :]}"
        self.seen = found + len(text)
        return self.shown

    def type(self, text: str) -> None:
        os.write(self.file, text.encode())

    def end(self) -> int:
        """Read to the end; the exit code."""
        while True:
            assert select.select([self.file], [], [], 60)[0], f"this is not the end:\n{self.shown[self.seen :]}"
            if not self._read():
                return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self) -> bytes:
        try:
            data = os.read(self.file, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self.shown += data.decode("utf-8", "replace")
        return data


Open = Callable[..., Terminal]


@pytest.fixture
def terminal() -> Iterator[Open]:
    opened: list[Terminal] = []

    def start(*arguments: str | Path, **environment: str) -> Terminal:
        opened.append(Terminal(*arguments, **environment))
        return opened[-1]

    yield start
    for each in opened:
        os.close(each.file)
        try:
            os.kill(each.pid, signal.SIGKILL)
            os.waitpid(each.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def test_answering_pausing_resuming_and_submitting(sheet: Path, terminal: Open) -> None:
    person = terminal(sheet, "--student", "anna")
    person.until("Question 1 of 10, answered: 0")
    person.until("One letter > ")
    person.type("c\n")
    person.until("Question 2 of 10, answered: 1")
    assert answers_of(sheet.parent)["answers"] == {"padding-five": "c"}
    person.type("/p\n")
    person.until("Your answer: c")
    person.type("z\n")
    person.until("Your answer stays c")
    person.type("/4\n")
    person.until("Question 4 of 10")
    person.type("many\n")
    person.until("Saved as you wrote it, but many is not a number")
    person.type("896\n")
    person.until("Saved: 896")
    person.type("/q\n")
    person.until("Paused at question 5 of 10")
    assert person.end() == 0
    assert "\x1b[" in person.shown

    person = terminal(sheet, "--student", "anna")
    person.until("Question 5 of 10, answered: 2")
    person.until("Going on where you paused")
    person.type("/s\n")
    person.until("Not answered: 2, 3, 5, 6, 7, 8, 9, 10.")
    person.until("Submit now?")
    person.type("\n")
    person.until("Question 5 of 10")
    person.type("/s\n")
    person.until("Submit now?")
    person.type("yes\n")
    person.until("Your instructor marks it")
    assert person.end() == 0
    data = answers_of(sheet.parent)
    assert (data["answers"], data["submitted"]) == ({"padding-five": "c", "conv-params": "896"}, True)

    person = terminal(sheet, "--student", "anna")
    person.until("/o: reopen")
    person.type("/o\n")
    person.until("Open again")
    person.type("\x03")
    assert person.end() == 130
    assert answers_of(sheet.parent)["submitted"] is False


def test_ctrl_c_and_ctrl_d_keep_everything(sheet: Path, terminal: Open) -> None:
    for key, code in (("\x03", 130), ("\x04", 0)):
        person = terminal(sheet, "--student", "anna")
        person.until("One letter > ")
        person.type("b\n")
        person.until("Saved: b")
        person.until(" > ")
        person.type(key)
        person.until("Paused at question 2 of 10")
        assert person.end() == code
        assert "Traceback" not in person.shown
        data = answers_of(sheet.parent)
        assert data["answers"] == {"padding-five": "b"}
        (sheet.parent / "answers_sound.json").unlink()


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colours_is_plain(sheet: Path, terminal: Open, environment: dict[str, str]) -> None:
    person = terminal(sheet, "--student", "anna", **environment)
    person.until("One letter: ")
    person.type("b\n")
    person.until("Question 2 of 10")
    person.type("/q\n")
    assert person.end() == 0
    # What readline itself says to the terminal is not ours.
    assert not re.search("\x1b\\[[0-9;]*[mHJ]|[●○◆]", person.shown)


def test_all_words_are_in_all_languages_with_the_same_values() -> None:
    for name, words in _WORDS.items():
        assert set(words) == {"en", "ru", "hi"}, name
        values = [set(re.findall(r"\{(\w+)\}", text)) for text in words.values()]
        assert values[0] == values[1] == values[2], name
        assert re.search("[а-я]", words["ru"]), name
        assert re.search("[\u0900-\u097f]", words["hi"]), name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"$5 \times 5$ and `a$b$`", "5 × 5 and a$b$"),
        (r"$\frac{a + b}{2}$, $\frac{1}{2}x$", "(a + b)/2, (1/2)x"),
        (r"$x^{n+1}_i$ $e^{-\lambda t}$ $e^{z_i}$", "xⁿ⁺¹ᵢ e^(-λt) e^(zᵢ)"),
        (r"$\sqrt{x^2 + 1}$ $\sqrt{2}$", "√(x² + 1) √2"),
        (r"$\hat{y}_i \approx \bar y$", "ŷᵢ ≈ ȳ"),
        (r"$\lfloor 61 / 3 \rfloor + 1$", "⌊61 / 3⌋ + 1"),
        (r"$\begin{bmatrix} 0 & 1 \\ 1 & 0 \end{bmatrix}$", "[ 0 1; 1 0 ]"),
        (r"$\{1, 2\}$ **bold** *soft* 2 * 3 * 4", "{1, 2} bold soft 2 * 3 * 4"),
        (r"costs \$5 [here](https://example.org)", "costs $5 here (https://example.org)"),
        (r"$\sum_i p_i \ln \frac{p_i}{q_i}$", "∑ᵢ pᵢ ln (pᵢ/qᵢ)"),
        (r"$D_{\mathrm{KL}}(p \parallel q)$", "D_KL(p ∥ q)"),
    ],
)
def test_formulas_can_be_read(text: str, shown: str) -> None:
    assert plain(text) == shown
