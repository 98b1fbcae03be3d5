"""Quizzes by real nbgrader: sheets released without keys, answers by form or cell, marks and feedback, both ways alike."""

import json
import re
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from grader.quiz.bank import Bank, read_bank
from grader.quiz.drawing import Drawn, draw
from grader.quiz.keys import answer_values, right_ids
from grader.quiz.model import form_of
from grader.quiz.sheet import variant_of, variant_seed
from grader.quiz.templates import shown
from grader.quiz.texts import answers_of, texts_of

Course = Any  # `CourseFolder` of conftest.py
CELL = "quiz-counting"


def bank_of(course: Course) -> Bank:
    return read_bank(course.kit / "quizzes/counting.yaml")


def secret_of(course: Course) -> str:
    return (course.root / ".grader/secret").read_text().strip()


def right_answer(drawn: Drawn) -> Any:
    """What a student writes who knows it all."""
    match form_of(drawn.question):
        case "numeric":
            return shown(answer_values(drawn)[0])
        case "text":
            return drawn.fill((answers_of(drawn.question)[0].forms or ("",))[0])
        case "matching":
            return {prompt.key: drawn.key_of(prompt.id) for prompt in drawn.prompts}
    return " ".join(drawn.key_of(name) for name in right_ids(drawn))


def right_answers(course: Course, student: str) -> dict[str, Any]:
    bank, variant = bank_of(course), variant_of("counting", student, 16)
    return {q.id: right_answer(draw(q, variant_seed(bank, secret_of(course), variant, q.id))) for q in bank.questions}


def file_of(course: Course, student: str, answers: dict[str, Any], **more: Any) -> str:
    data = {"format": 1, "bank": "counting", "variant": variant_of("counting", student, 16), "student": student, "language": "ru"}
    return json.dumps({**data, "answers": answers, "layouts": {}, "submitted": True, "at": "", **more})


def hand_in(course: Course, student: str, file: str | None, cell: str = "") -> None:
    def fill(nb: Any) -> None:
        if cell:
            course.cell_of(nb, f"{CELL}-answers")["source"] += f"\n{cell}"

    course.hand_in(student, {"linear_params": course.right["linear_params"]}, fill)
    if file is not None:
        (course.submitted(student) / "answers_counting.json").write_text(file, encoding="utf-8")


