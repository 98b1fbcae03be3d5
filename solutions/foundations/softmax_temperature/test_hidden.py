"""Traps: one to four axes of different lengths; temperatures on both sides of one; rows near 10,000 and near -10,000 in
one array; integers; temperatures of zero and below; inputs that must not change; one array that comes twice
with other logits.

The oracle is p_i = 1 / sum_k exp((z_k - z_i) / T), number by number. Logits of 10,000 are so far apart that an answer
computed in 32 bits agrees.
"""

import math

import numpy as np
import pytest

from grader.testing import assert_close, assert_inputs_unchanged, points, raises, title


def share(row, i, temperature):
    # exp(700) is finite, and one part in exp(700) is nothing.
    return 1.0 / math.fsum(math.exp(min((other - row[i]) / temperature, 700.0)) for other in row)


def shares(logits, temperature=1.0):
    rows = logits.reshape(-1, logits.shape[-1]).tolist()
    values = [[share(row, i, temperature) for i in range(len(row))] for row in rows]
    return np.array(values).reshape(logits.shape)


@points(0.5)
@title(
    en="One row at the default temperature",
    ru="Одна строка при температуре по умолчанию",
    hi="डिफ़ॉल्ट टेम्परेचर पर एक पंक्ति",
)
def test_one_row(student, rng):
    for length in rng.distinct(3, 9, 2):
        logits = rng.normal((length,), std=2.0)
        assert_close(student.softmax_temperature(logits), shares(logits))


@points(1)
@title(
    en="Temperatures below one sharpen, above one flatten",
    ru="Температура ниже единицы обостряет, выше — сглаживает",
    hi="एक से कम टेम्परेचर तीखा करता है, एक से अधिक समतल",
)
def test_temperatures(student, rng):
    logits = rng.normal((6,), std=1.5)
    for temperature in (0.5, 3, 0.2, 12.5, 1):
        assert_close(student.softmax_temperature(logits, temperature), shares(logits, temperature))


@points(0.5)
@title(
    en="Very hot is uniform, very cold takes the largest",
    ru="Очень горячо — поровну, очень холодно — всё наибольшему",
    hi="बहुत गरम पर सब बराबर, बहुत ठंडे पर सब सबसे बड़े को",
)
def test_extreme_temperatures(student, rng):
    logits = np.array(rng.shuffled([-3.0, -1.0, 0.0, 2.0, 7.0]))
    assert_close(student.softmax_temperature(logits, 1e7), np.full(5, 0.2))
    assert_close(student.softmax_temperature(logits, 1e-3), (logits == 7.0).astype("float64"))
    for temperature in (0.001, 0.01, 250.0, 4e4):
        logits = temperature * rng.normal((5,), std=1.5)
        assert_close(student.softmax_temperature(logits, temperature), shares(logits, temperature))


@points(1)
@pytest.mark.parametrize("axes", [2, 4])
@title(
    en="Several axes: each row along the last one is a softmax of its own",
    ru="Несколько осей: каждая строка вдоль последней — отдельный софтмакс",
    hi="कई अक्ष: आख़िरी अक्ष की हर पंक्ति एक अलग सॉफ़्टमैक्स है",
)
def test_last_axis(student, rng, axes):
    logits = rng.normal(tuple(rng.distinct(2, 7, axes)), std=2.0)
    assert_close(student.softmax_temperature(logits, 1.7), shares(logits, 1.7))
    logits = rng.normal(tuple(rng.distinct(2, 7, axes - 1)), std=2.0)
    assert_close(student.softmax_temperature(logits, 0.6), shares(logits, 0.6))


@points(1)
@title(
    en="Logits of 10,000 and -10,000",
    ru="Логиты 10 000 и -10 000",
    hi="10,000 और -10,000 के logits",
)
def test_large_logits(student, rng):
    for values in ((1e4, 0.0, -1e4, 9980.0), (-1e4, -9900.0, -9960.0), (9000.0, 9985.0, 1e4)):
        row = np.array(rng.shuffled(values))
        for temperature in (1.0, 0.5, 2.0, 0.05):
            assert_close(student.softmax_temperature(row, temperature), shares(row, temperature))
    row = 1000.0 + np.array(rng.shuffled([0.0, 1.0, -1.0, 2.0]))
    for sign in (1.0, -1.0):
        assert_close(student.softmax_temperature(sign * row), shares(sign * row))
        assert_close(student.softmax_temperature(sign * row, 2.0), shares(sign * row, 2.0))


