"""`grader quiz release` and `grader quiz mark` as instructors run them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.quiz.answerfile import open_answers
from grader.quiz.bank import read_bank
from grader.quiz.sheet import make_sheet, read_sheet
from grader.record import from_json

ROOT = Path(__file__).resolve().parents[2]
SOUND = ROOT / "tests" / "quiz" / "banks" / "sound.yaml"
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith("GRADER_")}, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one graded bank."""
    root = tmp_path / "course"
    (root / "quizzes").mkdir(parents=True)
    text = SOUND.read_text(encoding="utf-8").replace("kind: practice", "kind: graded")
    (root / "quizzes" / "sound.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "exercises" / "foundations", root / "exercises" / "foundations")
    return root


def run(course: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "quiz", *map(str, arguments), "--course", str(course)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=ENVIRONMENT, check=False)
    assert "Traceback" not in done.stderr
    return done


def answer(course: Path, folder: Path, student: str, **answers: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = open_answers(folder, make_sheet(read_bank(course / "quizzes" / "sound.yaml"), "secret"), student, "en")
    for name, text in answers.items():
        file.set(name.replace("_", "-"), text)
    file.submit()
    return file.path


def test_released_sheets_are_taken_and_marked(course: Path, tmp_path: Path) -> None:
    done = run(course, "release", "sound", "--to", tmp_path / "out", "--lang", "en,ru", "--course-secret", "secret")
    assert (done.returncode, done.stderr) == (0, "")
    assert "quiz_sound.json: 10 questions, 16 variants, en, ru, graded" in done.stdout
    sheet = read_sheet(tmp_path / "out" / "quiz_sound.json")
    assert sheet == make_sheet(read_bank(course / "quizzes" / "sound.yaml"), "secret", ("en", "ru"))
    before = (tmp_path / "out" / "quiz_sound.json").read_bytes()
    assert (
        run(course, "release", "sound", "--to", tmp_path / "out", "--lang", "en,ru", "--course-secret", "secret").returncode == 0
    )
    assert (tmp_path / "out" / "quiz_sound.json").read_bytes() == before

    anna = answer(course, tmp_path / "anna", "anna", conv_params="896", which_trick="dropconnect", formulas="hello")
    ben = tmp_path / "ben" / "answers_sound.json"
    ben.parent.mkdir()
    ben.write_bytes(b"\xff\xfe{")
    done = run(course, "mark", anna, ben, "--course-secret", "secret")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("anna   2.5/11  failed")
    assert any(line.split() == ["✓", "2/2", "conv-params", "896"] for line in lines)
    assert any(line.split() == ["✗", "0.5/1", "which-trick", "dropconnect"] for line in lines)
    assert any("formulas" in line and "hello cannot be read" in line for line in lines)
    assert any(line.startswith("ben      0/11  not_started") and "not UTF-8" in line for line in lines)
    assert len(lines) == 2 * (1 + 10)


def test_records_as_json_feed_an_export(course: Path, tmp_path: Path) -> None:
    anna = answer(course, tmp_path / "anna", "anna", conv_params="896")
    done = run(course, "mark", anna, "--json", "--course-secret", "secret", "--lang", "ru")
    (record,) = (from_json(line) for line in done.stdout.splitlines())
    assert (record.exercise, record.submission, record.score, record.outcome) == ("quiz:sound", "anna", 2, "failed")
    assert record.versions is not None
    assert record.tests[3].title == "Сколько параметров у Conv2d(3, 32, 3)?"
    (tmp_path / "records.jsonl").write_text(done.stdout, encoding="utf-8")
    command = [sys.executable, "-m", "grader", "export", str(tmp_path / "records.jsonl"), "--course", str(course)]
    exported = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=ENVIRONMENT, check=True)
    assert "quiz:sound" in exported.stdout


def test_the_wrong_secret_is_ours_and_not_the_students(course: Path, tmp_path: Path) -> None:
    anna = answer(course, tmp_path / "anna", "anna", conv_params="896", padding_five="a")
    done = run(course, "mark", anna)
    assert done.returncode == 3
    assert "grader_error" in done.stdout
    assert "no --course-secret" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["release", "sounds", "--to", "{folder}"], "there is no bank 'sounds', did you mean 'sound'?"),
        (["release", "sound", "--to", "{folder}", "--lang", "en,de"], "--lang: de is none of en, ru, hi"),
        (["release", "sound", "--to", "{folder}/file"], "cannot be written"),
        (["mark", "{folder}"], "this is a folder"),
        (["mark", "{folder}/none.json"], "there is no such file"),
        (["mark", "{folder}/file"], "there is no bank 'file'; there are sound; a file of answers is called answers_BANK.json"),
        (["mark", "{folder}/file", "{folder}/file", "--student", "anna"], "--student names the student of one file"),
    ],
)
def test_what_cannot_be_done_is_told(course: Path, tmp_path: Path, arguments: list[str], told: str) -> None:
    (tmp_path / "file").write_text("{}", encoding="utf-8")
    done = run(course, *(argument.format(folder=tmp_path) for argument in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
