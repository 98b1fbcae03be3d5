"""Right answers earn, whatever their form; others do not, and none of them fails."""

import json
import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.answers import read_answer
from grader.quiz.bank import Bank
from grader.quiz.drawing import Drawn, draw
from grader.quiz.keys import right_ids, solution
from grader.quiz.marking import mark, marked
from grader.quiz.model import LANGUAGES
from grader.quiz.texts import answers_of, texts_of
from grader.quiz.view import public_quiz, public_view


def key_of(drawn: Drawn) -> Any:
    """The right answer as a student writes it."""
    if drawn.prompts:
        return {prompt.key: drawn.key_of(prompt.id) for prompt in drawn.prompts}
    if drawn.choices:
        return [drawn.key_of(name) for name in right_ids(drawn)]
    return solution(drawn, "en")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_earns_everything_on_every_seed(sound: Bank, seeds: list[int], language: str) -> None:
    for question in sound.questions:
        for seed in seeds:
            got = marked(question, seed, key_of(draw(question, seed)), language)
            assert (got.status, got.credit, got.points, got.max_points) == ("answered", 1, question.points, question.points)


def test_an_answer_means_the_same_in_every_order(sound: Bank, seeds: list[int]) -> None:
    question = sound.question("nothing-to-update")
    for seed in seeds:
        drawn = draw(question, seed)
        got = mark(drawn, drawn.key_of("linear") + drawn.key_of("relu"))
        assert got.answer == ["relu", "linear"]
        assert got.credit == 0


@pytest.mark.parametrize("blank", [None, "", "  ", [], (), set(), {}])
def test_blank_is_told_apart_from_wrong(sound: Bank, blank: object) -> None:
    for question in sound.questions:
        got = marked(question, 1, blank)
        assert (got.status, got.credit, got.answer, got.reason) == ("unanswered", 0, None, "")


NASTY: list[Any] = [
    *(True, 5, -1, 10**400, 10**5000, 2.5, math.nan, math.inf, "nan", "inf", "zz", "0", "a" * 10_000, "\x00\ud800", "٣"),
    *(["a", "a", "b"], ["a", ["b"]], [None], [math.nan], {"a": "b"}, {"1": {"2": 3}}, {1: 2}, {None: None, "x": 1}),
    *([10**5000], {"a", "q"}, b"a", object(), 1j, Fraction(1, 3), [{}], "a" + "́" * 500, "9" * 5000, "1e999999999", "9^999"),
    *(["a"] * 1000, {"1": "zz"}, {"99": "a"}, "1a 1b", "(((((", {str(i): "a" for i in range(500)}),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_answered_fails(sound: Bank, language: str) -> None:
    for question in sound.questions:
        for answer in NASTY:
            got = marked(question, 3, answer, language)
            assert 0 <= got.credit <= 1
            assert (got.status == "invalid") == bool(got.reason)
            if got.status != "answered":
                assert got.credit == 0
                assert got.answer is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=8,
)


@given(answer=JSON)
def test_no_plain_data_fails(sound: Bank, answer: object) -> None:
    for question in sound.questions:
        assert 0 <= marked(question, 3, answer).credit <= 1


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        ("b", "answered", ""),
        ("B)", "answered", ""),
        (["b"], "answered", ""),
        ("а", "answered", ""),  # the Cyrillic letter
        ("z", "invalid", "there is no choice z; there are a, b, c"),
        ("a b", "invalid", "one choice is asked for, and 2 were made"),
        (1, "invalid", "an answer of this form cannot be read: 1"),
        ({"a": True}, "invalid", "an answer of this form cannot be read: dict"),
    ],
)
def test_single(sound: Bank, answer: object, status: str, reason: str) -> None:
    got = marked(sound.question("padding-five"), 1, answer)
    assert (got.status, got.reason) == (status, reason)


@pytest.mark.parametrize("answer", ["a c", "ac", "a, c", ["a", "c"], {"a", "c"}, "c;A", ("c", "a"), "(a) (c)"])
def test_multiple_in_many_forms(sound: Bank, answer: object) -> None:
    drawn = draw(sound.question("nothing-to-update"), 1)
    assert set(read_answer(drawn, answer).value) == {drawn.id_of("a"), drawn.id_of("c")}