@points(1)
@title(
    en="Large and small rows side by side",
    ru="Большие и малые строки рядом",
    hi="बड़ी और छोटी पंक्तियाँ साथ-साथ",
)
def test_rows_of_different_size(student, rng):
    levels = np.array(rng.shuffled([1000.0, 0.0, -1000.0]))
    logits = levels[:, None] + rng.integers(-2, 3, (3, 4))
    assert_close(student.softmax_temperature(logits), shares(logits))
    levels = np.array(rng.shuffled([1e4, 5e3, 0.0, -1e3, -5e3, -9e3])).reshape(2, 3)
    logits = levels[:, :, None] - 30.0 * np.array(rng.shuffled([0, 1, 2, 3]))
    assert_close(student.softmax_temperature(logits, 0.5), shares(logits, 0.5))


@points(0.5)
@pytest.mark.parametrize("dtype", ["int64", "int32"])
@title(
    en="Integer logits",
    ru="Целые логиты",
    hi="पूर्णांक logits",
)
def test_integers(student, rng, dtype):
    logits = rng.integers(-3, 4, (3, 5), dtype=dtype)
    assert_close(student.softmax_temperature(logits), shares(logits))
    assert_close(student.softmax_temperature(logits, 2), shares(logits, 2))
    assert_close(student.softmax_temperature(logits, 0.8), shares(logits, 0.8))
    logits = rng.integers(-10_000, 10_001, (4,), dtype=dtype)
    logits[rng.integers(0, 4)] = 10_100
    assert_close(student.softmax_temperature(logits, 2), shares(logits, 2))


@points(0.5)
@pytest.mark.parametrize("temperature", [0.0, -0.5, -3])
@title(
    en="A temperature of zero or less raises ValueError",
    ru="Температура, не превосходящая нуля, вызывает ValueError",
    hi="शून्य या उससे कम टेम्परेचर पर ValueError",
)
def test_refused_temperatures(student, rng, temperature):
    for shape in ((4,), (2, 3)):
        with raises(ValueError):
            student.softmax_temperature(rng.normal(shape), temperature)


@points(0.5)
@title(
    en="Rows with a single logit and columns with a single row",
    ru="Строки из одного логита и массивы из одной строки",
    hi="एक ही logit वाली पंक्तियाँ और एक ही पंक्ति वाले array",
)
def test_single_entries(student, rng):
    for shape in ((1,), (4, 1), (1, 5), (1, 1, 3), (3, 1, 1)):
        logits = rng.normal(shape, mean=3.0)
        assert_close(student.softmax_temperature(logits, 1.5), shares(logits, 1.5))


@points(0.5)
@title(
    en="Numbers of 32 bits, transposed, mirrored and sliced arrays",
    ru="32-битные числа; транспонированные, отражённые и прореженные массивы",
    hi="32-बिट की संख्याएँ; ट्रांसपोज़, उलटे और काटे हुए array",
)
def test_layouts(student, rng):
    for dtype in ("float32", "float64"):
        logits = rng.normal((6, 4), dtype=dtype)
        for view in (logits, logits.T, logits[:, ::-1], logits[::2, 1:], np.asfortranarray(logits)):
            assert_close(student.softmax_temperature(view, 0.9), shares(view, 0.9))
    far = np.array([[1e4, 0.0, -1e4], [-1e4, 1e4, 0.0]], dtype="float32")
    assert_close(student.softmax_temperature(far), shares(far))


@points(0.5)
@title(
    en="The temperature by name, answers that do not depend on earlier calls, logits that stay as they were",
    ru="Температура по имени; ответ не зависит от прежних вызовов; логиты остаются прежними",
    hi="टेम्परेचर नाम से; उत्तर पिछली कॉल पर निर्भर नहीं; logits वैसे ही रहते हैं",
)
def test_calls(student, rng):
    first, second = rng.normal((2, 4)), rng.normal((2, 4))
    answer = student.softmax_temperature(first, temperature=0.4)
    assert_close(student.softmax_temperature(second), shares(second))
    assert_close(student.softmax_temperature(second, temperature=2.5), shares(second, 2.5))
    assert_close(answer, shares(first, 0.4))
    before, after = student.probe("refilled", first, second, 0.4, returns=["array", "array"])
    assert_close(before, shares(first, 0.4), hint="A later call changed an earlier answer.")
    assert_close(after, shares(second, 0.4), hint="The same array held other logits in the second call.")
    student.softmax_temperature(rng.integers(-5, 6, (3, 4)), 2)
    student.softmax_temperature(rng.normal((5,), dtype="float32"), 1.0)
    assert_inputs_unchanged(student)
