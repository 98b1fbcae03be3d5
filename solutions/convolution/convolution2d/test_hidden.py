"""Traps: every side differs from every other, the kernel is never symmetric, strides leave rows and columns over and
exceed the kernel, kernels exceed the unpadded image, sizes of one stay two-dimensional, 8-bit and 32-bit products wrap
round, fractions get lost in integer buffers, memory is not contiguous, equal shapes come twice with other values.

Sums over large integers may vanish, and then the rounding of a right answer (float32, or a product of spectra) exceeds
the usual absolute tolerance. `rounding` is far above that and far below a wrap (256) or a lost fraction (a quarter).
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
    for (i, j), weight in np.ndenumerate(kernel):
        total = total + float(weight) * padded[i : i + last_row + 1 : stride, j : j + last_column + 1 : stride]
    return total


def rounding(image, kernel):
    """About sixteen units in the last place of float32, at the scale of the largest possible sum."""
    return 1e-6 * np.abs(image.astype(np.float64)).max() * np.abs(kernel.astype(np.float64)).max() * kernel.size


def quarters(rng, shape):
    """Odd multiples of a quarter: never whole, exact in float32."""
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
    for height, width, rows, columns in [(6, 11, 2, 4), (11, 6, 2, 4), (12, 7, 5, 3), (5, 13, 4, 1)]:
        image, kernel = rng.normal((height, width)), rng.normal((rows, columns))
        assert_close(student.convolution2d(image, kernel), shifted_sum(image, kernel))


@points(1)
@title(
    en="Zeros on all four sides",
    ru="Нули со всех четырёх сторон",
    hi="चारों ओर शून्य",
)
def test_padding(student, rng):
    for padding in (1, 2, 4):
        height, width = rng.distinct(5, 9, 2)
        image, kernel = rng.normal((height, width), mean=2.0), rng.normal((3, 2), mean=1.0)
        assert_close(student.convolution2d(image, kernel, padding=padding), shifted_sum(image, kernel, padding))


@points(1.5)
@title(
    en="Strides that leave rows and columns over",
    ru="Шаги, после которых остаются лишние строки и столбцы",
    hi="ऐसे strides जिनके बाद पंक्तियाँ और स्तंभ बच जाते हैं",
)
def test_stride(student, rng):
    for height, width, stride in [(8, 11, 2), (10, 8, 3), (9, 12, 2), (7, 10, 3)]:
        image, kernel = rng.normal((height, width)), rng.normal((3, 2))
        assert_close(student.convolution2d(image, kernel, stride=stride), shifted_sum(image, kernel, 0, stride))


@points(1)
@title(
    en="Padding and stride together, stride larger than the kernel",
    ru="Дополнение и шаг вместе, шаг больше ядра",
    hi="padding और stride साथ-साथ, stride kernel से बड़ा",
)
def test_padding_and_stride(student, rng):
    cases = [((64, 50), (3, 5), 2, 6), ((7, 9), (2, 3), 1, 2), ((6, 5), (2, 1), 3, 4)]
    for shape, kernel_shape, padding, stride in cases:
        image, kernel = rng.normal(shape), rng.normal(kernel_shape)
        expected = shifted_sum(image, kernel, padding, stride)
        assert_close(student.convolution2d(image, kernel, padding=padding, stride=stride), expected)


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
        ((5, 4), (1, 1), 0, 1),
        ((1, 1), (1, 1), 1, 1),
        ((4, 6), (4, 6), 0, 1),
        ((4, 6), (4, 2), 0, 1),
        ((3, 2), (5, 4), 1, 1),  # no larger than the padded image, yet larger than the image
        ((2, 3), (4, 2), 2, 9),
    ]
    for shape, kernel_shape, padding, stride in cases:
        image, kernel = rng.normal(shape), rng.normal(kernel_shape)
        assert_close(student.convolution2d(image, kernel, padding, stride), shifted_sum(image, kernel, padding, stride))


@points(0.5)
@pytest.mark.parametrize(
    "kinds",
    [
        [("uint8", 128, 256), ("int8", -128, 128)],
        [("uint16", 2**15, 2**16), ("int16", -(2**15), 2**15)],
        [("int32", 50_000, 100_000), ("uint32", 70_000, 100_000), ("int64", 70_000, 100_000)],
    ],
    ids=["8-bits", "16-bits", "more-bits"],
)
@title(
    en="Integer images and kernels whose sums need more room",
    ru="Целые изображения и ядра, суммам которых нужно больше места",
    hi="ऐसे integer image और kernel जिनके योग को ज़्यादा जगह चाहिए",
)
def test_integers_do_not_wrap(student, rng, kinds):
    for dtype, low, high in kinds:
        image, kernel = rng.integers(low, high, (5, 7), dtype=dtype), rng.integers(low, high, (3, 2), dtype=dtype)
        assert_close(student.convolution2d(image, kernel), shifted_sum(image, kernel), atol=rounding(image, kernel))


@points(0.5)
@title(
    en="Integers on one side, fractions on the other",
    ru="Целые числа с одной стороны, дробные с другой",
    hi="एक ओर पूर्णांक, दूसरी ओर भिन्न",
)
def test_integers_and_fractions(student, rng):
    for dtype in ("uint8", "int64"):
        image, kernel = rng.integers(0, 256, (6, 5), dtype=dtype), quarters(rng, (2, 3))
        assert_close(student.convolution2d(image, kernel), shifted_sum(image, kernel), atol=rounding(image, kernel))
    image, kernel = rng.normal((5, 6)), rng.integers(-3, 4, (3, 2))
    assert_close(student.convolution2d(image, kernel), shifted_sum(image, kernel))
    image, kernel = rng.integers(0, 256, (4, 6), dtype="uint8"), rng.integers(-9, 0, (2, 2))
    assert_close(student.convolution2d(image, kernel), shifted_sum(image, kernel), atol=rounding(image, kernel))


@points(0.5)
@title(
    en="Arrays of 32 bits and arrays that are not contiguous in memory",
    ru="Массивы по 32 бита и массивы, лежащие в памяти не подряд",
    hi="32-bit वाले arrays, और memory में लगातार न रखे गए arrays",
)
def test_memory(student, rng):
    image, kernel = rng.normal((6, 8), dtype="float32"), rng.normal((2, 3), dtype="float32")
    for view in (image, image.T, image[::-1], image[:, ::-1], rng.normal((12, 15))[1::2, ::3]):
        assert_close(student.convolution2d(view, kernel), shifted_sum(view, kernel))
        assert_close(student.convolution2d(view, kernel.T[::-1]), shifted_sum(view, kernel.T[::-1]))


@points(0.5)
@title(
    en="Padding and stride for integers, for 32 bits and for arrays that are not contiguous",
    ru="Дополнение и шаг для целых чисел, для 32 бит и для массивов, лежащих не подряд",
    hi="integers, 32-bit arrays और लगातार न रखे गए arrays पर padding और stride",
)
def test_options_for_all_kinds(student, rng):
    pairs = [
        (rng.integers(128, 256, (5, 7), dtype="uint8"), rng.integers(128, 256, (3, 2), dtype="uint8")),
        (rng.integers(50_000, 100_000, (5, 7), dtype="int32"), rng.integers(50_000, 100_000, (3, 2), dtype="int32")),
        (rng.integers(0, 256, (6, 5), dtype="uint8"), quarters(rng, (2, 3))),
        (rng.normal((6, 5), dtype="float32"), rng.normal((2, 3), dtype="float32")),
        (rng.normal((8, 6)).T, rng.normal((3, 2)).T[:, ::-1]),
    ]
    for image, kernel in pairs:
        atol = rounding(image, kernel)
        assert_close(student.convolution2d(image, kernel, padding=1), shifted_sum(image, kernel, 1), atol=atol)
        assert_close(student.convolution2d(image, kernel, 2, 2), shifted_sum(image, kernel, 2, 2), atol=atol)


@points(0.5)
@title(
    en="Options by position and by keyword, call after call",
    ru="Параметры по позиции и по имени, вызов за вызовом",
    hi="options position से और keyword से, एक के बाद एक call",
)
def test_calls(student, rng):
    kernel = rng.normal((2, 3))
    for _ in range(2):
        image = rng.normal((6, 8))
        assert_close(student.convolution2d(image, kernel, 1, 3), shifted_sum(image, kernel, 1, 3))
        assert_close(student.convolution2d(image, kernel, 2), shifted_sum(image, kernel, 2))
        assert_close(student.convolution2d(image, kernel, stride=3, padding=1), shifted_sum(image, kernel, 1, 3))
        assert_close(student.convolution2d(image, kernel), shifted_sum(image, kernel))
        kernel = rng.normal((2, 3))
        assert_close(student.convolution2d(image, kernel), shifted_sum(image, kernel))


@points(0.5)
@depends("test_square")
@title(
    en="The arrays passed in stay as they were",
    ru="Переданные массивы остаются прежними",
    hi="दिए गए arrays जैसे थे वैसे रहते हैं",
)
def test_inputs_unchanged(student, rng):
    student.convolution2d(rng.normal((5, 7)), rng.normal((2, 3)))
    student.convolution2d(rng.normal((5, 7), dtype="float32"), rng.normal((2, 3), dtype="float32"), 1, 2)
    student.convolution2d(rng.integers(0, 256, (5, 7), dtype="uint8"), rng.integers(0, 256, (2, 3), dtype="uint8"), 1)
    student.convolution2d(rng.normal((4, 3)), rng.normal((1, 1)))
    assert_inputs_unchanged(student)
