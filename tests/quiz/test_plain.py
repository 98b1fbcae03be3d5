"""Answers written as plain Python: every spelling that a student would use, and nothing of it executed."""

import pytest

from grader.quiz.plain import plain_answers


@pytest.mark.parametrize(
    "cell",
    [
        'answers["x"] = "b"',
        "answers['x'] = 'b'",
        'answers["x"]: str = "b"',
        'answers = {"x": "b"}',
        'answers: dict = {"x": "b"}',
        'answers = dict(x="b")',
        'answers = dict([("x", "b")])',
        'answers.update({"x": "b"})',
        'answers.update(x="b")',
        'answers.update([("x", "b")])',
        'answers |= {"x": "b"}',
        'answers = answers | {"x": "b"}',
        'answers.setdefault("x", "b")',
        'answers["x"] = answers["y"] = "b"; del answers["y"]',
        'answers["y"], answers["x"] = "a", "b"\nanswers.pop("y")',
        'answers["y"] = "a"\nanswers.clear()\nanswers["x"] = "b"',
        'answers = quiz("conv").answers\nanswers["x"] = "b"',
        'a = quiz("conv").answers\na["x"] = "b"',
        'q = quiz(bank="conv")\nq.answers["x"] = "b"',
        'quiz("conv").answers["x"] = "b"',
        'grader.quiz("conv").answers.update({"x": "b"})',
        '%matplotlib inline\n!ls\nanswers["x"] = "b"',
        'answers["x"] = "b"\nthis is no Python',
        'answers["x"] = """b"""',
        'answers["x"] = "a"\nanswers["x"] = "b"',
    ],
)
def test_spellings(cell: str) -> None:
    assert plain_answers([cell], "conv") == ({"x": "b"}, [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("896", 896),
        ("-1.5e-3", -0.0015),
        ("1/3", 1 / 3),
        ("3 * 3 * 64 + 64", 640),
        ("True", True),
        ("None", None),
        ('["a", "c"]', ["a", "c"]),
        ('{"a", "c"}', {"a", "c"}),
        ("(1, 8, 30, 30)", (1, 8, 30, 30)),
        ('{"1": "b", "2": "a"}', {"1": "b", "2": "a"}),
        ('"a" "c"', "ac"),
    ],
)
def test_values(text: str, value: object) -> None:
    assert plain_answers([f'answers["x"] = {text}']) == ({"x": value}, [])


@pytest.mark.parametrize("text", ["open('/etc/passwd').read()", "n", "f'{n}'", "b'x'", "[n for n in 'ab']", "...", "9 ** 9 ** 9"])
def test_what_is_computed_is_told_and_not_run(text: str) -> None:
    found, notes = plain_answers([f'answers["x"] = {text}'])
    assert found == {}
    assert len(notes) == 1
    assert "'x'" in notes[0]


@pytest.mark.parametrize("cell", ['if True:\n    answers["x"] = "b"', 'def f():\n    answers["x"] = "b"'])
def test_what_may_not_run_is_told(cell: str) -> None:
    found, notes = plain_answers([cell], language="ru")
    assert found == {}
    assert "'x'" in notes[0]
    assert "ячейки" in notes[0]


@pytest.mark.parametrize(
    "cell",
    ["", "answers", "answers[0] = 1", 'replies["x"] = "b"', "x = answers", "(" * 99, "answers = None", "\0", "'" + "a" * 300_000],
    ids=str.__len__,
)
def test_the_rest_is_passed_over(cell: str) -> None:
    assert plain_answers([cell]) == ({}, [])


def test_two_quizzes_in_one_notebook() -> None:
    first = 'answers = quiz("a").answers\nanswers["x"] = 1'
    cells = [first, 'other = quiz("b").answers\nother["x"] = 2\nquiz("b").answers["y"] = 3']
    assert plain_answers(cells, "a")[0] == {"x": 1}
    assert plain_answers(cells, "b")[0] == {"x": 2, "y": 3}
