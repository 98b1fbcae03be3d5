"""Marks as rows, CSV, JSON and results.json: nothing is lost, nothing becomes a formula, and our faults become no zeros."""

import csv
import io
import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.record import Diagnosis, Record, TestResult, Versions, unread_reason
from grader.report.exports import (
    EXERCISE_COLUMNS,
    TEST_COLUMNS,
    Table,
    as_csv,
    as_json,
    per_exercise,
    per_student,
    per_test,
    plain,
    settle,
)
from grader.report.gradescope import no_score, results
from grader.report.overview import Names, overview

TOPICS = {"scale": "basics", "centre": "basics", "adam": "optimisation"}
TITLES = {"scale": "Scaling", "centre": "Centring"}
VERSIONS = Versions("0.1", "3.12", "2.4", None, "abc123")
PASSED = TestResult("test_secret_name", "By a number", "passed", 2.0, 2.0, seed=987654321)
FAILED = TestResult("test_other[1]", "Twice by default", "failed", 0.0, 1.5, "the shape is (2,), another one is right", 5, "", 7)
PART = Record(
    "scale", "ada", "failed", 2.0, 3.5, (PASSED, FAILED), (Diagnosis("adds", "You add."), Diagnosis("twice", "Twice.")),
    notes=("line 3 was skipped: demo",), source_hash="f00", sandbox="bubblewrap", versions=VERSIONS, seconds=0.25,
)  # fmt: skip
OURS = replace(PART, outcome="grader_error", score=0.0, reason="KeyError in judge.py", diagnosis=(), notes=())


def parsed(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(table), newline="")))


def by(student: str, exercise: str = "scale", score: float = 1.0, **fields: Any) -> Record:
    return Record(exercise, student, fields.pop("outcome", "failed"), score, fields.pop("max_score", 5.0), **fields)


# -- rows ----------------------------------------------------------------------------------------------------------------------


def test_a_row_per_exercise_tells_all() -> None:
    (row,) = parsed(per_exercise([PART], TOPICS))
    assert row == {
        "student": "ada", "exercise": "scale", "topic": "basics", "outcome": "failed", "score": "2", "max_score": "3.5",
        "diagnosis": "adds twice", "reason": "", "notes": "1", "grader_error": "false", "source_hash": "f00",
        "grader_hash": "abc123",
    }  # fmt: skip
    assert tuple(row) == EXERCISE_COLUMNS
    (found,) = json.loads(as_json(per_exercise([PART], TOPICS)))
    assert found["diagnosis"] == ["adds", "twice"]
    assert (found["score"], found["max_score"], found["grader_error"]) == (2, 3.5, False)


def test_a_row_per_test_in_the_order_of_the_file() -> None:
    rows = parsed(per_test([PART], TOPICS))
    assert [row["test"] for row in rows] == ["test_secret_name", "test_other[1]"]
    assert tuple(rows[0]) == TEST_COLUMNS
    assert (rows[1]["points"], rows[1]["max_points"], rows[1]["line"]) == ("0", "1.5", "7")
    assert rows[1]["message"] == FAILED.message
    assert rows[0]["line"] == ""


def test_a_record_without_tests_is_not_lost_per_test() -> None:
    (row,) = parsed(per_test([by("ada", outcome="not_started", score=0.0, reason="nothing of this name")], TOPICS))
    assert (row["test"], row["outcome"], row["points"], row["max_points"]) == ("", "not_started", "0", "5")
    assert row["message"] == "nothing of this name"


def test_our_fault_is_no_zero() -> None:
    (row,) = parsed(per_exercise([OURS], TOPICS))
    assert (row["score"], row["grader_error"], row["max_score"]) == ("", "true", "3.5")
    assert {row["points"] for row in parsed(per_test([OURS], TOPICS))} == {""}
    assert json.loads(as_json(per_exercise([OURS], TOPICS)))[0]["score"] is None


def test_one_test_of_ours_has_no_points_either() -> None:
    record = replace(PART, tests=(PASSED, replace(FAILED, outcome="grader_error")))
    assert [row["points"] for row in parsed(per_test([record], TOPICS))] == ["2", ""]


