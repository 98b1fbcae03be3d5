"""A quiz in a notebook without a browser: what is shown, what `answers` does, what is told where something is missing."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.notebooks.formwords import _WORDS, form_words
from grader.notebooks.quizanswers import QuizError
from grader.notebooks.quizform import Quiz, show_quiz
from grader.quiz.bank import read_bank
from grader.quiz.sheet import make_sheet

SOUND = Path(__file__).resolve().parents[1] / "quiz/banks/sound.yaml"
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sheet of a graded quiz, as a student has it."""
    graded = dataclasses.replace(read_bank(SOUND), kind="graded")
    (tmp_path / "quiz_sound.json").write_text(make_sheet(graded, "secret").to_json(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADER_STUDENT", "anna")
    monkeypatch.delenv("GRADER_LANG", raising=False)
    return tmp_path


@pytest.fixture
def practice(desk: Path) -> Path:
    """A folder inside a course with the practice bank itself, keys included."""
    (desk / "quiz_sound.json").unlink()
    (desk / "quizzes").mkdir()
    (desk / "quizzes/sound.yaml").write_text(SOUND.read_text(encoding="utf-8"), encoding="utf-8")
    marker = desk / "exercises/convolution/none/exercise.yaml"
    marker.parent.mkdir(parents=True)
    marker.touch()
    return desk


def on_disk(desk: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((desk / "answers_sound.json").read_text(encoding="utf-8"))
    return found


def clicked(quiz: Quiz, **message: Any) -> None:
    """What the browser sends."""
    quiz._repr_mimebundle_()
    quiz._widget._handle_custom_msg({"number": 1, **message}, [])


def test_the_package_can_be_called_and_stays_a_package(desk: Path) -> None:
    from grader import quiz
    from grader.quiz import bank

    assert isinstance(quiz("sound"), Quiz)
    assert bank.read_bank is read_bank
    assert grader.quiz("sound").answers == {}


def test_who_only_opens_it_has_a_file_that_names_the_variant(desk: Path) -> None:
    show_quiz("sound")
    assert on_disk(desk)["student"] == "anna"
    assert on_disk(desk)["answers"] == {}


def test_answers_are_a_dictionary_that_writes_the_file(desk: Path) -> None:
    answers = show_quiz("sound").answers
    answers["padding-five"] = "b"
    assert on_disk(desk)["answers"] == {"padding-five": "b"}
    answers.update({"conv-params": 896, "nothing-to-update": {"c", "a"}})
    answers |= {"conv-shape": (1, 8, 30, 30)}
    assert on_disk(desk)["answers"]["nothing-to-update"] == ["a", "c"]
    assert on_disk(desk)["answers"]["conv-shape"] == [1, 8, 30, 30]
    assert list(answers) == ["padding-five", "nothing-to-update", "conv-params", "conv-shape"]
    del answers["padding-five"]
    assert "padding-five" not in answers
    assert answers.get("padding-five") is None
    assert len(answers) == 3
    assert dict(show_quiz("sound").answers) == dict(answers)


def test_numbers_of_other_libraries(desk: Path) -> None:
    numpy = pytest.importorskip("numpy")
    answers = show_quiz("sound").answers
    answers["conv-params"] = numpy.int64(896)
    assert on_disk(desk)["answers"]["conv-params"] == 896


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("padding-fiv", "b", "did you mean 'padding-five'?"),
        (0, "b", "its questions are: padding-five"),
        ("conv-params", object(), "an answer is a text"),
        ("conv-params", float("nan"), "an answer is a text"),
    ],
)
def test_what_cannot_be_an_answer_is_told(desk: Path, question: Any, answer: Any, told: str) -> None:
    with pytest.raises(QuizError, match=r"quiz sound|'conv-params'") as raised:
        show_quiz("sound").answers[question] = answer
    assert told in str(raised.value)
    assert raised.value._render_traceback_() == [str(raised.value)]
    assert on_disk(desk)["answers"] == {}


def test_the_form_and_plain_python_see_each_other(desk: Path) -> None:
    first, second = show_quiz("sound"), show_quiz("sound")
    clicked(first, do="answer", question="padding-five", answer="c")
    assert on_disk(desk)["answers"] == {"padding-five": "c"}
    assert on_disk(desk)["at"] == "padding-five"
    second.answers["padding-five"] = "a"
    assert first._widget.answers == {"padding-five": "a"}
    clicked(first, do="submit")
    assert on_disk(desk)["submitted"] is True
    assert first._widget.state["feedback"] == {}
    with pytest.raises(QuizError):
        second.answers["padding-five"] = "b"
    clicked(first, do="reopen")
    second.answers["padding-five"] = "b"
    assert first._widget.answers == {"padding-five": "b"}


@pytest.mark.parametrize(
    "message",
    [{}, {"do": "answer"}, {"do": "answer", "question": "none", "answer": "a"}, {"do": "answer", "question": None, "answer": []}],
)
def test_odd_messages_do_nothing(desk: Path, message: dict[str, Any]) -> None:
    clicked(show_quiz("sound"), **message)
    assert on_disk(desk)["answers"] == {}


def test_practice_explains_once_it_is_submitted(practice: Path) -> None:
    quiz = show_quiz("sound")
    clicked(quiz, do="answer", question="conv-params", answer="864")
    assert quiz._widget.state["feedback"] == {}
    clicked(quiz, do="submit")
    told = quiz._widget.state["feedback"]["conv-params"]
    assert told["credit"] == 0.25
    assert "You forgot the biases." in told["explain"]
    assert quiz._widget.state["feedback"]["which-trick"]["status"] == "unanswered"


def test_nothing_of_a_graded_key_reaches_the_browser(desk: Path) -> None:
    quiz = show_quiz("sound")
    clicked(quiz, do="submit")
    sent = json.dumps([quiz._widget.quiz, quiz._widget.state, quiz._widget.answers], ensure_ascii=False)
    assert "kernel takes away 4" not in sent
    assert "Look at its formula" not in sent


@pytest.mark.parametrize(("language", "word"), [("en", "Question 1 of 10"), ("ru", "Вопрос 1 из 10"), ("hi", "प्रश्न 1 / 10")])
def test_without_a_form_there_is_text(desk: Path, language: str, word: str) -> None:
    quiz = show_quiz("sound", language)
    quiz.answers["padding-five"] = "b"
    bundle = quiz._repr_mimebundle_()
    assert {VIEW, "text/html", "text/plain"} <= bundle.keys()
    for shown in (bundle["text/html"], bundle["text/plain"]):
        assert word in shown
        assert "padding-five" in shown
        assert form_words(language)["no_form"] in shown
    assert f'lang="{language}"' in bundle["text/html"]
    assert "<script" not in bundle["text/html"]
    assert "answers[&#x27;padding-five&#x27;] = &quot;a&quot;" in bundle["text/html"]
    assert r"$5 \times 5$" in bundle["text/html"]


def test_without_the_widget_library(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.notebooks import quizwidget

    def missing() -> None:
        raise ImportError

    monkeypatch.setattr(quizwidget, "_widget_class", missing)
    bundle = show_quiz("sound")._repr_mimebundle_()
    assert VIEW not in bundle
    assert "pip install anywidget" in bundle["text/html"]


def test_what_is_missing_or_broken_is_told(desk: Path) -> None:
    with pytest.raises(QuizError, match=r"there is no quiz_none.json beside this notebook; there are sound"):
        show_quiz("none")
    with pytest.raises(QuizError, match="write the quiz's name"):
        show_quiz("../sound")
    (desk / "quiz_sound.json").write_text("{", encoding="utf-8")
    with pytest.raises(QuizError, match=r"quiz_sound.json: "):
        show_quiz("sound")


def test_a_graded_bank_is_not_shown_without_its_sheet(practice: Path) -> None:
    bank = practice / "quizzes/sound.yaml"
    bank.write_text(bank.read_text(encoding="utf-8").replace("kind: practice", "kind: graded"), encoding="utf-8")
    with pytest.raises(QuizError, match="graded bank"):
        show_quiz("sound")


def test_a_damaged_answer_file_is_put_aside_and_told(desk: Path) -> None:
    (desk / "answers_sound.json").write_text("{", encoding="utf-8")
    quiz = show_quiz("sound")
    quiz.answers["padding-five"] = "b"
    assert (desk / "answers_sound.broken-1.json").read_text(encoding="utf-8") == "{"
    quiz._repr_mimebundle_()
    assert "answers_sound.broken-1.json" in " ".join(quiz._widget.state["notes"])


def test_words_are_in_all_languages() -> None:
    for name, words in _WORDS.items():
        assert words.keys() == {"en", "ru", "hi"}, name
        assert len({text.count("{") for text in words.values()}) == 1, name
        assert any("\u0900" <= sign <= "\u097f" for sign in words["hi"]) or "{}" in words["hi"], name
