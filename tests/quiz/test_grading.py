"""Marks of whole quizzes: by what the student saw, whatever was changed or written since."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog.problems import CourseError
from grader.quiz.answerfile import open_answers
from grader.quiz.bank import Bank, read_bank
from grader.quiz.drawing import draw
from grader.quiz.grading import mark_answers, to_record
from grader.quiz.keys import right_ids, solution
from grader.quiz.model import form_of
from grader.quiz.seeds import PRACTICE_SECRET
from grader.quiz.sheet import make_sheet, own_variant, variant_seed
from grader.record import from_json, to_json

SECRET = "a secret of the course"
SOUND = read_bank(Path(__file__).parent / "banks" / "sound.yaml")
GRADED = replace(SOUND, kind="graded")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.builds(lambda: 10**5000),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def right(bank: Bank, variant: int, secret: str = SECRET) -> dict[str, Any]:
    """A file of right answers to a variant, as the key gives them."""
    answers: dict[str, Any] = {}
    layouts = {}
    for question in bank.questions:
        drawn = draw(question, variant_seed(bank, secret, variant, question.id))
        match form_of(question):
            case "numeric" | "text":
                answers[question.id] = solution(drawn, "en")[0]
            case "true_false":
                answers[question.id] = right_ids(drawn) == ("true",)
            case "matching":
                answers[question.id] = " ".join(f"{prompt.key}{drawn.key_of(prompt.id)}" for prompt in drawn.prompts)
            case _:
                answers[question.id] = " ".join(drawn.key_of(name) for name in right_ids(drawn))
        layouts[question.id] = drawn.layout
    return {"format": 1, "bank": bank.id, "variant": variant, "answers": answers, "layouts": layouts, "submitted": True}


def mark(data: Any, bank: Bank = GRADED, **more: Any) -> Any:
    return mark_answers(bank, SECRET, data, **{"student": "anna", **more})


def anna() -> int:
    return own_variant(make_sheet(GRADED, SECRET, ("en",)), "anna")


def test_right_answers_earn_everything_and_a_record_says_so() -> None:
    result = mark(right(GRADED, anna()))
    assert (result.score, result.max_score, result.notes, result.variant) == (11, 11, (), anna())
    record = to_record(result)
    assert (record.exercise, record.submission, record.outcome) == ("quiz:sound", "anna", "passed")
    assert [test.name for test in record.tests] == [question.id for question in GRADED.questions]
    assert {test.outcome for test in record.tests} == {"passed"}
    assert from_json(to_json(record)) == record
    assert record.tests[0].title == "Which padding keeps the size for a 5 × 5 kernel at stride 1?"


def test_wrong_unanswered_and_unreadable_are_told_apart() -> None:
    data = right(GRADED, anna())
    data["answers"] |= {
        "conv-params": 864,
        "which-trick": "dropconnect",
        "padding-five": "a b",
        "conv-size": "",
        "training-step": [],
    }
    del data["answers"]["formulas"]
    record = to_record(mark(data, language="ru"), language="ru")
    tests = {test.name: test for test in record.tests}
    assert (tests["conv-params"].points, tests["conv-params"].outcome) == (0.5, "failed")
    assert "Вы забыли смещения." in tests["conv-params"].message
    assert (tests["padding-five"].points, tests["padding-five"].outcome) == (0, "failed")
    assert tests["padding-five"].message == "нужно выбрать один вариант, а выбраны 2"
    assert [tests[name].outcome for name in ("conv-size", "training-step", "formulas")] == ["not_started"] * 3
    assert tests["formulas"].message == "нет ответа"
    assert record.outcome == "failed"


def test_what_a_student_saved_is_marked_from_the_file(tmp_path: Path) -> None:
    sheet = make_sheet(GRADED, SECRET)
    answers = open_answers(tmp_path, sheet, "anna", "hi")
    for name, answer in right(GRADED, answers.variant)["answers"].items():
        answers.set(name, answer)
    result = mark(answers.path)
    assert (result.score, result.notes) == (11, ())
    assert to_record(result).notes == ("the answers were saved but not submitted",)


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[]", b'{"bank": "other", "answers": {"padding-five": "a"}}', b"[" * 99_999])
def test_a_broken_file_is_an_honest_zero(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers_sound.json"
    path.write_bytes(content)
    record = to_record(mark(path))
    assert (record.score, record.outcome) == (0, "not_started")
    assert record.reason is not None
    assert record.reason.startswith("the file of answers cannot be used: ")
    for wrong in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(CourseError, match="sound|none|" + tmp_path.name):
            mark(wrong)


def test_notes_for_the_instructor() -> None:
    other = (anna() + 1) % 16
    assert mark(right(GRADED, other)).notes == (f"marked by variant {other} as recorded; the student's own is {anna()}",)
    ben = next(name for name in "bcdefgh" if own_variant(make_sheet(GRADED, SECRET, ("en",)), name) != anna())
    variant = own_variant(make_sheet(GRADED, SECRET, ("en",)), ben)
    result = mark({**right(GRADED, variant), "student": ben})
    assert (result.score, result.notes) == (11, (f"begun under the name {ben}, whose variant {variant} was marked",))
    for strange in (-1, 10**9, "3", 2.0, True, [3], 10**5000):
        result = mark({**right(GRADED, anna()), "variant": strange})
        assert result.score == 11
        assert "there is no variant" in result.notes[0]
    data = right(GRADED, anna())
    data["answers"]["gone"] = "x"
    assert mark(data).notes == ("answers to questions that are not asked: gone",)


def test_a_file_edited_to_another_variant_is_marked_by_what_was_seen() -> None:
    seen = right(GRADED, anna())
    result = mark({**seen, "variant": (anna() + 1) % 16})
    assert result.score == 11
    assert any("answered on the sheet of variant" in note for note in result.notes)


def test_letters_are_read_in_the_order_that_was_seen(tmp_path: Path) -> None:
    """An option added after the release shuffles anew."""
    text = GRADED.path.read_text(encoding="utf-8").replace("kind: practice", "kind: graded")
    more = "      - id: seven\n        text: 7\n        value: wrong\n        explain: {en: No., ru: Нет., hi: नहीं।}\n"
    path = tmp_path / "sound.yaml"
    path.write_text(text.replace("      - id: one\n", f"{more}      - id: one\n", 1), encoding="utf-8")
    changed = read_bank(path)
    moved = 0
    for variant in range(16):
        data = right(GRADED, variant)
        result = mark(data, changed)
        item = next(item for item in result.marked if item.question == "padding-five")
        assert item.credit == 1
        assert any("the bank was changed since" in note and "padding-five" in note for note in result.notes)
        moved += data["answers"]["padding-five"] != right(changed, variant)["answers"]["padding-five"]
    assert moved > 2


def test_one_layout_that_fits_nothing_is_for_the_instructor() -> None:
    data = right(GRADED, anna())
    data["layouts"]["padding-five"] = "f" * 12
    result = mark(data)
    assert result.score == 10
    assert "padding-five" in result.notes[0]
    assert "layouts" in result.notes[0]
    record = to_record(result)
    assert record.outcome == "failed"
    assert "changed after you answered" in record.tests[0].message
    del data["layouts"]["padding-five"]
    assert mark(data).score == 11


def test_the_wrong_secret_gives_no_marks_at_all() -> None:
    record = to_record(mark_answers(GRADED, "another", right(GRADED, anna()), student="anna"))
    assert record.outcome == "grader_error"
    assert "--course-secret" in (record.reason or "")
    assert {test.outcome for test in record.tests} == {"grader_error"}


def test_practice_banks_are_marked_with_the_known_secret() -> None:
    assert mark(right(SOUND, 3, PRACTICE_SECRET), SOUND).score == 11


@settings(max_examples=100, deadline=None)
@given(
    data=st.fixed_dictionaries(
        {
            "bank": st.just("sound"),
            "answers": st.dictionaries(st.sampled_from([q.id for q in GRADED.questions]) | st.text(), JSON),
        },
        optional={
            **dict.fromkeys(("format", "variant", "student", "language", "submitted", "at"), JSON),
            "layouts": st.dictionaries(st.sampled_from(["padding-five", "formulas"]), JSON) | JSON,
        },
    )
    | st.dictionaries(JSON.filter(lambda key: not isinstance(key, (list, dict))), JSON)
)
def test_nothing_that_a_student_writes_stops_it(data: dict[Any, Any]) -> None:
    record = to_record(mark(data))
    assert 0 <= record.score <= record.max_score
    assert json.loads(to_json(record))["max_score"] == 11
