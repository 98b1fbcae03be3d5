"""A regrade gives the same verdict bit for bit, and a record's seeds are enough for it."""

from dataclasses import replace
from typing import Any

import pytest

from grader.grading.diagnosis import diagnose
from grader.record import Record, from_json, same_verdict, to_json

SOURCES = {
    "right": "def scale(x, factor=2.0):\n    return x * factor\n",
    "wrong": "def scale(x, factor=2.0):\n    return x + factor\n",
    "random": "import numpy as np\ndef scale(x, factor=2.0):\n    return x * factor + (np.random.rand() < 0.5)\n",
    "loud": "import random\ndef scale(x, factor=2.0):\n    print(x, random.random())\n    return x\n",
    "raising": "def scale(x, factor=2.0):\n    raise ValueError(str(x))\n",
    "dying": "import os\ndef scale(x, factor=2.0):\n    if x.sum() > 0: os._exit(1)\n    return x * factor\n",
    "unreadable": "def scale(x:\n",
    "stub": "def scale(x, factor=2.0):\n    raise NotImplementedError\n",
    "forbidden": "import statistics\ndef scale(x, factor=2.0):\n    return x * factor * statistics.mean([1])\n",
}
BAN = [{"what": dict.fromkeys(("en", "ru", "hi"), "mean"), "functions": ["statistics"]}]


def replayed(grade: Any, exercise: Any, source: str, record: Record, **options: Any) -> Record:
    seeds = {test.name: test.seed for test in record.tests}
    run = grade.runs([exercise], source, work=lambda judge, made: judge.replay(made, exercise, seeds), **options)
    again: Record = run.record
    return again


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_regrade_repeats_the_verdict(grade: Any, build: Any, source: str) -> None:
    exercise = build.exercise(forbidden=BAN)
    first = grade(exercise, source)
    assert same_verdict(first, grade(exercise, source)) == []
    assert same_verdict(first, replayed(grade, exercise, source, from_json(to_json(first)), secret="another one")) == []


def test_a_replay_without_the_secret_is_diagnosed_alike(grade: Any, build: Any) -> None:
    hint = "{en: a, ru: b, hi: c}"
    bank = f"- id: adds\n  replace: x * factor\n  with: x + factor\n  hint: {hint}\n"
    exercise = build.exercise(files={"private/mistakes.yaml": bank})
    first = grade.diagnosed(exercise, SOURCES["wrong"])
    assert [diagnosis.id for diagnosis in first.diagnosis] == ["adds"]
    seeds = {test.name: test.seed for test in first.tests}

    def work(judge: Any, made: Any) -> Record:
        return diagnose(judge.replay(made, exercise, seeds), made, exercise, judge)

    again = grade.runs([exercise], SOURCES["wrong"], secret="another one", work=work)
    assert same_verdict(first, again) == []


def test_other_seeds_give_other_inputs(grade: Any, build: Any) -> None:
    exercise = build.exercise()
    first = grade(exercise, SOURCES["raising"])
    other = grade(exercise, SOURCES["raising"], secret="other")
    assert [test.message for test in first.tests] != [test.message for test in other.tests]
    moved = replace(first, tests=tuple(replace(test, seed=test.seed + 1) for test in first.tests))
    again = replayed(grade, exercise, SOURCES["raising"], moved)
    assert [test.seed for test in again.tests] == [test.seed + 1 for test in first.tests]
    assert again.tests[0].message != first.tests[0].message


def test_a_test_that_the_record_does_not_know_gets_its_usual_seed(grade: Any, build: Any) -> None:
    exercise = build.exercise()
    first = grade(exercise, SOURCES["right"])
    again = replayed(grade, exercise, SOURCES["right"], replace(first, tests=first.tests[:1]))
    assert same_verdict(first, again) == []


def test_the_order_of_submissions_does_not_matter(grade: Any, build: Any) -> None:
    exercise = build.exercise()
    order = [*SOURCES, *reversed(SOURCES)]
    records = [grade(exercise, SOURCES[name]) for name in order]
    for first, second in zip(records, reversed(records), strict=True):
        assert same_verdict(first, second) == []


def test_a_changed_submission_is_told(grade: Any, build: Any) -> None:
    exercise = build.exercise()
    first = grade(exercise, SOURCES["right"])
    told = same_verdict(first, replayed(grade, exercise, SOURCES["wrong"], first))
    assert any(line.startswith("score: 5 became ") for line in told)
    assert any(line.startswith("source_hash") for line in told)
