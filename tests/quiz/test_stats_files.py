"""From files of answers to the table, the page, CSV and JSON, with everything that can be wrong with such files."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank, read_bank
from grader.quiz.drawing import Drawn, draw
from grader.quiz.seeds import PRACTICE_SECRET, question_seed
from grader.quiz.sheet import variant_of
from grader.quiz.stats.matrix import Matrix
from grader.quiz.stats.page import page
from grader.quiz.stats.plots import histogram, scatter
from grader.quiz.stats.reading import bank_of, find_files, load, read_matrix
from grader.quiz.stats.statistics import Statistics, statistics
from grader.quiz.stats.table import rendered

ROOT = Path(__file__).resolve().parents[2]
SOUND = Path(__file__).parent / "banks" / "sound.yaml"
Hand = Callable[..., Path]


def drawn(bank: Bank, variant: int, question: str, secret: str = PRACTICE_SECRET) -> Drawn:
    return draw(bank.question(question), question_seed(secret, f"variant-{variant}", bank.id, question))


@pytest.fixture
def hand(tmp_path: Path, sound: Bank) -> Hand:
    """Hands in a file of answers; options are named by their ids and written as the letters of the student's variant."""

    def write(student: str, folder: str = "", secret: str = PRACTICE_SECRET, **changes: Any) -> Path:
        variant = changes.pop("variant", variant_of(sound.id, student, 16))
        answers, layouts = {}, {}
        for question, given in changes.pop("answers", {"padding-five": "two", "conv-params": "896"}).items():
            one = drawn(sound, variant, question, secret)
            answers[question] = one.key_of(given) if given in {choice.id for choice in one.choices} else given
            layouts[question] = one.layout
        data = {"format": 1, "bank": sound.id, "variant": variant, "student": student, "language": "en", "answers": answers}
        data |= {"layouts": layouts, "submitted": True, "at": ""} | changes
        path = tmp_path / (folder or student) / f"answers_{data['bank']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), encoding="utf-8")
        return path

    return write


def read(sound: Bank, *paths: Path, **options: Any) -> tuple[Matrix, tuple[str, ...]]:
    return read_matrix(sound, PRACTICE_SECRET, [load(path) for path in find_files(paths)], **options)


def cell(matrix: Matrix, student: str, question: str) -> Any:
    place = [item.id for item in matrix.items].index(question)
    return next(attempt for attempt in matrix.attempts if attempt.student == student).cells[place]


# -- reading ---------------------------------------------------------------------------------------------------------------------


def test_letters_of_every_variant_are_counted_as_the_same_option(hand: Hand, sound: Bank, tmp_path: Path) -> None:
    letters = {
        json.loads(hand(f"s{number}", variant=number, answers={"padding-five": "one"}).read_text())["answers"]["padding-five"]
        for number in range(8)
    }
    assert len(letters) > 1
    matrix, notes = read(sound, tmp_path)
    found = statistics(matrix, sound.id)
    assert notes == ()
    assert found.variants == 8
    counts = {option.choice.id: option.count for option in found.rows[0].options}
    assert counts == {"two": 0, "one": 8, "five": 0}
    assert found.rows[0].figures.facility == 0


def test_blank_unreadable_and_wrong_are_told_apart(hand: Hand, sound: Bank, tmp_path: Path) -> None:
    hand("anna", answers={"padding-five": "five", "conv-params": "many"})
    matrix, _ = read(sound, tmp_path)
    assert cell(matrix, "anna", "padding-five").chosen == {"five"}
    assert cell(matrix, "anna", "conv-params").status == "invalid"
    assert cell(matrix, "anna", "which-trick").status == "unanswered"


def test_all_ticks_of_several_are_counted(hand: Hand, sound: Bank, tmp_path: Path) -> None:
    path = hand("anna", answers={})
    data = json.loads(path.read_text())
    one = drawn(sound, data["variant"], "nothing-to-update")
    data["answers"]["nothing-to-update"] = [one.key_of("relu"), one.key_of("conv")]
    path.write_text(json.dumps(data))
    assert cell(read(sound, tmp_path)[0], "anna", "nothing-to-update").chosen == {"relu", "conv"}


def test_of_several_files_the_last_counts_and_it_is_said(hand: Hand, sound: Bank, tmp_path: Path) -> None:
    hand("anna", "a/first", answers={"padding-five": "one"})
    hand("anna", "b/second", answers={"padding-five": "two"})
    matrix, notes = read(sound, tmp_path)
    assert len(matrix.attempts) == 1
    assert cell(matrix, "anna", "padding-five").credit == 1
    assert notes[0].startswith("anna: 2 files, the last counts (")
    assert str(Path("b") / "second") in notes[0]
    assert len(read(sound, tmp_path / "b", tmp_path / "a")[0].attempts) == 1
    assert cell(read(sound, tmp_path / "b", tmp_path / "a")[0], "anna", "padding-five").credit == 0


