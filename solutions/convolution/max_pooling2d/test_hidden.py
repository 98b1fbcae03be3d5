"""Traps: height, width, window and stride all differ; rows and columns are left over; windows overlap, also where
cutting the image to whole windows first would lose some; all values negative, down to -1e31; the least integer of a
dtype has no negative; 64-bit integers do not fit 32 bits; memory is not contiguous; equal shapes come twice with other
values, and so does the very same array.

Requests cost more than anything else here, so each sets several traps; plain cases come first, and messages point there.
"""

import numpy as np
import pytest

from grader.testing import assert_close, assert_inputs_unchanged, depends, points, title


def largest(image, pool, stride=None):
    """One shifted copy of the image per cell of the window, and the maximum of them all."""
    stride = pool if stride is None else stride
    last_row, last_column = (size - pool + 1 for size in image.shape)
    numbers = image.astype(np.float64)
    best = numbers[:last_row:stride, :last_column:stride]
    for i in range(pool):
        for j in range(pool):
            best = np.maximum(best, numbers[i : i + last_row : stride, j : j + last_column : stride])
    return best


def check(student, cases):
    for answer, (image, *options) in zip(student.each(cases), cases, strict=True):
        assert_close(answer, largest(image, *(options or [2])))


@points(1)
@title(
    en="Windows of 2 by 2 that cover the image",
    ru="Окна 2 на 2, покрывающие всё изображение",
    hi="2 गुणा 2 की windows जो पूरी image ढकती हैं",
)
def test_defaults(student, rng):
    check(student, [(rng.normal((6, 6)),), (rng.normal((4, 10)),)])


@points(1)
@title(
    en="Larger windows without a stride",
    ru="Окна побольше, шаг не задан",
    hi="बड़ी windows, stride दिए बिना",
)
def test_pool_size(student, rng):
    image = rng.normal((15, 20))
    assert_close(student.max_pooling2d(image, 5), largest(image, 5))


@points(1)
@title(
    en="Incomplete windows are dropped",
    ru="Неполные окна отбрасываются",
    hi="अधूरी windows छोड़ दी जाती हैं",
)
def test_left_over(student, rng):
    cases = [(rng.normal((7, 4), mean=1.0), 2), (rng.normal((6, 11), mean=1.0), 3)]
    for image, _ in cases:
        image[-1, :] = image[:, -1] = 9.0  # would stand out where it were seen
    check(student, cases)


@points(1.5)
@title(
    en="Overlapping windows",
    ru="Перекрывающиеся окна",
    hi="एक-दूसरे पर चढ़ती windows",
)
def test_overlap(student, rng):
    check(student, [(rng.normal((5, 7)), 2, 1), (rng.normal((10, 8)), 4, 3)])


@points(1)
@title(
    en="A stride larger than the window",
    ru="Шаг больше окна",
    hi="window से बड़ा stride",
)
def test_gaps(student, rng):
    image = rng.normal((8, 15))
    assert_close(student.max_pooling2d(image, 3, stride=5), largest(image, 3, 5))


@points(0.5)
@pytest.mark.parametrize(
    ("scale", "dtype", "options"),
    [(1.0, "float64", []), (1e12, "float64", [3, 3]), (1e30, "float32", [3, 2])],
    ids=["units", "large", "huge"],
)
@title(
    en="Negative values only",
    ru="Только отрицательные значения",
    hi="केवल ऋणात्मक मान",
)
def test_negative(student, rng, scale, dtype, options):
    image = (-rng.uniform((6, 9), 0.5, 9.5) * scale).astype(dtype)
    assert_close(student.max_pooling2d(image, *options), largest(image, *(options or [2])))


@points(1)
@title(
    en="Integers of every width",
    ru="Целые числа любой разрядности",
    hi="हर चौड़ाई के integers",
)
def test_integers(student, rng):
    kinds = [("uint8", 0, 256, []), ("int8", -128, 0, [3, 2]), ("int32", -100, 0, [3, 3]), ("int64", -(10**12), 0, [2, 1])]
    kinds += [("uint16", 40_000, 65_536, []), ("int32", 0, 70_000, [3, 2])]
    cases = [(rng.integers(low, high, (6, 12), dtype=dtype), *options) for dtype, low, high, options in kinds]
    for (image, *_), (_, low, _, _) in zip(cases, kinds, strict=True):
        image[::2, ::2] = low  # in each window the value that has no negative of its dtype
    check(student, cases)


@points(0.5)
@title(
    en="Windows of one cell, windows as large as the image, single rows and columns",
    ru="Окна в одну клетку, окна размером с изображение, одна строка, один столбец",
    hi="एक खाने की windows, image जितनी बड़ी windows, एक ही पंक्ति या स्तंभ",
)
def test_extreme_sizes(student, rng):
    cases = [
        ((4, 7), 1, None),
        ((1, 6), 1, 3),
        ((6, 1), 1, 2),
        ((1, 1), 1, None),
        ((3, 3), 3, None),
        ((5, 6), 2, 9),
    ]
    check(student, [(rng.normal(shape), pool, stride) for shape, pool, stride in cases])


@points(0.5)
@title(
    en="Images of 32 bits and images that are not contiguous in memory",
    ru="Изображения по 32 бита и изображения, лежащие в памяти не подряд",
    hi="32-bit वाली images, और memory में लगातार न रखी गई images",
)
def test_memory(student, rng):
    turned, stepped = rng.normal((6, 9), dtype="float32").T, rng.normal((12, 15))[::-2, ::-3]
    check(student, [(turned,), (turned, 4, 1), (stepped,), (stepped, 4, 1)])


@points(0.5)
@title(
    en="Options by position and by keyword, call after call",
    ru="Параметры по позиции и по имени, вызов за вызовом",
    hi="options position से और keyword से, एक के बाद एक call",
)
def test_calls(student, rng):
    one, other = rng.normal((8, 11)), rng.normal((8, 11))
    check(student, [(one, 3, 1), (other, 3, 1), (other, 3, None)])
    assert_close(student.max_pooling2d(one, stride=1, pool_size=4), largest(one, 4, 1))
    assert_close(student.max_pooling2d(other, stride=1), largest(other, 2, 1))
    first, second = student.probe("refilled", one, other, 3, 2, returns=["array", "array"])
    assert_close(first, largest(one, 3, 2), hint="A later call changed an earlier answer.")
    assert_close(second, largest(other, 3, 2), hint="The same array held other numbers in the second call.")


@points(0.5)
@depends("test_defaults")
@title(
    en="The image passed in stays as it was",
    ru="Переданное изображение остаётся прежним",
    hi="दी गई image जैसी थी वैसी रहती है",
)
def test_input_unchanged(student, rng):
    # The calls of all other tests count as well, with every dtype, option and layout.
    student.max_pooling2d(rng.normal((5, 7)), 3, 1)
    assert_inputs_unchanged(student)