@pytest.mark.parametrize("answer", [False, "false", "F", "no", "неверно", "Нет", "ग़लत", "गलत", ["false"], "False."])
def test_false_in_many_forms(sound: Bank, answer: object) -> None:
    assert marked(sound.question("momentum-is-averaged"), 1, answer).credit == 1


def test_true_false_slips(sound: Bank) -> None:
    question = sound.question("momentum-is-averaged")
    assert marked(question, 1, True).credit == 0
    assert marked(question, 1, "maybe").reason == "there is no choice maybe; there are true, false"
    assert marked(question, 1, ["true", "false"]).reason == "one choice is asked for, and 2 were made"


@pytest.mark.parametrize(
    ("answer", "credit", "explanation"),
    [
        (896, 1, ""),
        (896.0, 1, ""),
        ("896 parameters", 1, ""),
        ("896 параметров", 1, ""),
        ("८९६", 1, ""),
        (864, 0.25, "You forgot the biases."),
        ("320", 0, "You left out the input channels."),
        (897, 0, ""),
    ],
)
def test_numeric(sound: Bank, answer: object, credit: float, explanation: str) -> None:
    got = marked(sound.question("conv-params"), 1, answer)
    assert (got.status, got.credit, got.points) == ("answered", credit, 2 * credit)
    assert got.explain[:-1] == ((explanation,) if explanation else ())
    assert got.answer == answer


@pytest.mark.parametrize("answer", ["many", True, "(896)", [896, 2], "nan"])
def test_what_is_no_number(sound: Bank, answer: object) -> None:
    got = marked(sound.question("conv-params"), 1, answer)
    assert got.status == "invalid"
    assert "is not a number" in got.reason


@pytest.mark.parametrize(
    ("answer", "credit"),
    [((1, 8, 30, 30), 1), ([1, 8, 30, 30], 1), ("1 8 30 30", 1), ("(8, 30, 30)", 0), ([1, 8, 32, 32], 0), (5, 0)],
)
def test_shapes(sound: Bank, answer: object, credit: float) -> None:
    got = marked(sound.question("conv-shape"), 1, answer)
    assert (got.status, got.credit) == ("answered", credit)


def test_text(sound: Bank) -> None:
    question = sound.question("which-trick")
    answers = ("Dropout", "ДРОПАУТ", "drop out", "DropConnect", "dropouts", 5)
    assert [marked(question, 1, answer).credit for answer in answers] == [1, 1, 1, 0.5, 0, 0]
    assert marked(question, 1, "dropconnect", "ru").explain[0] == "Тот обнуляет веса."


def test_ordering(sound: Bank) -> None:
    drawn = draw(sound.question("training-step"), 1)
    order = [drawn.key_of(name) for name in ("forward", "backward", "step", "zero-grad")]
    for form in (order, " ".join(order), "".join(order), " > ".join(order).upper()):
        got = mark(drawn, form)
        assert (got.credit, got.answer) == (pytest.approx(2 / 3), ["forward", "backward", "step", "zero-grad"])
    assert mark(drawn, order[:3]).status == "invalid"
    assert mark(drawn, [*order, order[0]]).status == "invalid"
    assert [told.value for told in mark(drawn, key_of(drawn)).told] == ["right"] * 4
    assert [told.id for told in mark(drawn, None).told] == [item.id for item in drawn.question.items]  # type: ignore[union-attr]  # an ordering


def test_matching(sound: Bank) -> None:
    drawn = draw(sound.question("formulas"), 1)
    right = key_of(drawn)
    first, second = right["1"], right["2"]
    for form in (right, {1: first, 2: second}, f"1{first} 2{second}", f"1: {first}, 2-{second.upper()}", [first, second]):
        assert mark(drawn, form).credit == 1, form
    half = mark(drawn, {"1": first, "2": None})
    assert (half.status, half.credit) == ("answered", 0.5)
    assert [told.chosen for told in half.told] == [True, False]
    for form in ({"3": first}, {"1": "z"}, "1", f"1{first} 1{second}", {"1": 5}):
        assert mark(drawn, form).status == "invalid", form


