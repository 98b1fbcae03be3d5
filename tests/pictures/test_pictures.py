"""An exercise's picture: drawn by the submission's own answers, left out with the reason, proven on the reference."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len

from grader.authoring.drawing import picture_problems
from grader.catalog.course import Course
from grader.grading.host import Submission
from grader.grading.picturing import draw_picture, load_picture, picture_of
from grader.locales import choose
from grader.pictures.draw import MOST_PANELS, Draw, PictureError
from grader.pictures.panels import Heat, Lines, Picture, Rows
from grader.record import Record
from grader.report.blocks import Map, heat_map
from grader.report.checkpage import check_page
from grader.report.panels import drawing_html
from grader.sandbox.inprocess import InProcessSandbox
from grader.testing.failure import Failure

NAME = {"en": "Twice <as> much", "ru": "Вдвое больше", "hi": "दोगुना"}
PICTURE = f"""
import numpy as np


def picture(student, draw):
    x = np.arange(6.0).reshape(2, 3)
    draw.given("x", x)
    draw.map({NAME!r}, student.scale(x), expected=[[0, 2, 4], [6, 8, 10]])
    draw.lines("curve", {{"twice": student.scale(x[0])}}, x=[1, 2, 3], x_name="step", expected={{"twice": [0, 2, 4]}})
    draw.table("numbers", ["what", "how many"], [["all", 12_345]])