def test_order_does_not_depend_on_the_input() -> None:
    records = [by(student, exercise) for student in ("bob", "Ada", "чук") for exercise in ("unknown", *TOPICS)]
    expected = as_csv(per_exercise(records, TOPICS))
    for seed in range(5):
        random.Random(seed).shuffle(records)
        assert as_csv(per_exercise(records, TOPICS)) == expected
    rows = parsed(per_exercise(records, TOPICS))
    assert [row["exercise"] for row in rows[:4]] == ["scale", "centre", "adam", "unknown"]
    assert [row["student"] for row in rows[::4]] == ["Ada", "bob", "чук"]


def test_wide() -> None:
    records = [by("bob", "adam", 0.1), by("bob", "scale", 0.2), by("ada", "scale", 5.0), replace(OURS, submission="eve")]
    table = per_student(records, TOPICS)
    assert table.columns == ("student", "scale", "adam", "total", "max_total", "grader_error")
    rows = {row["student"]: row for row in parsed(table)}
    assert rows["ada"]["adam"] == ""
    assert (rows["ada"]["total"], rows["bob"]["total"]) == ("5", "0.3")
    assert (rows["eve"]["scale"], rows["eve"]["total"], rows["eve"]["grader_error"]) == ("", "", "scale")


@pytest.mark.parametrize("points", [(10.0, 5.0), (5.0, 10.0)])
def test_nobody_has_more_than_there_is_after_points_have_changed(points: tuple[float, float]) -> None:
    records = [by(student, score=each, max_score=each) for student, each in zip(("ada", "bob"), points, strict=True)]
    assert [row["max_total"] for row in parsed(per_student(records, TOPICS))] == ["10", "10"]
    found = overview(records, Names())
    assert (found.best, found.full, [one.max_score for one in found.exercises]) == (10, 1, [10])


# -- which record counts -------------------------------------------------------------------------------------------------------


def test_the_last_record_counts() -> None:
    chosen, told = settle([by("ada", score=1), by("bob"), by("ada", score=4), by("ada", "adam", 2)])
    assert [(record.submission, record.exercise, record.score) for record in chosen] == [
        ("ada", "scale", 4), ("bob", "scale", 1), ("ada", "adam", 2),
    ]  # fmt: skip
    assert len(told) == 1
    assert "ada, scale: 2 records, the last counts" in told[0]


def test_our_fault_never_takes_the_place_of_a_mark() -> None:
    chosen, told = settle([PART, OURS])
    assert chosen == [PART]
    assert "grader_error" in told[0]
    assert settle([OURS, PART])[0] == [PART]
    assert settle([OURS, replace(OURS, reason="again")])[0][0].reason == "again"


# -- CSV -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://evil","x")', "+1", "-1+1|cmd", "@SUM(A1)", "\t=1", "＝1", "ok\n=1", "a;=1+1", 'a";@b', 'a;"=1+1;'],
)
def test_formulas_are_told_as_text(text: str) -> None:
    (row,) = parsed(per_exercise([by(text, reason=text)], TOPICS))
    for value in (row["student"], row["reason"]):
        # What a program sees that splits at semicolons and does not heed the quotes of another separator.
        pieces = value.replace("\n", ";").split(";")
        assert not [piece for piece in pieces if piece[:1] in {"=", "+", "-", "@", "\t", "＝"}]
        assert value.replace("'", "") == text.replace("'", "")
    for line in csv.reader(io.StringIO(as_csv(per_exercise([by("ada", reason=text)], TOPICS))), delimiter=";"):
        assert not [cell for cell in line if cell[:1] in {"=", "+", "-", "@", "\t", "＝"}]
    assert json.loads(as_json(per_exercise([by(text)], TOPICS)))[0]["student"] == text


def test_minus_inside_text_and_negative_numbers_stay() -> None:
    (row,) = parsed(per_test([by("a-b", tests=(TestResult("t", "x = 1", "failed", -0.5, 1.0, "got -1"),))], {}))
    assert (row["student"], row["title"], row["message"], row["points"]) == ("a-b", "x = 1", "got -1", "-0.5")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_survives_quoting(student: str, message: str) -> None:
    record = by(student, tests=(TestResult("t", "t", "failed", 0.0, 1.0, message),))
    (row,) = parsed(per_test([record], {}))
    (found,) = json.loads(as_json(per_test([record], {})))
    assert len(row) == len(TEST_COLUMNS)
    assert row["message"].replace("'", "") == str(found["message"]).replace("'", "")
    assert row["student"].replace("'", "") == str(found["student"]).replace("'", "")
    as_csv(per_test([record], {})).encode("utf-8")


