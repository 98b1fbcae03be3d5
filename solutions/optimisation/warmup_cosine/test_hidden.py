"""Traps: step 0 and the last step of the warm-up, the peak that stands twice, the last step and many after it, a final
rate above zero, no warm-up, one step of it, one or two steps left behind it, NumPy integers, small rates, long schedules.

The oracle lays out the whole schedule: the warm-up counted down from the peak, the fall as squares of sine and cosine
of half the angle, which is the same by the theorem of the half angle.
"""

import numpy as np

from grader.testing import assert_close, depends, expect, points, raises, title


def schedule(total, warmup, peak, final=0.0, later=0):
    rise = [peak - peak * left / warmup for left in reversed(range(warmup))]
    angles = np.linspace(0.0, np.pi / 2, total - warmup)
    fall = peak * np.cos(angles) ** 2 + final * np.sin(angles) ** 2
    return np.array([*rise, *fall, *[final] * later])


def rates(student, steps, *settings):
    return np.array(student.each([(step, *settings) for step in steps]), dtype=float)


def sizes(rng):
    """Steps in all and of the warm-up; both stretches have inner steps."""
    warmup = rng.integers(4, 9)
    return warmup + rng.choice([5, 7, 10, 12]), warmup


@points(1)
@title(
    en="The warm-up rises in equal stages up to the peak",
    ru="Разогрев поднимается до пика равными ступенями",
    hi="warm-up बराबर चरणों में peak तक चढ़ता है",
)
def test_warmup(student, rng):
    total, warmup = sizes(rng)
    peak = float(rng.uniform((), 0.5, 3.0))
    expected = schedule(total, warmup, peak)[:warmup]
    assert_close(rates(student, range(warmup), total, warmup, peak), expected, atol=1e-6)
    assert_close(rates(student, range(warmup), total, warmup, peak, peak / 5), expected, atol=1e-6)
    assert_close(student.warmup_cosine(0, rng.integers(2, 9), 1, peak, 0.1), peak, atol=1e-6)


@points(1)
@title(
    en="Half a cosine from the peak down to zero",
    ru="Половина косинуса от пика до нуля",
    hi="peak से शून्य तक आधा cosine",
)
def test_cosine(student, rng):
    for _ in range(2):
        total, warmup = sizes(rng)
        peak = float(rng.uniform((), 0.5, 3.0))
        expected = schedule(total, warmup, peak)[warmup:]
        assert_close(rates(student, range(warmup, total), total, warmup, peak), expected, atol=1e-6)
        assert_close(rates(student, range(warmup, total), total, warmup, peak, 0.0), expected, atol=1e-6)


@points(0.5)
@title(
    en="A final rate above zero",
    ru="Конечный темп больше нуля",
    hi="शून्य से बड़ी अंतिम दर",
)
def test_final(student, rng):
    total, warmup = sizes(rng)
    peak, final = float(rng.uniform((), 0.8, 3.0)), float(rng.uniform((), 0.1, 0.6))
    expected = schedule(total, warmup, peak, final)[warmup:]
    assert_close(rates(student, range(warmup, total), total, warmup, peak, final), expected, atol=1e-6)
    middle = total - 2
    assert_close(student.warmup_cosine(middle, total, warmup, peak, final=final), expected[-2], atol=1e-6)
    assert_close(rates(student, range(total), total, 0, peak, peak), np.full(total, peak), atol=1e-6)


@points(0.5)
@title(
    en="Without warm-up",
    ru="Без разогрева",
    hi="warm-up के बिना",
)
def test_no_warmup(student, rng):
    total = rng.integers(5, 16)
    peak = float(rng.uniform((), 0.5, 3.0))
    assert_close(rates(student, range(total), total, 0, peak), schedule(total, 0, peak), atol=1e-6)
    expected = schedule(total, 0, peak, 0.2)
    assert_close(rates(student, range(total), total, 0, peak, 0.2), expected, atol=1e-6)


@points(0.5)
@title(
    en="The steps after the end",
    ru="Шаги после конца",
    hi="अंत के बाद के क़दम",
)
def test_after_the_end(student, rng):
    total, warmup = sizes(rng)
    later = total - warmup + 12
    for settings in ((total, warmup, 1.5, 0.25), (total, 0, 1.5)):
        expected = schedule(*settings, later=later)[total - 1 :]
        assert_close(rates(student, range(total - 1, total + later), *settings), expected, atol=1e-6)
    assert_close(student.warmup_cosine(1000 * total + 3, total, warmup, 2.0, 0.5), 0.5, atol=1e-6)


@points(0.5)
@title(
    en="One or two steps left after the warm-up",
    ru="После разогрева остаётся один шаг или два",
    hi="warm-up के बाद एक या दो क़दम बचे हों",
)
def test_few_steps_left(student, rng):
    warmup = rng.integers(2, 8)
    for settings in ((warmup + 1, warmup, 0.9, 0.3), (1, 0, 0.7), (2, 1, 0.7, 0.2), (warmup + 2, warmup, 0.9, 0.3), (2, 0, 0.7)):
        expected = schedule(*settings, later=3)
        assert_close(rates(student, range(len(expected)), *settings), expected, atol=1e-6)


@points(0.5)
@title(
    en="NumPy integers, whole rates, small rates and long schedules",
    ru="Целые из NumPy, целые темпы, малые темпы и длинные расписания",
    hi="NumPy के पूर्णांक, पूरी और छोटी दरें, लंबे schedule",
)
def test_kinds_of_numbers(student, rng):
    total, warmup = sizes(rng)
    expected = schedule(total, warmup, 3, 1, later=1)
    for kind in (int, np.int64, np.int32):
        cases = [(kind(step), kind(total), kind(warmup), 3, 1) for step in range(total + 1)]
        assert_close(np.array(student.each(cases), dtype=float), expected, atol=1e-5)
        lone = [(kind(step), kind(warmup + 1), kind(warmup), 0.9, 0.3) for step in (warmup, warmup + 1)]
        assert_close(np.array(student.each(lone), dtype=float), np.array([0.9, 0.3]), atol=1e-6)
    assert_close(rates(student, [total - 1, total + 4], total, warmup, 3e-4), np.zeros(2), atol=1e-9)
    peak, warmup = 3e-4, rng.integers(1000, 3000)
    expected = schedule(200_000, warmup, peak, 3e-5)
    steps = [0, warmup // 3, warmup - 1, warmup, *(rng.integers(warmup + 1, 200_000) for _ in range(4)), 199_999]
    assert_close(rates(student, steps, 200_000, warmup, peak, 3e-5), expected[steps], atol=1e-9)


@points(0.5)
@depends("test_warmup")
@title(
    en="Arguments without sense are refused, all others are not",
    ru="Бессмысленные аргументы отвергаются, остальные — нет",
    hi="बेमतलब आर्ग्युमेंट अस्वीकार होते हैं, बाक़ी नहीं",
)
def test_refused(student, rng):
    total = rng.integers(5, 12)
    wrong = [(-1, total, 2), (-1, total, 0), (-total, total, 2), (0, total, total), (total, total, total), (0, total, total + 2)]
    wrong += [(0, total, -1), (total + 3, total, -2), (0, 0, 0), (0, -3, 0), (2, -3, -4)]
    for step, steps, warmup in wrong:
        with raises(ValueError):
            student.warmup_cosine(step, steps, warmup, 0.5)
    answers = student.each([(0, total, total - 1, 0.5), (0, total, 0, 0.5), (total, total, 2, 0.5)])
    expect(len(answers) == 3, "a step after the end and a warm-up of 0 or of all steps but one are allowed")
