"""Traps: height, width, window and stride all differ, tall and wide; windows at the edge are incomplete; strides are
smaller and larger than the window; bytes would wrap round in a sum and integers would truncate; layouts are not
contiguous; one array comes twice with other values; a bright image in single precision, large enough to spoil running sums.

The oracle walks over nested lists of Python numbers, so that neither dtype nor layout can matter to it.
"""

import math

import numpy as np
import pytest

from grader.testing import assert_close, assert_inputs_unchanged, depends, points, title


def means(image, pool_size, stride):
    table = image.tolist()
    tops = range(0, len(table) - pool_size + 1, stride)
    lefts = range(0, len(table[0]) - pool_size + 1, stride)
    return np.array(
        [
            [
                math.fsum(v for row in table[y : y + pool_size] for v in row[x : x + pool_size]) / pool_size**2
                for x in lefts
            ]
            for y in tops
        ]
    )


@points(1)
@title(
    en="The default: windows of 2x2 side by side",
    ru="По умолчанию: окна 2x2 вплотную друг к другу",
    hi="डिफ़ॉल्ट: सटी हुई 2x2 विंडो",
)
def test_default_window(student, rng):
    for shape in ((4, 10), (8, 6)):
        image = rng.normal(shape)
        assert_close(student.average_pooling2d(image), means(image, 2, 2))


@points(1)
@title(
    en="Without a stride the window moves by its own size",
    ru="Без шага окно сдвигается на собственный размер",
    hi="stride न हो तो विंडो अपने आकार जितना खिसकती है",
)
def test_stride_is_the_pool_size(student, rng):
    for pool_size, shape in ((3, (6, 12)), (4, (12, 8)), (5, (5, 15))):
        image = rng.normal(shape)
        assert_close(student.average_pooling2d(image, pool_size), means(image, pool_size, pool_size))
        assert_close(student.average_pooling2d(image, pool_size, None), means(image, pool_size, pool_size))


@points(1)
@title(
    en="Incomplete windows at the edge are dropped",
    ru="Неполные окна у края отбрасываются",
    hi="किनारे की अधूरी विंडो छोड़ दी जाती हैं",
)
def test_incomplete_windows(student, rng):
    for pool_size, stride, shape in ((2, 2, (5, 8)), (3, 3, (6, 10)), (4, 3, (11, 9)), (2, 5, (6, 11))):
        image = rng.normal(shape)
        assert_close(student.average_pooling2d(image, pool_size, stride), means(image, pool_size, stride))


@points(1)
@title(
    en="A stride smaller than the window",
    ru="Шаг меньше окна",
    hi="विंडो से छोटा stride",
)
def test_overlapping_windows(student, rng):
    for pool_size, stride, shape in ((3, 1, (5, 8)), (3, 2, (9, 5)), (5, 3, (8, 14))):
        image = rng.normal(shape)
        assert_close(student.average_pooling2d(image, pool_size, stride), means(image, pool_size, stride))


@points(1)
@title(
    en="A stride larger than the window",
    ru="Шаг больше окна",
    hi="विंडो से बड़ा stride",
)
def test_stride_larger_than_the_window(student, rng):
    for pool_size, stride, shape in ((2, 3, (8, 11)), (1, 2, (7, 5)), (2, 5, (12, 7)), (3, 20, (7, 9))):
        image = rng.normal(shape)
        assert_close(student.average_pooling2d(image, pool_size, stride), means(image, pool_size, stride))


@points(0.5)
@title(
    en="Sizes, windows and strides of every kind",
    ru="Самые разные размеры, окна и шаги",
    hi="हर तरह के आकार, विंडो और stride",
)
def test_many_sizes(student, rng):
    for _ in range(12):
        pool_size, stride = rng.integers(1, 6), rng.integers(1, 7)
        more, less = rng.integers(5, 12), rng.integers(0, 5)
        shape = rng.choice([(pool_size + more, pool_size + less), (pool_size + less, pool_size + more)])
        image = rng.uniform(shape, -3.0, 7.0)
        assert_close(student.average_pooling2d(image, pool_size, stride), means(image, pool_size, stride))


@points(0.5)
@title(
    en="The smallest cases: one pixel, one row, one column, one window",
    ru="Самые малые случаи: один пиксель, одна строка, один столбец, одно окно",
    hi="सबसे छोटे मामले: एक पिक्सेल, एक पंक्ति, एक कॉलम, एक विंडो",
)
def test_smallest_cases(student, rng):
    for pool_size, stride, shape in ((1, 1, (1, 1)), (1, 2, (1, 6)), (1, 3, (7, 1)), (1, 1, (3, 5)), (4, 1, (4, 4))):
        image = rng.normal(shape)
        assert_close(student.average_pooling2d(image, pool_size, stride), means(image, pool_size, stride))
    image = rng.normal((2, 3))
    assert_close(student.average_pooling2d(image), means(image, 2, 2))