def test_what_is_told_of_options(sound: Bank) -> None:
    drawn = draw(sound.question("nothing-to-update"), 1)
    told = {one.id: one for one in mark(drawn, [drawn.key_of("linear"), drawn.key_of("batch-norm")]).told}
    assert [one.key for one in mark(drawn, "a").told] == ["a", "b", "c", "d", "e"]
    assert told["relu"].explain == "Look at its formula; what in it could be learned?"
    assert told["dropout"].explain == "Its rate is chosen, not learned."
    assert (told["batch-norm"].value, told["batch-norm"].chosen) == ("either", True)
    assert told["batch-norm"].explain == "It has γ and β only when affine is on."
    ticked = {one.id: one for one in mark(drawn, [drawn.key_of("relu")]).told}
    assert ticked["relu"].explain == "It only cuts off negative values."


def test_either_never_counts(sound: Bank) -> None:
    drawn = draw(sound.question("nothing-to-update"), 1)
    right = [drawn.key_of("relu"), drawn.key_of("dropout")]
    assert mark(drawn, right).credit == mark(drawn, [*right, drawn.key_of("batch-norm")]).credit == 1
    assert mark(drawn, [drawn.key_of("batch-norm")]).credit == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_view_tells_nothing_of_the_key(sound: Bank, seeds: list[int], language: str) -> None:
    for question in sound.questions:
        hidden = {
            text.get(each)
            for place, text in texts_of(question)
            for each in LANGUAGES
            if any(part in place for part in ("explain", "reason"))
        }
        # Ids of options and items are the author's words; a number's or word's key and its expression stand nowhere.
        items = (*(getattr(question, "options", None) or ()), *getattr(question, "items", ()), *getattr(question, "pairs", ()))
        hidden |= {f'"{item.id}"' for item in items}
        hidden |= {str(form) for answer in answers_of(question) for form in (answer.forms or ())}
        for seed in seeds[:10]:
            view = public_view(question, seed, language).as_dict()
            shown = json.dumps(view, ensure_ascii=False)
            assert not [text for text in hidden if text and text in shown]
            if not view["choices"]:
                assert f'"{solution(draw(question, seed), language)[0]}"' not in shown
            assert set(view) == {
                *("id", "form", "points", "difficulty", "text", "code", "image", "rule", "choices", "prompts", "unit", "layout")
            }


def test_the_view_does_not_depend_on_how_many_are_right(sound: Bank) -> None:
    question = sound.question("nothing-to-update")
    options = question.options  # type: ignore[union-attr]  # a multiple
    turned = [o.model_copy(update={"value": "right" if o.value == "wrong" else "wrong", "reason": None}) for o in options]
    other = question.model_copy(update={"options": tuple(turned)})
    assert public_view(question, 4) == public_view(other, 4)


def test_views_of_a_bank(sound: Bank) -> None:
    one, two = (public_quiz(sound, "secret", student, "hi") for student in ("ada", "emmy"))
    assert json.loads(json.dumps(one)) == json.loads(json.dumps(public_quiz(sound, "secret", "ada", "hi")))
    assert one != two
    assert [q["id"] for q in one["questions"]] == [q.id for q in sound.questions]


def test_languages_differ_in_words_only(sound: Bank, seeds: list[int]) -> None:
    for question in sound.questions:
        views = [public_view(question, seeds[0], language) for language in LANGUAGES]
        assert len({view.layout for view in views}) == 1
        assert len({tuple(choice.key for choice in view.choices) for view in views}) == 1
        assert len({view.rule for view in views}) == 3
        answer = key_of(draw(question, seeds[0]))
        assert len({json.dumps(marked(question, seeds[0], answer, language).answer) for language in LANGUAGES}) == 1


def test_the_rule_for_numbers_says_how_exact(sound: Bank) -> None:
    question = sound.question("conv-params")
    assert public_view(question, 1).rule == "Give a number, exactly."
    loose = question.model_copy(update={"rtol": 0.01, "atol": 0.5})
    assert public_view(loose, 1).rule == "Give a number; 1 % or 0.5 off is fine."
    assert public_view(sound.question("conv-shape"), 1).rule == "Give the numbers in order, with commas between them, exactly."