"""
RIGHT = b"def scale(x, factor=2.0):\n    return x * factor\n"
KIT = Course(Path(__file__).resolve().parents[2]).exercises
DRAWN = [exercise for exercise in KIT if exercise.picture.is_file()]


def drawn(build: Any, source: bytes, picture: str = PICTURE) -> Picture:
    exercise = build.exercise(files={"public/picture.py": picture})
    return draw_picture(exercise, Submission("you", "scale.py", source), InProcessSandbox())


@pytest.mark.parametrize("exercise", DRAWN, ids=lambda exercise: exercise.name)
def test_every_picture_of_the_kit_fits_its_reference(exercise: Any) -> None:
    assert picture_problems(exercise, InProcessSandbox()) == []


def test_panels_hold_the_answers_of_the_submission(build: Any) -> None:
    picture = drawn(build, b"def scale(x, factor=2.0):\n    return x + factor\n")
    assert picture.reason == ""
    given, heat, lines, rows = picture.panels
    assert isinstance(given, Heat)
    assert isinstance(heat, Heat)
    assert isinstance(lines, Lines)
    assert isinstance(rows, Rows)
    assert given.expected is None
    assert heat.values.tolist() == [[2, 3, 4], [5, 6, 7]]
    assert heat.wrong.tolist() == [[True, True, False], [True, True, True]]
    assert lines.curves[0].values.tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"def scale(x, factor=2.0):\n    return 1 / 0\n", "ZeroDivisionError: division by zero (line 2)"),
        (b"def scale(x, factor=2.0):\n    return None\n", "None"),
        (b"def scale(x, factor=2.0):\n    return np.zeros((2, 2, 2))\nimport numpy as np\n", "cannot be drawn"),
        (b"def scale(x, factor=2.0):\n    return x[:, :2] if x.ndim == 2 else x[:1]\n", "the shape is (1,)"),
        (b"def scale(x, factor=2.0:\n", "cannot be loaded"),
        (b"def other(x):\n    return x\n", "scale"),
    ],
)
def test_wrong_code_leaves_the_picture_out_with_the_reason(build: Any, source: bytes, told: str) -> None:
    picture = drawn(build, source)
    assert picture.panels == ()
    assert told in picture.reason
    assert not picture.ours
    html = drawing_html(picture, "en")
    assert "no picture of this yet" in html
    assert "<table" not in html


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def picture(student, draw):\n    pass\n", "it draws nothing"),
        ("def picture(student, draw)\n", "SyntaxError"),
        ("x = 1\n", "defines no function `picture"),
        ("def picture(student, draw):\n    draw.map({'en': 'a'}, [1])\n", "missing in ru, hi"),
        ("def picture(student, draw):\n    draw.lines('a', {'b': [1, 2]}, x=[2, 1], x_name='x')\n", "increasing"),
        ("def picture(student, draw):\n    draw.table('a', ['b'], [[1, 2]])\n", "each with 1 cells"),
        ("def picture(student, draw):\n    draw.map('a', student.scale(__import__('numpy').ones(2)), [9, 9])\n", "as expected"),
        ("def picture(student, draw):\n    draw.unknown()\n", "AttributeError"),
    ],
)
def test_verify_names_what_is_wrong_with_a_picture(build: Any, text: str, told: str) -> None:
    exercise = build.exercise(files={"public/picture.py": text})
    problems = picture_problems(exercise, InProcessSandbox())
    assert len(problems) == 1
    assert told in problems[0]
    assert "picture.py" in problems[0]


def test_an_authors_slip_is_not_the_students_fault(build: Any) -> None:
    picture = drawn(build, RIGHT, "def picture(student, draw):\n    draw.unknown()\n")
    assert picture.ours
    assert "not your fault" in drawing_html(picture, "en")
    assert "ни при чём" in drawing_html(picture, "ru")


def test_what_stops_is_not_run_again(build: Any) -> None:
    exercise = build.exercise(files={"public/picture.py": PICTURE})
    hangs = Submission("you", "scale.py", b"while True: pass\n")
    stopped = Record("scale", "you", "error", 0, 1, reason="the call took longer than 10 s")
    picture = picture_of(exercise, hangs, stopped, InProcessSandbox())
    assert picture == Picture(reason="the call took longer than 10 s")
    untouched = Record("scale", "you", "not_started", 0, 1)
    assert picture_of(exercise, hangs, untouched, InProcessSandbox()) is None


def test_exercises_without_a_picture_have_none(build: Any) -> None:
    exercise = build.exercise()
    record = Record("scale", "you", "passed", 1, 1)
    assert picture_of(exercise, Submission("you", "scale.py", RIGHT), record, InProcessSandbox()) is None
    assert drawing_html(None, "en") == ""


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_html_reads_without_eyes_and_without_the_network(build: Any, language: str) -> None:
    html = drawing_html(drawn(build, RIGHT), language)
    name = NAME[language].replace("<", "&lt;").replace(">", "&gt;")
    assert f'role="group" aria-label="{name}"' in html
    assert html.count("<td") >= 6 * 4
    chart = re.search(r"<svg role=\"img\".*?</svg>", html)
    assert chart
    assert re.sub(r"<[^>]*>", "", chart[0]) == "", "text in a chart is what is left of it where SVG is taken out"
    assert "aria-label=" in chart[0]
    assert html.count("<details>") == 1
    assert "12\N{NARROW NO-BREAK SPACE}345" in html
    assert "http" not in html
    page = check_page(language, ["one"], [html])
    assert f'<html lang="{language}">' in page
    assert "<script" not in page


def test_excluded_cells_are_told_apart_and_leaks_are_seen() -> None:
    draw = Draw()
    draw.heat("weights", [[1.0, 0.0], [0.25, 0.75]], mask=[[1, 0], [1, 1]], rows=["a", "b"], columns=["c", "d"])
    draw.heat("leaking", [[0.5, 0.5], [0.25, 0.75]], mask=[[1, 0], [1, 1]])
    sound, leaking = (drawing_html(Picture((panel,)), "en") for panel in draw.panels)
    assert sound.count('class="gf-none"') == 1
    assert '<th scope="col">d</th>' in sound
    assert '<th scope="row">b</th>' in sound
    assert 'class="gf-none"' not in leaking


def test_values_that_are_no_numbers_leave_gaps_in_curves() -> None:
    draw = Draw()
    draw.lines("gap", {"a": [1.0, np.nan, 2.0, np.inf]}, x=range(4), x_name="x")
    html = drawing_html(Picture(tuple(draw.panels)), "en")
    assert html.split('class="gf-s0">')[1].split("</g>")[0].count("<path") == 2
    assert "nan" not in re.findall(r'd="[^"]*"', html)


@pytest.mark.parametrize("values", [["a"], [], [[[1.0]]], object(), 3.0])
def test_answers_that_cannot_be_drawn_are_the_submissions(values: Any) -> None:
    with pytest.raises(Failure):
        Draw().map("x", values)


@pytest.mark.parametrize("values", [["a"], [], [[[1.0]]], object(), 3.0])
def test_expectations_that_cannot_be_drawn_are_the_authors(values: Any) -> None:
    with pytest.raises(PictureError):
        Draw().map("x", [1.0], expected=values)


def test_pictures_hold_no_end_of_panels() -> None:
    draw = Draw()
    for _ in range(MOST_PANELS):
        draw.given("x", [1])
    with pytest.raises(PictureError, match="at most"):
        draw.given("x", [1])


def test_a_picture_is_loaded_fresh(build: Any) -> None:
    exercise = build.exercise(files={"public/picture.py": PICTURE})
    assert load_picture(exercise.picture) is not load_picture(exercise.picture)


# -- the terminal ----------------------------------------------------------------------------------------------------------------


def compared(shape: tuple[int, ...], *places: tuple[int, ...]) -> tuple[Any, Any, Any]:
    expected = np.arange(np.prod(shape), dtype=float).reshape(shape)
    got = expected.copy()
    for place in places:
        got[place] += 50
    return got, expected, got != expected


def lines_of(drawn: Map | None) -> list[str]:
    assert drawn is not None
    return drawn.text.plain.splitlines()


def test_small_arrays_stand_side_by_side_as_numbers() -> None:
    drawn = heat_map(*compared((2, 3), (1, 2)), plain=False)
    assert lines_of(drawn) == [
        "    returned │ expected │ difference",
        "     0  1  2 │ 0 1 2    │   ·   ·   ·",
        "     3  4 55 │ 3 4 5    │   ·   · +50",
    ]
    assert drawn is not None
    assert drawn.complete
    assert {str(span.style) for span in drawn.text.spans} == {"dim", "red"}  # both are among the 16 colours


def test_a_row_that_is_too_wide_for_that_has_its_lines_below_each_other() -> None:
    got, expected = np.linspace(0.12341, 0.9, 7), np.linspace(0.12341, 0.9, 7)
    got[2] = -1
    drawn = heat_map(got, expected, got != expected, plain=True)
    lines = lines_of(drawn)
    assert [line.split()[0] for line in lines] == ["returned", "expected", "difference"]
    assert [line.split()[3] for line in lines] == ["-1", "0.3823", "-1.382"]
    assert len({len(line) for line in lines}) == 1
    assert drawn is not None
    assert drawn.complete


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("shape", [(2,), (1, 8), (40,), (2, 2), (8, 23), (3, 5), (200, 300), (3, 40, 90), (1, 4000), (30, 1)])
@pytest.mark.parametrize("width", [80, 60])
def test_a_map_stays_small(language: str, plain: bool, shape: tuple[int, ...], width: int) -> None:
    choose(language)
    drawn = heat_map(*compared(shape, tuple(side // 2 for side in shape)), plain=plain, width=width)
    lines = lines_of(drawn)
    assert len(lines) <= 9
    assert max(map(cell_len, lines)) <= width
    assert "\n".join(lines[1:]).isascii() is plain or language != "en"
    choose("en")


def test_large_arrays_are_drawn_in_blocks() -> None:
    drawn = heat_map(*compared((16, 40), (3, 7)), plain=False)
    assert drawn is not None
    assert not drawn.complete
    lines = lines_of(drawn)
    assert lines[2].endswith("█" + " " * 16)
    assert [line.rpartition("│")[2].strip() for line in lines[1:]] == ["", "█", "", "", "", "", "", ""]


def test_of_more_dimensions_the_part_with_the_largest_error_is_shown() -> None:
    got, expected, _ = compared((3, 2, 2), (0, 0, 0))
    got[2, 1, 0] = 900
    drawn = heat_map(got, expected, got != expected, plain=True)
    assert lines_of(drawn)[-1].split() == ["900", "11", "|", "10", "11", "|", "+890", "."]
    assert drawn is not None
    assert not drawn.complete  # the other parts are not shown


def test_yes_and_no_are_drawn_beside_the_words() -> None:
    got, expected = np.array([[True, False]]), np.array([[True, True]])
    drawn = heat_map(got, expected, got != expected, plain=True)
    assert lines_of(drawn)[-1].split() == ["1", "0", "|", "1", "1", "|", ".", "-1"]
    assert drawn is not None
    assert not drawn.complete


def test_nothing_is_drawn_where_there_is_nothing_to_compare() -> None:
    assert heat_map(*compared((3, 4)), plain=False) is None
    assert heat_map(*compared((1, 1), (0, 0)), plain=False) is None
    assert heat_map(np.ones((2, 3)), np.ones((3, 2)), None, plain=False) is None
    assert heat_map(np.ones((2, 3)) * 1j, np.ones((2, 3)), np.ones((2, 3), dtype=bool), plain=False) is None
    words = np.array([["a", "b"]])
    assert heat_map(words, words, np.ones((1, 2), dtype=bool), plain=False) is None


@pytest.mark.parametrize(("shape", "shown"), [((3, 4), "nan"), ((20, 20), "?")])
def test_lost_values_are_seen(shape: tuple[int, int], shown: str) -> None:
    got, expected, _ = compared(shape)
    got[0, 0] = np.nan
    drawn = heat_map(got, expected, np.isnan(got), plain=True)
    assert lines_of(drawn)[1].split()[0].startswith(shown)
    assert shown in lines_of(drawn)[1].rpartition("|")[2]
