"""The cases to try first."""

import numpy as np

from grader.testing import assert_close, raises, title


@title(
    en="The worked example of the statement",
    ru="Пример из условия",
    hi="प्रश्न में हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    logits = np.log([1.0, 2.0, 4.0])
    assert_close(student.softmax_temperature(logits), np.array([1.0, 2.0, 4.0]) / 7.0)
    assert_close(student.softmax_temperature(logits, 0.5), np.array([1.0, 4.0, 16.0]) / 21.0)
    assert_close(student.softmax_temperature(logits, temperature=2.0), np.array([0.226541, 0.320377, 0.453082]))


@title(
    en="The shares of every row sum to one",
    ru="Доли каждой строки в сумме дают единицу",
    hi="हर पंक्ति के हिस्सों का योग एक है",
)
def test_rows_sum_to_one(student, rng):
    shares = student.softmax_temperature(rng.normal((2, 3, 5)), 0.7)
    assert_close(shares.sum(axis=-1), np.ones((2, 3)))


@title(
    en="A logit of a thousand does not overflow",
    ru="Логит, равный тысяче, не приводит к переполнению",
    hi="एक हज़ार का logit overflow नहीं करता",
)
def test_large_logits(student):
    assert_close(student.softmax_temperature(np.array([1000.0, 1000.0, 0.0])), np.array([0.5, 0.5, 0.0]))


@title(
    en="A temperature of zero is refused",
    ru="Нулевая температура отвергается",
    hi="शून्य टेम्परेचर अस्वीकार होता है",
)
def test_zero_temperature(student):
    with raises(ValueError):
        student.softmax_temperature(np.array([1.0, 2.0]), 0.0)
