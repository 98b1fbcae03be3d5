"""The figures of item statistics against SciPy, Pingouin and published examples, and where they are undefined."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats as reference

from grader.quiz.stats.groups import groups_of, options
from grader.quiz.stats.items import correlation, figures, mean_interval
from grader.quiz.stats.languages import difference_interval, equal_students, gaps
from grader.quiz.stats.matrix import Attempt, Cell, Choice, Item, Matrix, from_credits
from grader.quiz.stats.quantiles import beta_share, f_quantile, t_quantile, t_share
from grader.quiz.stats.reliability import alpha_without, reliability
from grader.quiz.stats.statistics import statistics

# `read_dataset("cronbach_wide_missing")` of Pingouin 0.7.0 without the three rows that lack a value.
PINGOUIN = [
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0],
    [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0],
    [1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0],
    [1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0],
    [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
    [0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0],
    [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
]
PARTIAL = [
    [1, 0.5, 0, 0.25],
    [0.5, 0.5, 0.25, 0],
    [1, 1, 0.75, 1],
    [0, 0.25, 0, 0.5],
    [0.75, 1, 0.5, 0.5],
    [0.25, 0, 0.25, 0.25],
    [1, 0.75, 1, 0.75],
    [0.5, 0.25, 0.5, 0],
]


def items(count: int, **changes: object) -> tuple[Item, ...]:
    return tuple(replace(Item(f"q{number}", "", "numeric"), **changes) for number in range(1, count + 1))


def random_credits(seed: int, students: int = 40, questions: int = 6) -> np.ndarray:
    """Zeros and ones that hang together."""
    source = np.random.default_rng(seed)
    return (source.normal(size=(students, 1)) + source.normal(size=(students, questions)) > 0).astype(float)


# -- distributions ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.005, 0.025, 0.3, 0.5, 0.9, 0.995])
@pytest.mark.parametrize("df", [1, 2, 7, 60, 400])
def test_quantiles_are_those_of_scipy(share: float, df: int) -> None:
    assert t_quantile(share, df) == pytest.approx(reference.t.ppf(share, df), rel=1e-9, abs=1e-12)
    assert t_share(t_quantile(share, df), df) == pytest.approx(share, rel=1e-9)
    assert f_quantile(share, df, 3 * df) == pytest.approx(reference.f.ppf(share, df, 3 * df), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (0.5, 30), (12, 3.5), (500, 4000)])
def test_the_beta_distribution_is_that_of_scipy(a: float, b: float) -> None:
    for x in (0, 1e-6, 0.1, 0.5, 0.93, 1):
        assert beta_share(x, a, b) == pytest.approx(reference.beta.cdf(x, a, b), rel=1e-9, abs=1e-300)


# -- reliability -----------------------------------------------------------------------------------------------------------------


def test_kr20_is_that_of_pingouin() -> None:
    # pingouin.cronbach_alpha(data.dropna()) tells (0.8016949152542373, [0.533, 0.947]).
    found = reliability(np.array(PINGOUIN, dtype=float), np.ones(11))
    assert found.name == "KR-20"
    assert found.value == pytest.approx(0.8016949152542373, rel=1e-12)
    assert (round(found.low, 3), round(found.high, 3)) == (0.533, 0.947)
    sd = np.std(np.sum(PINGOUIN, axis=1), ddof=1)
    assert found.sem == pytest.approx(sd * math.sqrt(1 - 0.8016949152542373))


def test_kr20_is_kuder_and_richardsons_formula() -> None:
    credit = random_credits(3)
    p, totals = credit.mean(axis=0), credit.sum(axis=1)
    formula = 6 / 5 * (1 - (p * (1 - p)).sum() / totals.var())
    assert reliability(credit, np.ones(6)).value == pytest.approx(formula, rel=1e-12)


def test_alpha_of_points_is_that_of_pingouin() -> None:
    # pingouin 0.7.0 for these credits times 1, 2, 1 and 4 points: (0.7163291844696267, [0.158, 0.936]).
    found = reliability(np.array(PARTIAL), np.array([1.0, 2.0, 1.0, 4.0]))
    assert found.name == "Cronbach's alpha"
    assert found.value == pytest.approx(0.7163291844696267, rel=1e-12)
    assert (round(found.low, 3), round(found.high, 3)) == (0.158, 0.936)


def test_zeros_and_ones_of_different_points_are_not_called_kr20() -> None:
    assert reliability(random_credits(1), np.array([1, 1, 1, 1, 1, 2.0])).name == "Cronbach's alpha"
    assert reliability(random_credits(1), np.full(6, 2.0)).name == "KR-20"


def test_the_interval_covers_what_it_says() -> None:
    """Parallel questions of correlation one third: alpha is 6/(1 + 5/3)/3 = 0.75 by Spearman and Brown."""
    source = np.random.default_rng(11)
    hits = 0
    for _ in range(400):
        points = source.normal(size=(25, 1)) / math.sqrt(3) + source.normal(size=(25, 6)) * math.sqrt(2 / 3)
        found = reliability(points, np.ones(6))
        hits += found.low <= 0.75 <= found.high
    assert 0.92 <= hits / 400 <= 0.98


def test_alpha_without_a_question_leaves_it_out() -> None:
    credit = np.array(PARTIAL)
    expected = reliability(credit[:, [0, 2, 3]], np.ones(3)).value
    assert alpha_without(credit, np.ones(4))[1] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (np.zeros((0, 3)), "two students"),
        (np.ones((1, 3)), "two students"),
        (np.array([[0.0], [1.0]]), "two questions"),
        (np.array([[0.0, 1.0], [1.0, 0.0]]), "all totals are equal"),
        (np.ones((9, 4)), "all totals are equal"),
    ],
)
def test_where_there_is_no_reliability_it_says_why(rows: np.ndarray, why: str) -> None:
    found = reliability(rows, np.ones(rows.shape[1]))
    assert (found.value, found.low, found.sem) == (None, None, None)
    assert why in found.why


def test_a_negative_alpha_has_no_standard_error() -> None:
    found = statistics(from_credits(items(2), [[1, 0], [0, 1], [1, 0], [0, 1], [1, 1]]), "b")
    assert found.reliability.value < 0
    assert found.reliability.sem is None
    assert any("negative" in line for line in found.warnings)


# -- questions -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_discrimination_is_scipys_point_biserial_with_the_other_questions(seed: int) -> None:
    credit = random_credits(seed)
    for place, row in enumerate(figures(from_credits(items(6), credit))):
        rest = np.delete(credit, place, axis=1).sum(axis=1)
        link = row.discrimination
        assert link.value == pytest.approx(reference.pointbiserialr(credit[:, place], rest).statistic, rel=1e-12)
        pearson = reference.pearsonr(credit[:, place], rest)
        assert (link.low, link.high) == pytest.approx(tuple(pearson.confidence_interval(0.95)), rel=1e-9)
        assert link.below == pytest.approx(reference.pearsonr(credit[:, place], rest, alternative="less").pvalue, rel=1e-9)
        assert link.above == pytest.approx(reference.pearsonr(credit[:, place], rest, alternative="greater").pvalue, rel=1e-9)


def test_the_rest_is_in_points() -> None:
    weighted = (Item("a", "", "numeric"), Item("b", "", "numeric", points=5), Item("c", "", "numeric"))
    credit = np.array([[1, 1, 0], [0, 1, 0], [1, 0, 1], [0, 0, 1], [1, 1, 1]], dtype=float)
    found = figures(from_credits(weighted, credit))[0].discrimination.value
    assert found == pytest.approx(np.corrcoef(credit[:, 0], 5 * credit[:, 1] + credit[:, 2])[0, 1])


@pytest.mark.parametrize(
    ("item", "rest", "why"),
    [
        ([1, 1, 1, 1], [1, 2, 3, 4], "everybody earned the same"),
        ([0.1 + 0.2, 0.3, 0.3, 0.3], [1, 2, 3, 4], "everybody earned the same"),
        ([0, 1, 0, 1], [2, 2, 2, 2], "do not tell students apart"),
        ([0, 1], [2, 3], "three students"),
        ([], [], "three students"),
    ],
)
def test_where_there_is_no_discrimination_it_says_why(item: list[float], rest: list[float], why: str) -> None:
    found = correlation(np.array(item), np.array(rest))
    assert (found.value, found.low, found.high) == (None, None, None)
    assert why in found.why


@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_correlation_is_no_accident_of_arithmetic(sign: int) -> None:
    found = correlation(np.array([0.0, 0, 1, 1, 0, 1]), sign * np.array([1.0, 1, 2, 2, 1, 2]))
    assert found.value == pytest.approx(sign)
    assert math.isfinite(found.low)
    assert math.isfinite(found.high)
    assert min(found.below, found.above) < 1e-6


@pytest.mark.parametrize(("hits", "count"), [(0, 1), (0, 20), (7, 20), (20, 20)])
def test_the_interval_of_a_facility_is_wilsons(hits: int, count: int) -> None:
    expected = reference.binomtest(hits, count).proportion_ci(method="wilson")
    assert mean_interval(np.repeat([1.0, 0.0], [hits, count - hits])) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_the_interval_of_partial_credits_is_students() -> None:
    credits = np.array([0.25, 0.5, 0.5, 0.75, 0.3])
    expected = reference.ttest_1samp(credits, 0).confidence_interval(0.95)
    assert mean_interval(credits) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_unanswered_unreadable_and_lost_are_told_apart() -> None:
    cells = [Cell(1.0), Cell(0.5), Cell(0.0, "unanswered"), Cell(0.0, "invalid", given="?"), Cell(0.0, "lost")]
    matrix = Matrix(items(2), tuple(Attempt(f"s{n}", (cell, Cell(n % 2))) for n, cell in enumerate(cells)))
    row = figures(matrix)[0]
    assert (row.students, row.unanswered, row.invalid, row.lost) == (4, 1, 1, 1)
    assert row.facility == pytest.approx(1.5 / 4)
    assert row.facility_answered == pytest.approx(0.75)
    found = statistics(matrix, "b")
    assert len(found.totals) == 4
    assert any("1 students have answers that the edited bank" in line for line in found.warnings)


def test_wrong_answers_that_several_gave_are_told() -> None:
    cells = [Cell(0.0, given="864"), Cell(1.0, given="896"), Cell(0.0, given="864"), Cell(0.0, given="5"), Cell(1.0, given="896")]
    matrix = Matrix(items(1), tuple(Attempt(f"s{n}", (cell,)) for n, cell in enumerate(cells)))
    assert figures(matrix)[0].common == (("864", 2),)
    own_numbers = Matrix(items(1, parameters=True), matrix.attempts)
    assert figures(own_numbers)[0].common == ()


# -- the strong and the weak -----------------------------------------------------------------------------------------------------


def test_groups_have_27_percent_where_nobody_ties() -> None:
    found = groups_of(np.arange(100.0))
    assert found.upper == tuple(range(73, 100))
    assert found.lower == tuple(range(27))


def test_whoever_ties_with_the_last_belongs_to_the_group() -> None:
    totals = np.array([5, 5, 4, 4, 4, 3, 2, 2, 1, 0], dtype=float)  # 27 % of ten are three
    found = groups_of(totals)
    assert found.upper == (0, 1, 2, 3, 4)
    assert found.lower == (6, 7, 8, 9)
    order = np.array([3, 9, 0, 5, 7, 1, 8, 2, 6, 4])
    again = groups_of(totals[order])
    assert {int(order[place]) for place in again.upper} == set(found.upper)


def test_sums_that_differ_in_the_last_digit_tie() -> None:
    found = groups_of(np.array([0.1 + 0.2, 0.3, 0.3, 0.0, 0.0, 0.0, 0.1, 0.2, 0.15, 0.12]))
    assert found.upper == (0, 1, 2)


@pytest.mark.parametrize(
    ("totals", "why"),
    [
        ([1, 2, 3], "fewer than four"),
        ([], "fewer than four"),
        ([2] * 9, "equal totals"),
        ([1, 2, 2, 2, 2, 2], "equal"),
        ([1, 1, 2, 2, 2, 2], ""),
    ],
)
def test_where_there_are_no_groups_it_says_why(totals: list[float], why: str) -> None:
    found = groups_of(np.array(totals, dtype=float))
    assert why in found.why
    assert bool(found.why) == bool(why)
    assert not set(found.upper) & set(found.lower)


def test_students_with_lost_answers_are_in_no_group() -> None:
    found = groups_of(np.array([np.nan, 1, 2, 3, 4, np.nan]))
    assert not {0, 5} & {*found.upper, *found.lower}


def test_options_are_counted_over_all_and_by_group() -> None:
    choices = (Choice("right-one", "", "right"), Choice("wrong-one", "", "wrong"), Choice("idle-one", "", "wrong"))
    asked = (Item("q1", "", "single", choices=choices), *items(3)[1:])
    ticks = ["right-one"] * 5 + ["wrong-one"] * 4 + [""]
    rows = [
        Attempt(f"s{n}", (Cell(float(tick == "right-one"), chosen=frozenset([tick] if tick else [])), Cell(n < 5), Cell(n < 7)))
        for n, tick in enumerate(ticks)
    ]
    matrix = Matrix(asked, tuple(rows))
    found = options(matrix, 0, groups_of((matrix.credit * matrix.points).sum(axis=1)))
    assert [(one.choice.id, one.count, one.upper, one.lower) for one in found] == [
        ("right-one", 5, 5, 0),
        ("wrong-one", 4, 0, 2),
        ("idle-one", 0, 0, 0),
    ]
    assert found[0].strong.value > 0 > found[1].strong.value
    assert found[2].strong.value is None


# -- languages -------------------------------------------------------------------------------------------------------------------


def shares(*hits_of: tuple[int, int]) -> list[np.ndarray]:
    return [np.repeat([1.0, 0.0], [hits, count - hits]) for hits, count in hits_of]


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_of_shares_have_newcombes_interval(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference_interval(*shares(one, other), level=0.95)
    assert found == pytest.approx((low, high), abs=6e-5)


def test_differences_of_partial_credits_have_welchs_interval() -> None:
    one, other = np.array([0.25, 0.5, 0.5, 0.75]), np.array([0.5, 0.75, 0.75, 0.6, 0.55, 0.7])
    expected = reference.ttest_ind(one, other, equal_var=False).confidence_interval(0.99)
    assert difference_interval(one, other) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_equal_students_is_the_analysis_of_covariance() -> None:
    source = np.random.default_rng(5)
    group = np.repeat([1.0, 0.0], [20, 25])
    rest = source.normal(size=45) + group
    credit = 0.4 * rest - 0.3 * group + source.normal(size=45)
    gap, low, high = equal_students(credit, group, rest)
    # Frisch, Waugh and Lovell: the slope between what the rest leaves of both.
    left = [values - np.polyval(np.polyfit(rest, values, 1), rest) for values in (group, credit)]
    line = reference.linregress(*left)
    plain = line.stderr * math.sqrt((45 - 2) / (45 - 3))
    # HC3 weighs each student by the error of a prediction made without that student.
    design = np.column_stack([np.ones(45), group, rest])
    without = [
        credit[n] - design[n] @ np.linalg.lstsq(np.delete(design, n, 0), np.delete(credit, n), rcond=None)[0] for n in range(45)
    ]
    robust = math.sqrt(((left[0] * without) ** 2).sum()) / (left[0] ** 2).sum()
    assert gap == pytest.approx(line.slope)
    half = reference.t.ppf(0.995, 42) * max(plain, robust)
    assert (low, high) == pytest.approx((gap - half, gap + half))


def by_language(*spoken: str, seed: int = 2) -> Matrix:
    credit = random_credits(seed, len(spoken))
    rows = from_credits(items(6), credit).attempts
    return Matrix(items(6), tuple(replace(row, language=name) for row, name in zip(rows, spoken, strict=True)))


def test_two_languages_are_compared_once_and_three_each_with_the_others() -> None:
    (gap,) = gaps(by_language(*["en"] * 12, *["ru"] * 11), 0)
    assert (gap.language, gap.others, gap.students, gap.other_students) == ("ru", ("en",), 11, 12)
    three = gaps(by_language(*["en"] * 12, *["ru"] * 11, *["hi"] * 10, ""), 0)
    assert [(gap.language, gap.students, gap.other_students) for gap in three] == [("en", 12, 21), ("hi", 10, 23), ("ru", 11, 22)]
    assert gaps(by_language(*["en"] * 12, *[""] * 5), 0) == []


def test_few_students_of_a_language_are_not_judged() -> None:
    matrix = by_language(*["en"] * 40, *["ru"] * 9)
    found = statistics(matrix, "b")
    assert any("Russian: fewer than 10 students" in line for line in found.warnings)
    assert not any(flag.code == "translation" for row in found.rows for flag in row.flags)


@pytest.mark.parametrize("spoken", [["en", "ru"], ["en", "en", "ru"], ["en"] * 5 + ["ru"]])
def test_a_language_of_one_student_stops_nothing(spoken: list[str]) -> None:
    found = statistics(by_language(*spoken), "b")
    assert all(math.isfinite(gap.low) and math.isfinite(gap.high) for row in found.rows for gap in row.gaps)


# -- all of it -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("students", "told"),
    [(0, "nothing to compute"), (1, "One student"), (2, "do not trust"), (9, "do not trust"), (29, "rough"), (30, None)],
)
def test_it_says_which_numbers_cannot_be_trusted(students: int, told: str | None) -> None:
    found = statistics(from_credits(items(6), random_credits(1, students)), "b")
    assert len(found.rows) == 6
    if told is None:
        assert found.warnings == ()
    else:
        assert told in found.warnings[0]


def test_nothing_is_flagged_of_one_student() -> None:
    found = statistics(from_credits(items(3), [[1, 0, 1]]), "b")
    assert [row.flags for row in found.rows] == [(), (), ()]
    assert (found.mean, found.sd) == (2.0, None)
