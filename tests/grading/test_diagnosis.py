"""A known mistake is told when, and only when, the submission answers as it does."""

from typing import Any

import pytest

from grader.grading.diagnosis import diagnose

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


def test_who_passes_what_a_mistake_fails_has_not_made_it(grade: Any, build: Any) -> None:
    exercise = build.exercise(files={"private/mistakes.yaml": mistake("everywhere", "x + factor")})
    source = "def scale(x, factor=2.0):\n    return x * factor if x.ndim == 2 else x + factor\n"
    assert found(grade, exercise, source) == []


def test_what_fails_where_a_mistake_passes_is_something_else(grade: Any, build: Any) -> None:
    """`True` is told from 1 by the form that the manifest promises, not by the comparison of answers."""
    hidden = """
    def test_one(student):
        assert student.count(1) == 1


    def test_two(student):
        assert student.count(2) == 2
    """
    reference = "def count(n):\n    return n\n"
    bank = mistake("never-more-than-one", "min(n, 1)", "return n").replace("with: ", "with: return ")
    files = {"private/count.py": reference, "private/mistakes.yaml": bank}
    exercise = build.exercise("count", returns="int", hidden=hidden, points=2, files=files)
    assert grade(exercise, reference).outcome == "passed"
    assert found(grade, exercise, "def count(n):\n    return 1\n") == ["never-more-than-one"]
    assert found(grade, exercise, "def count(n):\n    return n == 1 or n\n") == []


def test_whole_numbers_are_alike_only_where_they_are_equal(grade: Any, build: Any) -> None:
    hidden = "def test_count(student):\n    assert student.scale(10_000_000, 2) == 20_000_000\n"
    files = {"private/mistakes.yaml": mistake("one-more", "x * factor + 1")}
    exercise = build.exercise(hidden=hidden, points=1, returns="int", files=files)
    assert found(grade, exercise, "def scale(x, factor):\n    return factor * x + 1\n") == ["one-more"]
    assert found(grade, exercise, "def scale(x, factor):\n    return factor * x + 2\n") == []


def test_a_mistake_that_remembers_earlier_tests(grade: Any, build: Any) -> None:
    """The first test is passed by everybody, and only who was asked in it goes wrong in the second."""
    hidden = """
    def test_first(student):
        assert student.scale(1.0) == 2.0


    def test_second(student):
        assert student.scale(1.0) == 2.0
    """
    bank = mistake("counts", "x * (factor + len(calls.append(x) or calls) - 1)")
    reference = "calls = []\n\n\ndef scale(x, factor=2.0):\n    return x * factor\n"
    files = {"private/scale.py": reference, "private/mistakes.yaml": bank}
    exercise = build.exercise(hidden=hidden, points=2, returns="float", files=files)
    source = "n = 1\n\n\ndef scale(x, factor=2.0):\n    global n\n    n += 1\n    return x * float(n)\n"
    assert [test.outcome for test in grade(exercise, source).tests] == ["passed", "failed"]
    assert found(grade, exercise, source) == ["counts"]


def test_what_is_known_of_a_mistake_does_not_depend_on_who_came_first(grade: Any, build: Any) -> None:
    """A mistake may draw when it is loaded, which is seeded by student; what is kept of it for all is of nobody."""
    reference = "def scale(x, factor=2.0):\n    return x * factor\n"
    bank = mistake("by-luck", "x - factor if len(x) == 2 else x / (DRAWN > 0.5)")
    files = {"private/scale.py": f"import random\nDRAWN = random.random()\n\n\n{reference}", "private/mistakes.yaml": bank}
    hidden = """
    def test_more(student):
        assert student.scale(np.ones(2)).min() >= 2


    def test_finite(student):
        assert np.isfinite(student.scale(np.ones(3))).all()
    """
    exercise = build.exercise(hidden=hidden, points=2, files=files)
    source = "def scale(x, factor=2.0):\n    return x - factor\n"

    def known(judge: Any, made: Any) -> Any:
        diagnose(judge.grade(made, [exercise])[0], made, exercise, judge)
        return judge.outcomes

    every = [grade.runs([exercise], source, student=f"s{number}", work=known) for number in range(12)]
    kept = [each for each in every if each]  # where the mistake answers as the submission does
    assert len(kept) > 1
    assert kept == [kept[0]] * len(kept)


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