@points(0.5)
@title(
    en="Negative values and zeros",
    ru="Отрицательные значения и нули",
    hi="ऋणात्मक मान और शून्य",
)
def test_negative_values(student, rng):
    image = rng.uniform((6, 9), -9.0, -4.0)
    assert_close(student.average_pooling2d(image, 3), means(image, 3, 3))
    image = rng.integers(-1, 2, (6, 9)).astype("float64")
    image[:3, :3] = 0.0
    assert_close(student.average_pooling2d(image, 3), means(image, 3, 3))


@points(0.5)
@pytest.mark.parametrize("dtype", ["uint8", "int64"])
@title(
    en="The mean of integers is not truncated and does not wrap round",
    ru="Среднее целых не обрезается и не переполняется",
    hi="पूर्णांकों का औसत न कटता है, न overflow होता है",
)
def test_integers(student, rng, dtype):
    image = rng.integers(140, 256, (6, 12), dtype=dtype)
    assert_close(student.average_pooling2d(image), means(image, 2, 2))
    assert_close(student.average_pooling2d(image, 3), means(image, 3, 3))


@points(0.5)
@title(
    en="Narrow signed and wide integers",
    ru="Короткие знаковые и длинные целые",
    hi="छोटे signed और बड़े integer",
)
def test_other_integers(student, rng):
    spans = {"int8": (-128, -60), "int16": (20_000, 32_768), "int32": (-2_100_000_000, -1_900_000_000)}
    for dtype, (low, high) in spans.items():
        image = rng.integers(low, high, (6, 10), dtype=dtype)
        assert_close(student.average_pooling2d(image), means(image, 2, 2))
    spans = {"uint8": (200, 256), "uint16": (50_000, 65_536), "uint32": (3 * 10**9, 2**32), "int64": (2**40, 2**41)}
    for dtype, (low, high) in spans.items():  # 18 x 18 bright bytes add up to more than two bytes hold
        image = rng.integers(low, high, (18, 19), dtype=dtype)
        assert_close(student.average_pooling2d(image, 18, 1), means(image, 18, 1))


@points(0.5)
@title(
    en="Numbers of 32 bits",
    ru="32-битные числа",
    hi="32-बिट की संख्याएँ",
)
def test_float32(student, rng):
    image = rng.normal((6, 9), dtype="float32")
    assert_close(student.average_pooling2d(image, 3), means(image, 3, 3))
    image = rng.uniform((240, 201), 0.0, 255.0, dtype="float32")
    assert_close(student.average_pooling2d(image, 3), means(image, 3, 3))


@points(0.5)
@title(
    en="Transposed, mirrored and sliced images",
    ru="Транспонированные, отражённые и прореженные изображения",
    hi="ट्रांसपोज़, उलटी और काटी हुई इमेज",
)
def test_layouts(student, rng):
    image = rng.normal((12, 18))
    for view in (image.T, image[:, ::-1], image[::-1, 1::2], np.asfortranarray(image), image[2:8, 3:15]):
        assert_close(student.average_pooling2d(view, 3), means(view, 3, 3))
    pixels = rng.integers(0, 256, (8, 14), dtype="uint8").T
    assert_close(student.average_pooling2d(pixels), means(pixels, 2, 2))


@points(0.5)
@title(
    en="Options by position and by name, answers that do not depend on earlier calls",
    ru="Параметры по позиции и по имени; ответ не зависит от прежних вызовов",
    hi="विकल्प क्रम से भी, नाम से भी; उत्तर पिछली कॉल पर निर्भर नहीं",
)
def test_calls(student, rng):
    first, second = rng.normal((8, 11)), rng.normal((8, 11))
    assert_close(student.average_pooling2d(first, pool_size=3, stride=2), means(first, 3, 2))
    assert_close(student.average_pooling2d(second, stride=1), means(second, 2, 1))
    assert_close(student.average_pooling2d(second, 3, stride=4), means(second, 3, 4))
    assert_close(student.average_pooling2d(second, stride=None, pool_size=4), means(second, 4, 4))
    cases = (second, 3, 2), (second, 2, 2), (first, 3, 2)
    for answer, case in zip(student.each(cases), cases, strict=True):
        assert_close(answer, means(*case))
    before, after = student.probe("refilled", first, second, 4, 3, returns=["array", "array"])
    assert_close(before, means(first, 4, 3), hint="A later call changed an earlier answer.")
    assert_close(after, means(second, 4, 3), hint="The same array held other numbers in the second call.")


@points(0.5)
@depends("test_default_window")
@title(
    en="The image stays as it was",
    ru="Изображение остаётся прежним",
    hi="इमेज वैसी ही रहती है",
)
def test_image_unchanged(student, rng):
    for dtype in ("float64", "float32", "uint8"):
        image = rng.uniform((7, 9), 10.0, 200.0).astype(dtype)
        student.average_pooling2d(image)
        student.average_pooling2d(image, 3, 1)
        student.average_pooling2d(image, 1, 1)
    assert_inputs_unchanged(student)