@pytest.mark.parametrize(
    ("number", "text"),
    [(2.50, "2.5"), (0.1 + 0.2, "0.3"), (1e-7, "0"), (-1e-9, "0"), (1e6, "1000000"), (100.0, "100"), (2 / 3, "0.666667")],
)
def test_numbers_are_plain_decimals(number: float, text: str) -> None:
    assert plain(number) == text


def test_an_empty_table_is_valid_json() -> None:
    assert json.loads(as_json(Table(("a",), []))) == []


# -- results.json --------------------------------------------------------------------------------------------------------------


def test_results_of_a_submission() -> None:
    second = by("ada", "centre", 0.1, max_score=5.0)
    found = results([PART, second], TITLES, "en")
    assert (found["score"], found["visibility"], found["stdout_visibility"]) == (2.1, "visible", "hidden")
    assert [(test["number"], test["name"], test["score"], test["max_score"], test["status"]) for test in found["tests"]] == [
        ("1.1", "Scaling: By a number", 2.0, 2.0, "passed"),
        ("1.2", "Scaling: Twice by default", 0.0, 1.5, "failed"),
        ("2", "Centring", 0.1, 5.0, "failed"),
    ]
    assert [test["output"] for test in found["tests"]] == ["", FAILED.message, ""]
    assert {test["output_format"] for test in found["tests"]} | {found["output_format"]} == {"text"}
    assert "You add." in found["output"]
    assert "line 3 was skipped" in found["output"]


def test_results_tell_no_seed_and_no_name_of_a_test() -> None:
    text = json.dumps(results([PART], TITLES, "en"))
    for private in ("seed", "987654321", "test_secret_name", "test_other"):
        assert private not in text


def numbers_in(data: Any, key: str = "") -> list[str]:
    """The keys under which something stands that could be taken for a score."""
    if isinstance(data, dict):
        return [found for name, value in data.items() for found in numbers_in(value, name)]
    if isinstance(data, list):
        return [found for value in data for found in numbers_in(value, key)]
    return [key] if isinstance(data, (int, float)) and not isinstance(data, bool) else []


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_our_fault_leaves_the_submission_without_any_score(language: str) -> None:
    good = by("ada", "centre", 5.0, outcome="passed")
    for found in (results([good, OURS], TITLES, language), no_score(language), results([], {}, language)):
        assert numbers_in(found) == []
        assert "tests" not in found
        assert found["extra_data"]["grader_error"] is True
        assert len(found["output"]) > 40
        assert "KeyError" not in json.dumps(found)


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_what_could_not_be_read_is_told_to_the_student_and_gives_no_score(language: str) -> None:
    closed = replace(OURS, reason=unread_reason(["work.rar: packed"]))
    found = results([by("ada", "centre", 5.0, outcome="passed"), closed], TITLES, language)
    assert numbers_in(found) == []
    assert "work.rar: packed" in found["output"]
    assert not found["output"].startswith(no_score(language)["output"][:20])
    both = results([closed, OURS], TITLES, language)["output"]
    assert both.startswith(no_score(language)["output"][:20])


def test_the_languages_differ() -> None:
    assert len({no_score(language)["output"] for language in ("en", "ru", "hi")}) == 3
    assert "не начато" in results([by("ada", outcome="not_started", score=0.0)], {}, "ru")["output"]


def test_what_a_test_waits_for_is_told_in_the_language() -> None:
    skipped = replace(FAILED, outcome="skipped", message="needs “Центр”, “Край” first")
    (test,) = results([replace(PART, tests=(skipped,))], TITLES, "ru")["tests"]
    assert "Центр" in test["output"]
    assert "Край" in test["output"]
    assert "needs" not in test["output"]
    assert "first" not in test["output"]


def test_a_reason_is_told_once() -> None:
    reason = "the file cannot be loaded: SyntaxError"
    record = replace(PART, outcome="error", reason=reason, diagnosis=(), tests=(replace(FAILED, message=reason),) * 3)
    text = json.dumps(results([record], TITLES, "en"))
    assert text.count(reason) == 1


def test_control_characters_and_endless_messages_are_tamed() -> None:
    record = replace(PART, tests=(replace(FAILED, message="\x1b[31m" + "x" * 10_000),))
    (test,) = results([record], TITLES, "en")["tests"]
    assert "\x1b" not in test["output"]
    assert len(test["output"]) < 4_000