def test_each_file_may_be_a_student_of_its_own(hand: Hand, sound: Bank, tmp_path: Path) -> None:
    for folder in "abc":
        hand("jovyan", folder)
    matrix, notes = read(sound, tmp_path, each_file=True)
    assert (len(matrix.attempts), notes) == (3, ())


def test_a_file_named_twice_is_read_once(hand: Hand, tmp_path: Path) -> None:
    path = hand("anna")
    assert find_files([path, tmp_path, path]) == [path]


def test_what_was_put_aside_is_no_answer(hand: Hand, tmp_path: Path) -> None:
    path = hand("anna")
    (path.parent / "answers_sound.broken-1.json").write_text("{")
    hand("anna", ".ipynb_checkpoints")
    assert find_files([tmp_path]) == [path]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_text("{"), "not valid JSON"),
        (lambda path: path.write_text("[]"), "not an object"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "not UTF-8"),
        (lambda path: path.write_text(path.read_text().replace('"sound"', '"other"')), "answers to 'other'"),
        (lambda path: path.write_text(path.read_text().replace('"format": 1', '"format": 2')), "format 2"),
        (lambda path: path.write_text('{"bank": "sound", "answers": {}}'), "nothing answered"),
        (lambda path: path.write_text('{"bank": "sound", "answers": 3}'), "`answers`"),
    ],
)
def test_a_file_that_does_not_count_is_left_out_and_told(
    hand: Hand, sound: Bank, tmp_path: Path, spoil: Callable[[Path], Any], told: str
) -> None:
    hand("anna")
    spoil(bad := hand("boris"))
    matrix, notes = read(sound, tmp_path)
    assert [attempt.student for attempt in matrix.attempts] == ["anna"]
    assert len(notes) == 1
    assert told in notes[0]
    assert str(bad) in notes[0]


def test_answers_of_another_secret_are_left_out(sound: Bank, hand: Hand, tmp_path: Path, spoil: Any) -> None:
    graded = read_bank(spoil(("kind: practice", "kind: graded"), ("A bank for tests", "A graded bank")))
    for number in range(3):
        hand(f"s{number}", secret="theirs", bank=graded.id)
    files = [load(path) for path in find_files([tmp_path / "s0", tmp_path / "s1", tmp_path / "s2"])]
    matrix, notes = read_matrix(graded, "ours", files)
    assert matrix.attempts == ()
    assert "another secret" in notes[0]


def test_open_answers_count_and_are_told(hand: Hand, sound: Bank, tmp_path: Path) -> None:
    hand("anna", submitted=False)
    matrix, notes = read(sound, tmp_path)
    assert len(matrix.attempts) == 1
    assert notes == ("not submitted, but counted: anna",)


@pytest.mark.parametrize("language", [7, None, "de", ["en"]])
def test_a_strange_language_is_none(hand: Hand, sound: Bank, tmp_path: Path, language: Any) -> None:
    hand("anna", language=language)
    assert read(sound, tmp_path)[0].attempts[0].language == ""


def test_no_students_leave_an_empty_table(sound: Bank) -> None:
    found = statistics(read_matrix(sound, PRACTICE_SECRET, [])[0], sound.id)
    assert found.students == 0
    assert [row.figures.facility for row in found.rows] == [None] * len(sound.questions)
    assert "nothing to compute" in page(found)
    json.dumps(found.as_dict(), allow_nan=False)


def test_the_bank_is_the_one_that_all_files_answer(hand: Hand, tmp_path: Path) -> None:
    first = hand("anna")
    assert bank_of([load(first)]) == "sound"
    other = hand("boris", bank="other")
    with pytest.raises(CourseError, match=r"'other' \(1\), 'sound' \(1\); choose one with --bank"):
        bank_of([load(first), load(other)])
    first.write_text("{")
    with pytest.raises(CourseError, match=r"name it with --bank; .*not valid JSON"):
        bank_of([load(first)])


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_paths_without_answers_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match=name):
        find_files([tmp_path / name])


def test_texts_hold_no_placeholders(sound: Bank) -> None:
    items = read_matrix(sound, PRACTICE_SECRET, [])[0].items
    assert any(item.parameters for item in items)
    assert not any("{{" in text for item in items for text in (item.title, *(choice.text for choice in item.choices)))


# -- showing ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def found(hand: Hand, sound: Bank, tmp_path: Path) -> Statistics:
    """A class of 36 in three languages in which the strong take a wrong option."""
    for number in range(36):
        strong = number % 3 > 0
        answers = {
            "padding-five": "five" if strong else ("two", "one")[number % 2],
            "momentum-is-averaged": "false" if strong else "true",
            "conv-params": "896" if number % 4 else "<b>864</b>",
            "which-trick": "dropout" if strong or number % 2 else "<script>",
        }
        hand(f"s{number}", answers=answers, language=("en", "ru", "hi")[number % 3])
    return statistics(read(sound, tmp_path)[0], sound.id, "Convolution & <pooling>")


