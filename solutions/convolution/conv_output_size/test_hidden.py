"""Traps: strides that leave a remainder (also of exactly one half), strides larger than the kernel, kernels of one tap
with a dilation, kernels that need the padding to fit, options by position and by keyword, one input with many options.
"""

import pytest

from grader.testing import assert_equal, points, title


def stops(size, kernel, padding=0, stride=1, dilation=1):
    """Push the kernel along the padded axis and count where it lies wholly on it."""
    length = size + 2 * padding
    return sum(start + (kernel - 1) * dilation < length for start in range(0, length, stride))


@points(0.5)
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((224, 11, 2, 4), 55),  # AlexNet's first layer: 217 / 4 is no whole number
        ((224, 7, 3, 2), 112),  # ResNet's stem: the fraction is exactly one half
    ],
    ids=["alexnet", "resnet"],
)
@title(
    en="First layers of well-known networks",
    ru="Первые слои известных сетей",
    hi="जाने-माने networks की पहली layers",
)
def test_known_layers(student, arguments, expected):
    assert_equal(student.conv_output_size(*arguments), expected)


@points(0.5)
@title(
    en="Only the kernel matters: no padding, stride 1, no dilation",
    ru="Важно только ядро: без дополнения, с шагом 1 и без растяжения",
    hi="सिर्फ़ kernel: न padding, stride 1, न dilation",
)
def test_defaults(student, rng):
    sizes = [*rng.distinct(20, 60, 2), rng.integers(500, 800)]  # the last answer is too large for a byte
    for size, kernel in zip(sizes, rng.distinct(2, 12, 3), strict=True):
        assert_equal(student.conv_output_size(size, kernel), stops(size, kernel))


@points(0.5)
@title(
    en="Padding at both ends",
    ru="Дополнение с обоих концов",
    hi="दोनों सिरों पर padding",
)
def test_padding(student, rng):
    for size, padding in zip(rng.distinct(20, 60, 3), rng.distinct(1, 6, 3), strict=True):
        assert_equal(student.conv_output_size(size, 4, padding=padding), stops(size, 4, padding))
    for kernel in (2, 6):  # half an even kernel at each end makes the output longer than the input
        assert_equal(student.conv_output_size(size, kernel, padding=kernel // 2), size + 1)


@points(1)
@title(
    en="Strides that leave cells over",
    ru="Шаги, после которых остаются лишние клетки",
    hi="ऐसे strides जिनके बाद खाने बच जाते हैं",
)
def test_stride(student, rng):
    stride, outputs = rng.integers(3, 7), rng.integers(4, 9)
    for left_over in (0, 1, stride - 1):
        size = 3 + (outputs - 1) * stride + left_over
        assert_equal(student.conv_output_size(size, 3, stride=stride), outputs)
    assert_equal(student.conv_output_size(26, 2, stride=3), 9)  # 26 / 3 - 2 / 3 is a little less than 8 in floats


@points(1)
@title(
    en="A dilated kernel covers more cells",
    ru="Ядро с растяжением накрывает больше клеток",
    hi="dilation वाला kernel ज़्यादा खाने घेरता है",
)
def test_dilation(student, rng):
    for kernel, dilation in zip(rng.distinct(2, 7, 3), rng.distinct(2, 5, 3), strict=True):
        size = rng.integers(30, 60)
        assert_equal(student.conv_output_size(size, kernel, dilation=dilation), stops(size, kernel, dilation=dilation))
    for kernel in (3, 5):  # half of the kernel at each end keeps the size only as long as the taps touch
        assert_equal(student.conv_output_size(size, kernel, kernel // 2, dilation=2), stops(size, kernel, kernel // 2, 1, 2))


@points(0.5)
@title(
    en="Sizes of one: one tap, one cell, one stop",
    ru="Единичные размеры: один вес, одна клетка, одна остановка",
    hi="साइज़ एक: एक weight, एक खाना, एक पड़ाव",
)
def test_ones(student, rng):
    size, dilation = rng.integers(20, 60), rng.integers(2, 9)
    assert_equal(student.conv_output_size(size, 1, dilation=dilation), size)
    assert_equal(student.conv_output_size(1, 1), 1)
    assert_equal(student.conv_output_size(1, 3, padding=1, stride=dilation), 1)
    assert_equal(student.conv_output_size(size, size, stride=dilation), 1)
    assert_equal(student.conv_output_size(size, 2, stride=size), 1)
    assert_equal(student.conv_output_size(1, 1, padding=2, stride=3), 2)


@points(0.5)
@title(
    en="All options together, by position and by keyword",
    ru="Все параметры вместе, по позиции и по имени",
    hi="सारे options एक साथ, position से और keyword से",
)
def test_all_together(student, rng):
    size, kernel = rng.integers(40, 90), rng.integers(3, 6)
    padding, stride, dilation = rng.shuffled([1, 2, 3])
    expected = stops(size, kernel, padding, stride, dilation)
    assert_equal(student.conv_output_size(size, kernel, padding, stride, dilation), expected)
    assert_equal(student.conv_output_size(size, kernel, dilation=dilation, stride=stride, padding=padding), expected)
    expected = stops(size, kernel, padding, 1, dilation)
    assert_equal(student.conv_output_size(size, kernel, padding, dilation=dilation), expected)
    for more, further in ((padding + 2, dilation), (padding, dilation + 4)):  # the same input, kernel and stride as above
        assert_equal(student.conv_output_size(size, kernel, more, stride, further), stops(size, kernel, more, stride, further))
    assert_equal(student.conv_output_size(40, 3, 2, 5, 4), 8)
