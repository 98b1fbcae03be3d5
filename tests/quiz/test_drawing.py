"""The same seed draws the same question; different seeds differ; nothing that is drawn breaks a condition."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank
from grader.quiz.drawing import draw
from grader.quiz.expressions import ExpressionError
from grader.quiz.model import NumericQuestion, SingleQuestion
from grader.quiz.parameters import all_values, combinations, draw_values
from grader.quiz.seeds import Stream, question_seed

TEXT = {"en": "a", "ru": "б", "hi": "क"}


def numeric(**keys: Any) -> NumericQuestion:
    return NumericQuestion.model_validate({"id": "q", "type": "numeric", "text": TEXT, "answers": [{"value": 1}], **keys})


def test_draws_are_the_same_for_ever() -> None:
    # Written down once: a change here changes every student's numbers.
    assert question_seed("secret", "ada", "bank", "q") == 2595684705766316783
    stream = Stream(1, "order")
    assert [stream.below(10) for _ in range(8)] == [6, 9, 8, 3, 6, 7, 7, 5]


def test_seeds_differ_by_each_part() -> None:
    parts = ["secret", "ada", "bank", "q"]
    changed = [[*parts[:i], "x", *parts[i + 1 :]] for i in range(4)]
    assert len({question_seed(*p) for p in [parts, *changed]}) == 5
    assert question_seed("s", "a\N{BULLET}", "b", "c") != question_seed("s", "a", "\N{BULLET}b", "c")


def test_every_number_and_order_is_as_likely_as_the_others() -> None:
    # Binomial: a count beyond 5 standard deviations has a chance below one in a million; the seeds are fixed besides.
    orders = Counter(tuple(Stream(seed, "order").shuffled("abc")) for seed in range(3000))
    assert len(orders) == 6
    assert all(abs(count - 500) < 5 * 21 for count in orders.values())


def test_the_same_seed_draws_the_same_question(sound: Bank, seeds: list[int]) -> None:
    for question in sound.questions:
        assert all(draw(question, seed) == draw(question, seed) for seed in seeds[:5])
    shuffled = [q for q in sound.questions if draw(q, 1).choices and q.id != "momentum-is-averaged"]
    for question in shuffled:
        assert len({tuple(c.id for c in draw(question, seed).choices) for seed in seeds}) > 1, question.id


def test_a_new_parameter_does_not_change_the_order() -> None:
    options = [
        {"id": f"o{i}", "text": f"{i}{{{{ a }}}}", "value": "right" if i == 0 else "wrong", "explain": TEXT} for i in range(6)
    ]
    one, two = (
        SingleQuestion.model_validate({"id": "q", "type": "single", "text": TEXT, "options": options, "parameters": parameters})
        for parameters in ({"a": [1, 2]}, {"a": [1, 2], "b": [3, 4, 5]})
    )
    assert [c.id for c in draw(one, 7).choices] == [c.id for c in draw(two, 7).choices]


def test_fixed_options_keep_their_place(seeds: list[int]) -> None:
    options = [{"id": f"o{i}", "text": i, "value": "right" if i == 0 else "wrong", "fixed": i in (1, 4)} for i in range(5)]
    question = SingleQuestion.model_validate({"id": "q", "type": "single", "text": TEXT, "options": options})
    orders = [[c.id for c in draw(question, seed).choices] for seed in seeds]
    assert all(order[1] == "o1" and order[4] == "o4" for order in orders)
    assert {order[0] for order in orders} == {"o0", "o2", "o3"}


def test_ranges_are_exact_and_include_both_ends() -> None:
    question = numeric(parameters={"a": {"from": 0.1, "to": 0.5, "step": 0.1}, "b": {"from": 3, "to": 7, "step": 2}})
    values = list(all_values(question.parameters, ()))
    assert {v["a"] for v in values} == {0.1, 0.2, 0.3, 0.4, 0.5}
    assert {v["b"] for v in values} == {3, 5, 7}
    assert all(isinstance(v["b"], int) for v in values)
    assert combinations(question.parameters) == len(values) == 15


def test_conditions_hold_and_derived_values_follow(seeds: list[int]) -> None:
    question = numeric(
        parameters={"a": {"from": 0, "to": 5}, "b": [1, 2, 3], "c": "b / a", "d": "c * 2"}, where=["a > 0", "b != a", "c >= 0.5"]
    )
    for seed in seeds:
        v = draw_values(question.parameters, question.where, seed)
        assert v["a"] > 0  # type: ignore[operator]  # a number, as the parameters say
        assert v["b"] != v["a"]
        assert v["d"] == 2 * v["b"] / v["a"]  # type: ignore[operator]  # as above
    assert all(v["a"] and v["a"] != v["b"] for v in all_values(question.parameters, question.where))


def test_conditions_that_never_hold_are_told() -> None:
    question = numeric(parameters={"a": [1, 2]}, where=["a > 5"])
    with pytest.raises(ExpressionError, match="no draw"):
        draw_values(question.parameters, question.where, 1)
    with pytest.raises(CourseError, match="q: parameters: no draw"):
        draw(question, 1)


def test_layout_changes_with_what_is_shown_and_tells_nothing(sound: Bank, tmp_path: Path) -> None:
    question = sound.question("conv-size")
    assert draw(question, 5).layout == draw(question, 5).layout
    shorter = question.model_copy(update={"parameters": {**question.parameters, "kernel": (9, 11)}})
    assert draw(question, 5).layout != draw(shorter, 5).layout
    assert len({draw(sound.question("padding-five"), seed).layout for seed in range(30)}) == 30