def test_the_strong_option_is_told_by_name(found: Statistics) -> None:
    flags = {flag.code: flag for flag in found.rows[0].flags}
    assert flags["negative"].weight == "look"
    assert "`five`" in flags["strong-distractor"].text


@pytest.mark.parametrize("width", [80, 60])
def test_the_table_fits_the_terminal(found: Statistics, width: int) -> None:
    out = Console(width=width, file=io.StringIO())
    with out.capture() as captured:
        for part in rendered(found):
            out.print(part)
    text = captured.get()
    assert max(map(len, text.splitlines())) <= width
    for row in found.rows:
        assert row.figures.item.id in text
    assert "…" not in text


class _Tags(HTMLParser):
    """Ids, links, cells without heads, and whatever would be loaded from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for key, value in attrs:
            if key == "id":
                self.ids.append(value or "")
            if key in ("href", "xlink:href") and value:
                self.links.append(value)
            if key == "src" or (key in ("href", "xlink:href") and not (value or "").startswith("#")):
                self.outside.append(f"{tag} {key}={value}")


def test_the_page_needs_nothing_from_outside(found: Statistics) -> None:
    text = page(found, plots=(scatter(found), histogram(found)))
    tags = _Tags()
    tags.feed(text)
    assert tags.outside == []
    assert "script" not in tags.tags
    assert not re.search(r"@import|url\((?!#)", text)
    assert len(tags.ids) == len(set(tags.ids))
    assert {link[1:] for link in tags.links} <= set(tags.ids)
    assert tags.tags.count("svg") == 2
    assert tags.tags.count("table") == tags.tags.count("caption")


def test_what_students_wrote_is_text_on_the_page(found: Statistics) -> None:
    text = page(found)
    assert "&lt;script&gt;" in text
    assert "Convolution &amp; &lt;pooling&gt;" in text
    assert "<pooling>" not in text


def test_texts_of_the_bank_say_their_language(found: Statistics) -> None:
    assert '<th scope="row"><span lang="hi">' in page(found, "hi")
    assert " lang=" not in page(found, "en").replace('<html lang="en">', "")


def test_plots_take_their_colours_from_the_page(found: Statistics) -> None:
    for svg in (scatter(found), histogram(found)):
        assert svg.startswith('<svg role="img" aria-label="')
        assert "var(--soft)" in svg
        assert not re.search(r"#0[0-9a-c]0[0-9a-c]0[0-9a-c]", svg)
        assert "font-family" not in svg
    assert scatter(found) == scatter(found)


def test_plots_without_data_are_left_out(sound: Bank) -> None:
    nobody = statistics(read_matrix(sound, PRACTICE_SECRET, [])[0], sound.id)
    assert (scatter(nobody), histogram(nobody)) == ("", "")


# -- the command -----------------------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "quiz", "stats", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False)


def test_the_command_writes_everything(hand: Hand, tmp_path: Path) -> None:
    for number in range(5):
        hand(f"s{number}", answers={"padding-five": ("two", "one")[number % 2], "conv-params": "=896"})
    (tmp_path / "s0" / "answers_old.json").write_text('{"bank": "old", "answers": {}}')
    sheet, site = tmp_path / "items.csv", tmp_path / "items.html"
    done = run(tmp_path, "--bank", SOUND, "--csv", sheet, "--html", site, "--json")
    assert done.returncode == 0, done.stderr
    assert "left out, answers to 'old'" in done.stderr
    data = json.loads(done.stdout)
    assert data["students"] == 5
    assert data["questions"][0]["facility"] == 0.6
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8").splitlines()))
    assert [row["question"] for row in rows] == [question["id"] for question in data["questions"]]
    assert rows[0]["facility"] == "0.6"
    assert "two*=3/" in rows[0]["options"]
    assert "A bank for tests" in site.read_text(encoding="utf-8")


def test_the_command_prints_a_table(hand: Hand, tmp_path: Path) -> None:
    hand("anna")
    done = run(tmp_path, "--bank", SOUND)
    assert (done.returncode, done.stderr) == (0, "")
    assert "One student" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["absent.json"], "there is no such file"),
        (["HERE", "--bank", "no-such-bank"], "no bank 'no-such-bank'"),
        (["HERE", "--lang", "de"], "--lang"),
        (["HERE", "--bank", str(SOUND), "--csv", "absent/items.csv"], "cannot be written"),
    ],
)
def test_what_is_wrong_is_told(hand: Hand, tmp_path: Path, arguments: list[str], told: str) -> None:
    hand("anna")
    done = run(*[str(tmp_path) if argument == "HERE" else argument for argument in arguments])
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
