"""Traps: every side differs from every other, the kernel is never symmetric, strides leave rows and columns over and
exceed the kernel, kernels exceed the unpadded image, sizes of one stay two-dimensional, 8-bit and 32-bit products wrap
round, fractions get lost in integer buffers, memory is not contiguous, equal shapes come twice with other values, and
so do the very same arrays.

Requests cost more than anything else here, so each sets several traps; plain cases come first, and messages point there.

Sums over large integers may vanish, and then the rounding of a right answer (float32, or a product of spectra) exceeds
the usual absolute tolerance. The tolerances of integer tests are far above that and far below a wrap (256) or a lost
fraction (a quarter).
"""

import numpy as np
import pytest

from grader.testing import assert_close, assert_inputs_unchanged, depends, points, title


def shifted_sum(image, kernel, padding=0, stride=1):
    """One shifted copy of the padded image per weight, summed up."""
    height, width = (size + 2 * padding for size in image.shape)
    padded = np.zeros((height, width))
    padded[padding : height - padding, padding : width - padding] = image
    last_row, last_column = height - kernel.shape[0], width - kernel.shape[1]
    total = 0.0
    for i, weights in enumerate(kernel.astype(np.float64)):
        for j, weight in enumerate(weights):
            total = total + weight * padded[i : i + last_row + 1 : stride, j : j + last_column + 1 : stride]
    return total


def check(student, cases, **tolerance):
    for answer, case in zip(student.each(cases), cases, strict=True):
        assert_close(answer, shifted_sum(*case), **tolerance)


def quarters(rng, shape):
    """Odd multiples of a quarter, from -2.75 to 2.75: never whole, exact in float32."""
    return (2 * rng.integers(-6, 6, shape) + 1) / 4


@points(1)
@title(
    en="A square image under a square kernel",
    ru="Квадратное изображение под квадратным ядром",
    hi="वर्गाकार image पर वर्गाकार kernel",
)
def test_square(student, rng):
    image, kernel = rng.normal((7, 7)), rng.normal((3, 3))
    assert_close(student.convolution2d(image, kernel), shifted_sum(image, kernel))


@points(1)
@title(
    en="Wide and tall images and kernels",
    ru="Широкие и высокие изображения и ядра",
    hi="चौड़ी और लंबी images और kernels",
)
def test_not_square(student, rng):
    shapes = [((6, 11), (4, 2)), ((12, 7), (3, 5))]
    check(student, [(rng.normal(shape), rng.normal(kernel_shape)) for shape, kernel_shape in shapes])


@points(1)
@title(
    en="Zeros on all four sides",
    ru="Нули со всех четырёх сторон",
    hi="चारों ओर शून्य",
)
def test_padding(student, rng):
    height, width = rng.distinct(5, 9, 2)
    image, kernel = rng.normal((height, width), mean=2.0), rng.normal((3, 2), mean=1.0)
    assert_close(student.convolution2d(image, kernel, padding=4), shifted_sum(image, kernel, 4))


@points(1.5)
@title(
    en="Strides that leave rows and columns over",
    ru="Шаги, после которых остаются лишние строки и столбцы",
    hi="ऐसे strides जिनके बाद पंक्तियाँ और स्तंभ बच जाते हैं",
)
def test_stride(student, rng):
    check(student, [(rng.normal(shape), rng.normal((3, 2)), 0, stride) for shape, stride in [((9, 11), 2), ((7, 10), 3)]])


@points(1)
@title(
    en="Padding and stride together, stride larger than the kernel",
    ru="Дополнение и шаг вместе, шаг больше ядра",
    hi="padding और stride साथ-साथ, stride kernel से बड़ा",
)
def test_padding_and_stride(student, rng):
    image, kernel = rng.normal((64, 50)), rng.normal((3, 5))
    assert_close(student.convolution2d(image, kernel, padding=2, stride=6), shifted_sum(image, kernel, 2, 6))


@points(0.5)
@title(
    en="Sides of one, and kernels as large as the padded image",
    ru="Стороны длины один и ядра размером с дополненное изображение",
    hi="लंबाई एक वाली भुजाएँ, और padding वाली image जितने बड़े kernels",
)
def test_extreme_sizes(student, rng):
    cases = [
        ((1, 7), (1, 3), 0, 1),
        ((7, 1), (3, 1), 0, 2),
        ((5, 4), (1, 1), 1, 2),
        ((4, 6), (4, 6), 0, 1),
        ((1, 1), (5, 4), 2, 9),  # no larger than the padded image, yet larger than the image; the step leads out of it
    ]
    check(student, [(rng.normal(shape), rng.normal(kernel_shape), *options) for shape, kernel_shape, *options in cases])


