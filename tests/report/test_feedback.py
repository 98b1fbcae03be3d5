"""What a student reads: words, escaping, what is left out, and pages that are well formed."""

import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from grader.record import Diagnosis, Record, TestResult, unread_reason
from grader.report import feedback
from grader.report.feedback import exercise_html, feedback_html, feedback_text, page_html
from grader.report.pictures import picture_html
from grader.report.words import Words, languages, words

SEED = 987654321
VOID = {"br", "img", "hr", "meta"}


class Page(HTMLParser):
    """Collects tags and text, and complains where tags do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data + "\n"


def result(title: str = "A title", outcome: Any = "passed", points: float = 2.5, message: str = "", **more: Any) -> TestResult:
    return TestResult(f"test_{title.lower().replace(' ', '_')}", title, outcome, points, 2.5, message, SEED, **more)


FAILED = Record(
    "some_exercise",
    "ada",
    "failed",
    7.5,
    10,
    (
        result("First promise", "failed", 0, "4 of 6 values are off\nLook at the corner."),
        result("Second promise"),
        result("Third promise", "skipped", 0, "needs “First promise”, “Second promise” first"),
        result("Fourth promise", "error", 0, "your code raised ValueError: no (line 3)"),
        result("Fifth promise", "error", 0, "your code raised ValueError: no (line 3)"),
    ),
    diagnosis=(Diagnosis("secret-id", "You turn the kernel."),),
    notes=("line 2 was skipped",),
    flags=("line 9: exec()",),
)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("outcome", ["passed", "failed", "error", "not_started", "grader_error"])
def test_every_outcome_in_every_language(outcome: Any, language: str) -> None:
    record = replace(FAILED, outcome=outcome)
    page = Page(feedback_html(record, language))
    text = feedback_text(record, language)
    for told in (page.text, text):
        assert words(language).exercise[outcome] in told
        assert "some_exercise" in told
    assert [attributes["lang"] for tag, attributes in page.tags if tag == "section"] == [language]


def test_what_a_student_is_told() -> None:
    notes = ["two cells define it"]
    for told in (Page(feedback_html(FAILED, "en", notes)).text, feedback_text(FAILED, "en", notes)):
        for piece in (
            "7.5 of 10 points", "1 of 5 tests passed", "First promise", "4 of 6 values are off", "You turn the kernel.",
            "First this has to pass: “First promise”, “Second promise”.", "two cells define it", "line 2 was skipped", "0/2.5",
        ):  # fmt: skip
            assert piece in told
        assert told.count("ValueError") == 1
        assert "The same as in “Fourth promise”." in told


def test_what_a_student_is_not_told() -> None:
    for told in (feedback_html(FAILED, "en"), feedback_text(FAILED, "en")):
        for piece in (str(SEED), "test_", "secret-id", "exec()", "ada"):
            assert piece not in told


def test_a_fault_of_ours_tells_no_inner_matters_and_no_points() -> None:
    record = replace(FAILED, outcome="grader_error", reason="KeyError in /srv/course", diagnosis=())
    for told in (feedback_html(record, "en"), feedback_text(record, "en")):
        assert "/srv/course" not in told
        assert "7.5" not in told
        assert "not your fault" in told


UNREAD = {
    "en": ("could not be read", "rar: packed in a way that is not read", "it is encrypted", "Hand it in again", "not your fault"),
    "ru": ("не удалось прочитать", "архивы этого вида не читаются", "он зашифрован", "Сдайте его ещё раз", "ни при чём"),
    "hi": ("पढ़ा नहीं जा सका", "इस तरह की archive नहीं पढ़ी जाती", "यह encrypted है", "फिर से जमा कीजिए", "ग़लती नहीं"),
}


@pytest.mark.parametrize("language", UNREAD)
def test_what_could_not_be_read_is_told_with_its_file_and_is_no_failure_of_ours(language: str) -> None:
    packed = "my.rar: packed in a way that is not read; unpack it, or pack it as a zip"
    reason = unread_reason([packed, "<b>.zip: not unpacked: it is encrypted"])
    record = replace(FAILED, outcome="grader_error", tests=(), reason=reason, diagnosis=())
    *said, ours = UNREAD[language]
    for told in (feedback_text(record, language), Page(feedback_html(record, language)).text):
        assert not [words for words in (*said, "my.rar", "<b>.zip") if words not in told]
        assert ours not in told
        assert "7.5" not in told


def test_a_reason_is_told_once() -> None:
    reason = "your code calls torch's tril (line 3)"
    record = replace(FAILED, reason=reason, tests=(result("One", "failed", 0, reason), result("Two", "failed", 0, reason)))
    assert Page(feedback_html(record, "en")).text.count(reason) == 1
    assert feedback_text(record, "en").count(reason) == 1


EVIL = "</td></section><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m&amp;\x00"


def test_everything_is_escaped() -> None:
    record = Record(
        "a<b>", EVIL, "failed", 1, 2,
        (result(EVIL, "failed", 0, EVIL, output=EVIL), result("x", "failed", 0, f"a\nreturned  {EVIL}")),
        diagnosis=(Diagnosis("x", EVIL),), reason=EVIL + "!", notes=(EVIL,),
    )  # fmt: skip
    page = Page(feedback_html(record, "en", [EVIL]))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "b"})
    assert page.text.count("<script>alert(1)</script>") >= 6
    assert "\x1b" not in page.text
    assert "\x00" not in page.text
    assert "\x1b" not in feedback_text(record, "en")


def test_nothing_comes_from_outside_and_nothing_clashes() -> None:
    text = feedback_html(FAILED, "ru") + picture_html(np.ones((2, 2)), np.zeros((2, 2)), np.ones((2, 2), bool), "ru")
    assert not re.search(r"https?:|url\(|@import|<script|<link|<iframe|javascript:|\bon\w+=", text)
    assert not any("id" in attributes for _, attributes in Page(text).tags)
    rules = re.sub(r"@media[^{]*\{|<style>|</style>", "", feedback.STYLE)
    for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", rules):
        assert all(".grader-feedback" in selector for selector in selectors.split(",")), selectors


def test_the_table_is_told_to_screen_readers() -> None:
    page = Page(feedback_html(FAILED, "en"))
    scopes = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert scopes == ["col"] * 3 + ["row"] * 5
    assert [tag for tag, _ in page.tags].count("caption") == 1
    assert any(tag == "h3" for tag, _ in page.tags)


def test_long_texts_are_cut() -> None:
    long = "x" * 10_000
    record = replace(FAILED, tests=(result("A", "failed", 0, long, output="line\n" * 5_000),), diagnosis=(Diagnosis("x", long),))
    for told in (feedback_html(record, "en"), feedback_text(record, "en")):
        assert len(told) < 30_000
        assert "(shortened)" in told
        assert "Your code printed 5000 lines" in told
        assert told.count("line\n") < 50


def test_points_of_public_tests_are_not_told() -> None:
    told = exercise_html(FAILED, "en", marks=False) + feedback_text(FAILED, "en", marks=False)
    assert "points" not in Page(told).text.lower()
    assert "/2.5" not in told
    assert "1 of 5 tests passed" in told


def test_a_page_of_several_has_one_style() -> None:
    text = page_html("hi", ["<b>"], [exercise_html(FAILED, "hi"), exercise_html(FAILED, "hi")])
    page = Page(text)
    assert text.count("<style>") == 1
    assert "<b>" in page.text


# -- words ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "best", "english", "russian", "hindi"),
    [
        (7.5, 10, "7.5 of 10 points", "7,5 из 10 баллов", "10 में से 7.5 अंक"),
        (1, 1, "1 of 1 point", "1 из 1 балла", "1 में से 1 अंक"),
        (2, 21, "2 of 21 points", "2 из 21 балла", "21 में से 2 अंक"),
        (0, 11, "0 of 11 points", "0 из 11 баллов", "11 में से 0 अंक"),
        (1, 2, "1 of 2 points", "1 из 2 баллов", "2 में से 1 अंक"),
        (1.25, 2.5, "1.25 of 2.5 points", "1,25 из 2,5 балла", "2.5 में से 1.25 अंक"),
        (100, 100, "100 of 100 points", "100 из 100 баллов", "100 में से 100 अंक"),
    ],
)
def test_points_in_words(score: float, best: float, english: str, russian: str, hindi: str) -> None:
    assert [words(language).points(score, best) for language in ("en", "ru", "hi")] == [english, russian, hindi]


@pytest.mark.parametrize(
    ("passed", "russian"),
    [
        (0, "пройдено 0 тестов из 30"),
        (1, "пройден 1 тест из 30"),
        (2, "пройдено 2 теста из 30"),
        (5, "пройдено 5 тестов из 30"),
        (11, "пройдено 11 тестов из 30"),
        (12, "пройдено 12 тестов из 30"),
        (21, "пройден 21 тест из 30"),
        (24, "пройдено 24 теста из 30"),
    ],
)
def test_russian_plurals(passed: int, russian: str) -> None:
    assert words("ru").tests(passed, 30) == russian


def test_the_languages_hold_the_same_words() -> None:
    english = words("en")
    for language in languages():
        other = words(language)
        assert other.lang == language
        for name in (field.name for field in fields(Words)):
            one, two = getattr(english, name), getattr(other, name)
            if isinstance(one, str):
                assert two
                assert len(re.findall(r"\{\d?\}", one)) == len(re.findall(r"\{\d?\}", two)), name
            elif isinstance(one, dict):
                assert one.keys() == two.keys()
    assert words("xx") is english


# -- pictures ------------------------------------------------------------------------------------------------------------------


def drawn(got: Any, expected: Any, wrong: Any = None) -> Page:
    return Page(picture_html(got, expected, wrong, "en"))


def test_a_picture_shows_values_and_marks_what_is_off() -> None:
    got, expected = np.array([[1.0, -2.0, 3.0]]), np.array([[1.0, 2.0, 3.0]])
    page = drawn(got, expected, got != expected)
    cells = [attributes for tag, attributes in page.tags if tag == "td"]
    assert [cell["title"] for cell in cells] == [
        "[0, 0] 1", "[0, 1] -2", "[0, 2] 3", "[0, 0] 1", "[0, 1] 2", "[0, 2] 3", "[0, 0] 0", "[0, 1] -4", "[0, 2] 0",
    ]  # fmt: skip
    assert [cell.get("class") for cell in cells] == [None] * 7 + ["gf-off", None]
    assert "style" not in cells[6]
    label = next(attributes["aria-label"] for _, attributes in page.tags if attributes.get("role") == "img")
    assert "1 × 3" in str(label)
    assert "1 of 3 values are off, most of all at [0, 1]" in str(label)


def test_other_shapes_are_drawn_without_a_difference() -> None:
    page = drawn(np.ones((2, 3)), np.ones((3, 2)))
    assert [tag for tag, _ in page.tags].count("table") == 2


def test_the_worst_part_of_many_dimensions_is_drawn() -> None:
    expected = np.zeros((2, 3, 2, 2))
    got = expected.copy()
    got[0, 1, 0, 0], got[1, 2, 1, 0] = 1, 5
    assert "The part [1, 2, :, :] of the whole" in drawn(got, expected, got != expected).text


def test_large_arrays_are_told_by_blocks_and_stay_small() -> None:
    expected = np.zeros((300, 200))
    got = expected.copy()
    got[299, 199] = -7
    text = picture_html(got, expected, got != expected, "en")
    assert len(text) < 150_000
    assert text.count("gf-off") == 1
    assert "-7" in text
    assert "13 × 9" in text


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308])
def test_odd_numbers_are_drawn(value: float) -> None:
    got = np.full((12, 12), value)
    page = drawn(got, np.zeros((12, 12)), np.ones((12, 12), bool))
    assert [tag for tag, _ in page.tags].count("td") == 3 * 144


def test_negative_zero_is_zero() -> None:
    assert "-0" not in picture_html(np.array([-0.0]), np.array([1.0]), np.array([True]), "en").replace("[-0", "")


@pytest.mark.parametrize("value", [np.array(1.0), np.zeros((0, 3)), np.array(["a"]), np.array([1j]), np.array([object()])])
def test_what_is_no_picture_is_none(value: Any) -> None:
    assert picture_html(value, value, None, "en") == ""
