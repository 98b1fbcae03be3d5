"""The named rules give what their formulas say; numbers and texts are compared as people write them."""

from fractions import Fraction
from itertools import chain, combinations

import pytest

from grader.quiz.numbers import readings, tuple_readings
from grader.quiz.scoring import TICK_RULES, is_close, match_credit, normalised, order_credit, tick_credit, tolerance

RIGHT, WRONG = {"a", "b", "c"}, {"x", "y"}


def subsets(items: set[str]) -> list[set[str]]:
    return [set(chosen) for chosen in chain.from_iterable(combinations(sorted(items), n) for n in range(len(items) + 1))]


@pytest.mark.parametrize(
    ("ticked", "all_", "net", "coverage", "each"),
    [
        ("abc", "1", "1", "1", "1"),
        ("", "0", "0", "0", "2/5"),
        ("ab", "0", "2/3", "2/3", "4/5"),
        ("abx", "0", "1/3", "4/9", "3/5"),
        ("abcxy", "0", "1/3", "3/5", "3/5"),
        ("xy", "0", "0", "0", "0"),
        ("abce", "1", "1", "1", "1"),  # e counts neither way
        ("e", "0", "0", "0", "2/5"),
    ],
)
def test_ticks_by_hand(ticked: str, all_: str, net: str, coverage: str, each: str) -> None:
    for rule, expected in {"all": all_, "net": net, "coverage": coverage, "each": each}.items():
        assert tick_credit(rule, RIGHT, WRONG, set(ticked)) == Fraction(expected), rule


@pytest.mark.parametrize("rule", TICK_RULES)
def test_every_pattern_of_ticks(rule: str) -> None:
    for ticked in subsets(RIGHT | WRONG):
        credit = tick_credit(rule, RIGHT, WRONG, ticked)
        assert 0 <= credit <= 1
        assert (credit == 1) == (ticked == RIGHT)
        for more in RIGHT - ticked:
            assert tick_credit(rule, RIGHT, WRONG, ticked | {more}) >= credit
        for slip in WRONG - ticked:
            assert tick_credit(rule, RIGHT, WRONG, ticked | {slip}) <= credit
        assert tick_credit(rule, RIGHT, WRONG, ticked | {"either"}) == credit


@pytest.mark.parametrize(
    ("given", "adjacent", "position", "all_"),
    [
        ("abcd", "1", "1", "1"),
        ("bcda", "2/3", "0", "0"),
        ("dcba", "0", "0", "0"),
        ("abdc", "1/3", "1/2", "0"),
        ("acbd", "0", "1/2", "0"),
    ],
)
def test_orders_by_hand(given: str, adjacent: str, position: str, all_: str) -> None:
    for rule, expected in {"adjacent": adjacent, "position": position, "all": all_}.items():
        assert order_credit(rule, "abcd", given) == Fraction(expected), rule


def test_matchings_by_hand() -> None:
    assert match_credit("each", ["a", "b", "c"], {"a": "a", "b": "c", "c": "distractor"}) == Fraction(1, 3)
    assert match_credit("each", ["a", "b", "c"], {"a": "a"}) == Fraction(1, 3)
    assert match_credit("all", ["a", "b"], {"a": "a"}) == 0
    assert match_credit("all", ["a", "b"], {"a": "a", "b": "b"}) == 1


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("896", ["896"]),
        (" +0.5 ", ["1/2"]),
        ("0,5", ["1/2"]),
        (".5", ["1/2"]),
        ("5.", ["5"]),
        ("1/3", ["1/3"]),
        ("½", ["1/2"]),
        ("1e-3", ["1/1000"]),
        ("1,5E3", ["1500"]),
        ("18 874 880", ["18874880"]),
        ("18\N{NARROW NO-BREAK SPACE}874\N{NO-BREAK SPACE}880", ["18874880"]),
        ("18,874,880", ["18874880"]),
        ("1,88,74,880", ["18874880"]),
        ("1.234.567,5", ["2469135/2"]),
        ("2,304", ["2304", "288/125"]),
        ("1_000", ["1000"]),
        ("८९६", ["896"]),
        ("−3", ["-3"]),
        ("10⁵", ["100000"]),
        ("2^10", ["1024"]),
        ("1.5·10^-3", ["3/2000"]),
        ("2 × 10⁻²", ["1/50"]),
        ("50 %", ["1/2"]),
        ("896 параметров", ["896"]),
        ("$896$", ["896"]),
        ("= 896", ["896"]),
        ("nan", []),
        ("inf", []),
        ("", []),
        ("1 2", []),
        ("3,3,3", []),
        ("1/0", []),
        ("0^-1", []),
        ("--1", []),
        ("1e99999", []),
        ("9^999^9", []),
        ("0x10", []),
        ("8" * 500, []),
        ("896; import os", []),
    ],
)
def test_numbers_as_people_write_them(text: str, values: list[str]) -> None:
    assert readings(text, ["параметров", "parameters"]) == [Fraction(value) for value in values]


@pytest.mark.parametrize(
    "text",
    ["(1, 8, 30)", "1, 8, 30", "1 8 30", "[1,8,30]", "1×8×30", "1x8x30", "torch.Size([1, 8, 30])", "( 1,8,30, )", "१, ८, ३०"],
)
def test_shapes_as_people_write_them(text: str) -> None:
    assert tuple_readings(text) == [(1, 8, 30)]


@pytest.mark.parametrize("text", ["", "()", "(a, b)", "1, two", ",", "1" * 300, "1 " * 50])
def test_what_is_no_shape(text: str) -> None:
    assert tuple_readings(text) == []


@pytest.mark.parametrize(
    ("given", "value", "rtol", "atol", "close"),
    [
        ("896", 896, None, None, True),
        ("896.0000000001", 896, None, None, True),
        ("896.1", 896, None, None, False),
        ("18874881", 18874880, None, None, False),
        ("0.333", 1 / 3, None, None, True),
        ("0.34", 1 / 3, None, None, False),
        ("0.5", 0.6, None, 0.1, True),
        ("0.7000001", 0.6, None, 0.1, False),
        ("110", 100, 0.1, 0.0, True),
        ("-0.333", 1 / 3, None, None, False),
        ("0", 0, None, None, True),
    ],
)
def test_tolerances(given: str, value: float, rtol: float | None, atol: float | None, close: bool) -> None:
    assert is_close([Fraction(given)], value, *tolerance(value, rtol, atol)) is close


def test_tuples_are_compared_place_by_place() -> None:
    key = (1, 8, 30)
    assert is_close([Fraction(n) for n in key], key, 0, 0)
    assert not is_close([Fraction(n) for n in (1, 8)], key, 0, 0)
    assert not is_close([Fraction(n) for n in (1, 30, 8)], key, 0, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dropout", " dropout. "),
        ("batch-norm", "Batch  Norm"),
        ("ёлка", "елка"),
        ("«исключение»", "ИСКЛЮЧЕНИЕ"),
        ("ＲｅＬＵ", "relu"),
        ("`IndexError`", "indexerror"),
        ("ड्रॉपआउट।", "ड्रॉपआउट"),
        ("drop\N{SOFT HYPHEN}out", "dropout"),
    ],
)
def test_texts_that_are_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), [("-1", "1"), ("l1", "l2"), ("1 2", "12"), ("adam", "adamw"), ("3-1", "31")])
def test_texts_that_differ(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)