@points(0.5)
@pytest.mark.parametrize(
    "kinds",
    [
        [(("uint8", 128, 256), ("uint8", 128, 256)), (("int8", -128, 128), ("int16", -(2**15), 2**15))],
        [(("uint16", 2**15, 2**16), ("uint16", 2**15, 2**16))],
        [(("int32", 50_000, 100_000), ("int32", 50_000, 100_000)), (("int64", 70_000, 100_000), ("uint32", 70_000, 100_000))],
    ],
    ids=["8-bits", "16-bits", "more-bits"],
)
@title(
    en="Integer images and kernels whose sums need more room",
    ru="Целые изображения и ядра, суммам которых нужно больше места",
    hi="ऐसे integer image और kernel जिनके योग को ज़्यादा जगह चाहिए",
)
def test_integers_do_not_wrap(student, rng, kinds):
    cases = [
        (rng.integers(low, high, (5, 7), dtype=dtype), rng.integers(lowest, highest, (3, 2), dtype=kernel_dtype))
        for (dtype, low, high), (kernel_dtype, lowest, highest) in kinds
    ]
    answers = student.each(cases)
    for answer, (image, kernel), ((_, _, high), (_, _, highest)) in zip(answers, cases, kinds, strict=True):
        # About sixteen units in the last place of float32, at the scale of the largest possible sum.
        assert_close(answer, shifted_sum(image, kernel), atol=6e-6 * high * highest)


@points(0.5)
@title(
    en="Integers on one side, fractions on the other",
    ru="Целые числа с одной стороны, дробные с другой",
    hi="एक ओर पूर्णांक, दूसरी ओर भिन्न",
)
def test_integers_and_fractions(student, rng):
    fractions = [
        (rng.integers(low, 256, (6, 5), dtype=dtype), quarters(rng, (2, 3))) for dtype, low in (("uint8", 0), ("int16", -256))
    ]
    check(student, [*fractions, (8 * rng.normal((5, 6)), rng.integers(-3, 4, (3, 2)))], atol=0.01)


@points(0.5)
@title(
    en="Arrays of 32 bits and arrays that are not contiguous in memory",
    ru="Массивы по 32 бита и массивы, лежащие в памяти не подряд",
    hi="32-bit वाले arrays, और memory में लगातार न रखे गए arrays",
)
def test_memory(student, rng):
    turned = rng.normal((6, 8), dtype="float32").T, rng.normal((2, 3), dtype="float32").T[::-1]
    check(student, [turned, (rng.normal((12, 15))[::-2, ::-3], rng.normal((2, 3)))])


@points(0.5)
@title(
    en="Padding and stride for integers, for 32 bits and for arrays that are not contiguous",
    ru="Дополнение и шаг для целых чисел, для 32 бит и для массивов, лежащих не подряд",
    hi="integers, 32-bit arrays और लगातार न रखे गए arrays पर padding और stride",
)
def test_options_for_all_kinds(student, rng):
    whole = rng.integers(128, 256, (5, 7), dtype="uint8"), rng.integers(128, 256, (3, 2), dtype="uint8"), 1, 2
    narrow = rng.normal((6, 5), dtype="float32"), rng.normal((2, 3), dtype="float32"), 2, 2
    turned = rng.normal((8, 6)).T, rng.normal((3, 2)).T[:, ::-1], 2, 3
    cases = [whole, narrow, turned]
    for answer, case, atol in zip(student.each(cases), cases, (6e-6 * 256**2, 1e-5, 1e-5), strict=True):
        assert_close(answer, shifted_sum(*case), atol=atol)


@points(0.5)
@title(
    en="Options by position and by keyword, call after call",
    ru="Параметры по позиции и по имени, вызов за вызовом",
    hi="options position से और keyword से, एक के बाद एक call",
)
def test_calls(student, rng):
    one, other, kernel, another = rng.normal((6, 8)), rng.normal((6, 8)), rng.normal((2, 3)), rng.normal((2, 3))
    check(student, [(one, kernel, 1, 3), (other, kernel, 1, 3), (other, another, 1, 3), (other, another, 2)])
    assert_close(student.convolution2d(one, another, stride=3, padding=1), shifted_sum(one, another, 1, 3))
    cases = (one, kernel), (other, another)
    first, second = student.probe("refilled", *cases, 1, 2, returns=["array", "array"])
    assert_close(first, shifted_sum(*cases[0], 1, 2), hint="A later call changed an earlier answer.")
    assert_close(second, shifted_sum(*cases[1], 1, 2), hint="The same arrays held other numbers in the second call.")


@points(0.5)
@depends("test_square")
@title(
    en="The arrays passed in stay as they were",
    ru="Переданные массивы остаются прежними",
    hi="दिए गए arrays जैसे थे वैसे रहते हैं",
)
def test_inputs_unchanged(student, rng):
    # The calls of all other tests count as well, with every dtype, option and layout.
    student.convolution2d(rng.normal((5, 7)), rng.normal((2, 3)), 1, 2)
    assert_inputs_unchanged(student)