@pytest.fixture(scope="module")
def handed_in(quiz_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Four students: all right in the form; half in the form and one in a cell; a damaged file; nothing at all."""
    course = quiz_course.copy(tmp_path_factory.mktemp("class") / "course")
    first, second, *_ = (question.id for question in bank_of(course).questions)
    hand_in(course, "ada", file_of(course, "ada", right_answers(course, "ada")))
    known = right_answers(course, "bob")
    given = {first: "no idea", second: "1"}
    hand_in(course, "bob", file_of(course, "bob", given, submitted=False), f"answers[{first!r}] = {known[first]!r}")
    hand_in(course, "cyd", file_of(course, "cyd", right_answers(course, "cyd"))[:-30])
    hand_in(course, "eve", None)
    return course


@pytest.fixture(scope="module")
def stock(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    found = handed_in.copy(tmp_path_factory.mktemp("stock") / "course")
    found.by_nbgrader("autograde", "counting", plain=True)
    found.by_nbgrader("generate_feedback", "counting")
    return found


@pytest.fixture(scope="module")
def quick(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    found = handed_in.copy(tmp_path_factory.mktemp("quick") / "course")
    found.said = found.by_grader("autograde", "counting", "--jobs", "1")
    return found


def marks(course: Course) -> dict[str, float | None]:
    return {student: rows[CELL][0] for student, rows in course.rows().items()}


def read(page: str) -> str:
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_marks_and_both_ways_alike(handed_in: Course, stock: Course, quick: Course) -> None:
    bank = bank_of(handed_in)
    assert marks(stock) == {"ada": bank.max_points, "bob": bank.questions[0].points, "cyd": 0.0, "eve": 0.0}
    assert stock.rows() == quick.rows()
    assert stock.all_autograded() == quick.all_autograded()
    assert not any(row[2] for cells in stock.rows().values() for row in cells.values())
    assert all(rows["linear_params"][0] == 5.0 for rows in stock.rows().values())


def test_feedback_tells_no_answer_from_a_wrong_one(stock: Course) -> None:
    page = read(stock.feedback("bob"))
    assert "неверно" in page
    assert "нет ответа" in page
    assert "ответы в ячейках засчитаны вместо других из файла answers_counting.json" in page
    assert "все ответы верны" in read(stock.feedback("ada"))
    assert "answers_counting.json" in read(stock.feedback("eve"))
    assert "JSON" in read(stock.feedback("cyd"))
    section = stock.feedback("bob").partition("<code>counting</code>")[2].partition("</section>")[0]
    assert "gf-tests" in section
    assert 'lang="en"' not in section


def test_regrading_repeats_it_and_up_to_date_is_seen(quick: Course, tmp_path: Path) -> None:
    again = quick.copy(tmp_path / "course")
    assert "0 graded, 4 up to date" in again.by_grader("autograde", "counting")
    before = again.all_autograded()
    assert "4 graded" in again.by_grader("autograde", "counting", "--force")
    assert again.all_autograded() == before
    answers = again.submitted("eve") / "answers_counting.json"
    answers.write_text(file_of(again, "eve", right_answers(again, "eve")), encoding="utf-8")
    assert "1 graded, 3 up to date" in again.by_grader("autograde", "counting")
    assert marks(again)["eve"] == bank_of(again).max_points


def test_a_failure_of_ours_keeps_the_mark(quick: Course, tmp_path: Path) -> None:
    again = quick.copy(tmp_path / "course").own_kit(tmp_path / "kit")
    bank = again.kit / "quizzes/counting.yaml"
    text = bank.read_text(encoding="utf-8")
    bank.write_text("questions: [", encoding="utf-8")
    again.by_grader("autograde", "counting", "--force", code=None)
    assert marks(again) == marks(quick)
    assert all(rows[CELL][2] for rows in again.rows().values())
    bank.write_text(text, encoding="utf-8")
    again.by_grader("autograde", "counting")
    assert again.rows() == quick.rows()


@pytest.mark.parametrize("way", ["nbgrader", "grader"])
def test_no_zero_for_answers_that_may_lie_in_an_archive(quick: Course, tmp_path: Path, way: str) -> None:
    again = quick.copy(tmp_path / "course")
    (again.submitted("ada") / "answers_counting.json").unlink()
    (again.submitted("ada") / "work.7z").write_bytes(b"7z and so on")
    said = again.autograde(way, "counting", "--force", code=None)
    assert "not everything that was handed in could be read" in said
    assert marks(again) == marks(quick)
    assert {student for student, rows in again.rows().items() if rows[CELL][2]} == {"ada"}


def test_explanations_may_be_left_out(stock: Course, handed_in: Course, tmp_path: Path) -> None:
    bank = bank_of(handed_in)
    with_words = read(stock.feedback("bob"))
    again = handed_in.copy(tmp_path / "course")
    again.configure("c.JudgeCells.quiz_explanations = False")
    again.by_nbgrader("autograde", "counting", "--student", "bob")
    again.by_nbgrader("generate_feedback", "counting", "--student", "bob")
    without = read(again.feedback("bob"))
    said = [text.ru for question in bank.questions for key, text in texts_of(question) if "explain" in key]
    pieces = [" ".join(piece.split()) for text in said for piece in re.split(r"[$`{}]", text)]
    pieces = [piece for piece in pieces if len(piece) > 20]
    assert any(piece in with_words for piece in pieces)
    assert not any(piece in without for piece in pieces)
    assert "неверно" in without


def strings(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [text for pair in data.items() for part in pair for text in strings(part)]
    if isinstance(data, list):
        return ["".join(data)] if data and all(isinstance(item, str) for item in data) else [t for i in data for t in strings(i)]
    return [data] if isinstance(data, str) else []


def test_the_release_holds_a_sheet_and_no_key(search: Any, quiz_course: Course) -> None:
    release = quiz_course.root / "release/counting"
    sheet = json.loads((release / "quiz_counting.json").read_text(encoding="utf-8"))
    assert sheet["kind"] == "graded"
    assert sheet["languages"] == ["ru"]
    assert len(sheet["variants"]) == 16
    private = search.keys(bank_of(quiz_course))
    assert len(private) > 20
    for path in (path for path in release.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        said = " ".join("\n".join(strings(json.loads(text)) if path.suffix in (".json", ".ipynb") else [text]).split())
        assert not {line for line in private if line in said}, path
        assert secret_of(quiz_course) not in text
    bank = " ".join((quiz_course.kit / "quizzes/counting.yaml").read_text(encoding="utf-8").split())
    assert sum(line in bank for line in private) > 20  # the search finds what it looks for


def test_what_the_instructor_tried_is_not_released(quiz_course: Course, tmp_path: Path) -> None:
    course = quiz_course.copy(tmp_path / "course")
    source = course.root / "source/counting/counting.ipynb"
    nb = json.loads(source.read_text(encoding="utf-8"))
    course.cell_of(nb, f"{CELL}-answers")["source"] += '\nanswers["torch-conv"] = "my key"'
    source.write_text(json.dumps(nb), encoding="utf-8")
    try_it = "from grader import quiz; a = quiz('counting').answers; a[next(iter(a._file()._now))] = 'my key'"
    course.run([*_python(), try_it], folder=source.parent)
    course.by_nbgrader("generate_assignment", "counting", "--force")
    release = course.root / "release/counting"
    assert sorted(path.name for path in release.iterdir()) == ["counting.ipynb", "exercises", "quiz_counting.json"]
    released = json.loads((release / "counting.ipynb").read_text(encoding="utf-8"))
    text = "".join(course.cell_of(released, f"{CELL}-answers")["source"])
    assert "my key" not in text
    assert 'answers = quiz("counting").answers' in text
    assert "NotImplementedError" not in text


def _python() -> list[str]:
    return [sys.executable, "-c"]


Change = Callable[[Path], object]


def edited(old: str, new: str, file: str = "exercises/counting/topic.yaml") -> Change:
    def change(kit: Path) -> None:
        path = kit / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (edited("[counting]", "[countin]"), "topic.yaml: quizzes: there is no bank 'countin', did you mean 'counting'?"),
        (edited("[counting]", "[counting, counting]"), "'counting' is named twice"),
        (edited("topic: counting", "topic: layers", "quizzes/counting.yaml"), "belongs to the topic 'layers'; let "),
        (edited("[counting]", "counting"), "topic.yaml: quizzes: "),
    ],
)
def test_what_topics_name_is_checked(quiz_course: Course, tmp_path: Path, change: Change, told: str) -> None:
    course = quiz_course.copy(tmp_path / "course").own_kit(tmp_path / "kit")
    change(course.kit)
    grader = [*_python(), "from grader.cli.entry import run; run()"]
    assert told in course.run([*grader, "nbgrader", "init", ".", "--course", str(course.kit)], 2)
    assert told in course.run([*grader, "quiz", "verify", "--course", str(course.kit)], 2)


def test_without_quizzes(quiz_course: Course, tmp_path: Path) -> None:
    course = quiz_course.copy(tmp_path / "course")
    said = course.by_grader("init", ".", "--no-quizzes")
    assert "- quiz-counting" in said
    assert not (course.root / "source/counting/quiz_counting.json").exists()
    assert "- " not in course.by_grader("init", ".")
