"""A known mistake is told when, and only when, the submission answers as it does."""

from typing import Any

import pytest

RIGHT = "def scale(x, factor=2.0):\n    return x * factor\n"


def mistake(name: str, change: str, of: str = "x * factor") -> str:
    hints = "\n".join(f"    {language}: {name} in {language}" for language in ("en", "ru", "hi"))
    return f"- id: {name}\n  replace: {of}\n  with: {change}\n  hint:\n{hints}\n"


BANK = "".join(
    [
        mistake("adds", "x + factor"),
        mistake("divides", "x / factor"),
        mistake("forgets-the-factor", "x"),
        mistake("wrong-default", "factor=3.0", "factor=2.0"),
        mistake("raises", "1 / 0"),
        mistake("loses-an-axis", "(x * factor).ravel()"),
    ]
)


def found(grade: Any, exercise: Any, source: str, **options: Any) -> list[str]:
    return [diagnosis.id for diagnosis in grade.diagnosed(exercise, source, **options).diagnosis]


@pytest.fixture
def exercise(build: Any) -> Any:
    return build.exercise(files={"private/mistakes.yaml": BANK})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return x + factor", ["adds"]),
        ("y = x.copy()\n    y += factor\n    return y", ["adds"]),
        ("return (x + factor).astype('float32')", ["adds"]),
        ("return x * (1 / factor)", ["divides"]),
        ("return x", ["forgets-the-factor"]),
        ("return (x * factor).flatten()", ["loses-an-axis"]),
        ("return x * factor + 1", []),
        ("return x - factor", []),
        ("return x * factor", []),
        ("return None", []),
        ("raise ValueError", []),
        ("import os; os._exit(0)", []),
    ],
)
def test_answers_decide(grade: Any, exercise: Any, body: str, expected: list[str]) -> None:
    assert found(grade, exercise, f"def scale(x, factor=2.0):\n    {body}\n") == expected


def test_a_mistake_in_one_place_is_told(grade: Any, exercise: Any) -> None:
    assert found(grade, exercise, "def scale(x, factor=3.0):\n    return factor * x\n") == ["wrong-default"]


def test_errors_are_compared_by_type_and_text(grade: Any, exercise: Any) -> None:
    assert found(grade, exercise, "def scale(x, factor=2.0):\n    return 2 / 0\n") == ["raises"]
    assert found(grade, exercise, "def scale(x, factor=2.0):\n    raise ZeroDivisionError('other')\n") == []


def test_two_slips_at_once_are_not_guessed(grade: Any, exercise: Any) -> None:
    assert found(grade, exercise, "def scale(x, factor=3.0):\n    return x + factor\n") == []


def test_the_hint_is_told_in_the_language(grade: Any, exercise: Any) -> None:
    source = "def scale(x, factor=2.0):\n    return x + factor\n"
    assert [d.hint for d in grade.diagnosed(exercise, source).diagnosis] == ["adds in en"]
    assert [d.hint for d in grade.diagnosed(exercise, source, language="hi").diagnosis] == ["adds in hi"]


@pytest.mark.parametrize("student", ["ann", "bob", "an id with ж"])
def test_inputs_are_the_students_own(grade: Any, exercise: Any, student: str) -> None:
    assert found(grade, exercise, "def scale(x, factor=2.0):\n    return x / factor\n", student=student) == ["divides"]


def test_at_most_three_are_told(grade: Any, build: Any) -> None:
    bank = "".join(mistake(f"adds-{n}", f"x + factor + {n} - {n}") for n in range(6))
    exercise = build.exercise(files={"private/mistakes.yaml": bank})
    assert len(found(grade, exercise, "def scale(x, factor=2.0):\n    return x + factor\n")) == 3


def test_the_whole_pattern_wins(grade: Any, build: Any) -> None:
    """One mistake fails the same tests only, the other fails more: the first is told alone."""
    files = {
        "private/mistakes.yaml": mistake("everywhere", "x + factor")
        + mistake("for-some", "x * factor if x.ndim == 2 else x + factor")
        + mistake("for-others", "x + factor if x.ndim != 2 else x * factor")
    }
    source = "def scale(x, factor=2.0):\n    return x * factor if x.ndim == 2 else x + factor\n"
    assert found(grade, build.exercise(files=files), source) == ["for-some", "for-others"]


def test_nothing_is_told_where_one_sentence_says_it(grade: Any, build: Any) -> None:
    what = dict.fromkeys(("en", "ru", "hi"), "mean")
    exercise = build.exercise(
        files={"private/mistakes.yaml": BANK}, forbidden=[{"what": what, "functions": ["statistics"]}]
    )
    source = "import statistics\ndef scale(x, factor=2.0):\n    statistics.mean([1])\n    return x + factor\n"
    assert found(grade, exercise, source) == []
    assert found(grade, exercise, "scale = 5\n") == []


def test_without_a_bank_nothing_is_told(grade: Any, build: Any) -> None:
    assert found(grade, build.exercise(), "def scale(x, factor=2.0):\n    return x\n") == []


def test_diagnosis_changes_no_verdict(grade: Any, exercise: Any) -> None:
    source = "def scale(x, factor=2.0):\n    return x + factor\n"
    plain, diagnosed = grade(exercise, source), grade.diagnosed(exercise, source)
    assert plain.tests == diagnosed.tests
    assert (plain.outcome, plain.score) == (diagnosed.outcome, diagnosed.score)


def test_public_tests_are_diagnosed_too(grade: Any, exercise: Any) -> None:
    assert found(grade, exercise, "def scale(x, factor=2.0):\n    return x + factor\n", hidden=False) == ["adds"]


def test_modules_are_compared_by_what_they_answer(grade: Any, build: Any) -> None:
    reference = (
        "import torch\nfrom torch import nn\n\n\nclass Layer(nn.Module):\n    def __init__(self, n):\n"
        "        super().__init__()\n        self.w = nn.Parameter(torch.ones(n))\n\n"
        "    def forward(self, x):\n        return x * self.w\n"
    )
    hidden = """
    def test_product(student, rng):
        layer = student.Layer(3)
        x = rng.normal((2, 3))
        w = rng.normal(3)
        layer.load_state_dict({"w": w})
        assert_close(layer(x), x * w)
    """
    exercise = build.exercise(
        "layer",
        entry="Layer",
        library="torch",
        returns="module",
        call_returns="tensor",
        points=1,
        hidden=hidden,
        files={
            "private/layer.py": reference,
            "private/mistakes.yaml": (
                mistake("adds", "x + self.w", "x * self.w") + mistake("sums", "x @ self.w", "x * self.w")
            ),
        },
    )
    assert grade(exercise, reference).outcome == "passed"
    assert found(grade, exercise, reference.replace("x * self.w", "self.w + x")) == ["adds"]
    assert found(grade, exercise, reference.replace("x * self.w", "(x * self.w).sum(-1)")) == ["sums"]
    assert found(grade, exercise, reference.replace("x * self.w", "x - self.w")) == []