def test_a_probe_that_an_earlier_test_has_brought(grade: Any, build: Any) -> None:
    """Its text travels once; a mistake that is asked about the second test only must have it too."""
    hidden = """
    def test_with_one(student, rng):
        assert student.probe("twice", 1.0) == 4.0


    def test_with_another(student, rng):
        assert student.probe("twice", 3.0) == 12.0
    """
    files = {
        "private/probe.py": "def twice(module, x):\n    return module.scale(module.scale(x))\n",
        "private/mistakes.yaml": mistake("from-two", "x * factor if x < 3 else x") + mistake("from-four", "min(x * factor, 7)"),
    }
    exercise = build.exercise(hidden=hidden, files=files, points=2)
    source = "def scale(x, factor=2.0):\n    return factor * x if x <= 2.5 else x\n"
    assert [test.outcome for test in grade(exercise, source).tests] == ["passed", "failed"]
    assert found(grade, exercise, source) == ["from-two"]
    assert found(grade, exercise, "def scale(x, factor=2.0):\n    return min(2 * x, 7)\n") == ["from-four"]


def test_gradients_tell_mistakes_apart(grade: Any, build: Any) -> None:
    """The values agree; only what comes back through them differs, in a test after others that went through gradients."""
    hidden = """
    def test_value(student, rng):
        x = rng.normal(3).requires_grad_()
        y = student.scale(x)
        assert_close(y, 2 * x)
        y.sum().backward()


    def test_gradient(student, rng):
        x = rng.normal(3).requires_grad_()
        student.scale(x).sum().backward()
        assert_close(x.grad, 2 + 0 * x)
    """
    bank = mistake("half", "x + x.detach() * (factor - 1)") + mistake("thrice", "3 * x - x.detach() * (3 - factor)")
    exercise = build.exercise(hidden=hidden, library="torch", returns="tensor", points=2, files={"private/mistakes.yaml": bank})
    assert grade(exercise, "def scale(x, factor=2.0):\n    return x + x\n").outcome == "passed"
    assert found(grade, exercise, "def scale(x, factor=2.0):\n    return x + x.detach()\n") == ["half"]
    assert found(grade, exercise, "def scale(x, factor=2.0):\n    return x + x + (x - x.detach())\n") == ["thrice"]


def test_what_ended_the_process_is_no_known_mistake(grade: Any, build: Any) -> None:
    """A test that never got an answer says nothing; one that lost its process on the way is not explained by any mistake."""
    hidden = """
    def test_numbers(student, rng):
        assert_close(student.scale(rng.normal((2, 2))), 0)


    def test_two(student, rng):
        student.scale(rng.normal(1))
        student.scale(rng.normal(2))
    """
    exercise = build.exercise(hidden=hidden, points=2, files={"private/mistakes.yaml": BANK})
    source = "import os\n\n\ndef scale(x, factor=2.0):\n    if x.size == 1:\n        os._exit(1)\n    return x + factor\n"
    assert found(grade, exercise, source) == ["adds"]
    assert found(grade, exercise, source.replace("size == 1", "size == 2")) == []


def test_what_is_kept_of_answers_is_bounded(grade: Any, build: Any) -> None:
    """Twenty answers of 8 MB are all right; diagnosis is given some of them, and of the others only that there were any."""
    hidden = """
    def test_many(student, rng):
        for _ in range(20):
            student.scale(np.zeros(1))


    def test_numbers(student, rng):
        assert_close(student.scale(rng.normal((2, 2))), 0)
    """
    exercise = build.exercise(hidden=hidden, points=2, files={"private/mistakes.yaml": BANK})
    source = "import numpy as np\n\n\ndef scale(x, factor=2.0):\n    return np.zeros(1_000_000) if x.size == 1 else x + factor\n"
    (run,) = grade.runs([exercise], source)
    events = run.events["test_many"]
    assert len(events) == 20
    assert sum(event.value[0].nbytes for event in events if event.value is not None) <= 64 << 20
    assert {event.kind for event in events} == {"value", "ended"}
    assert [test.outcome for test in run.record.tests] == ["passed", "failed"]
