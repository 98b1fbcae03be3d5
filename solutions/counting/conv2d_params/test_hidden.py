"""Traps: all sizes differ, windows are not square and come as a tuple or a list, sides of 1, groups that are neither
1 nor the number of channels, depthwise layers with several filters per channel, a count that is odd and above 2**24,
a list that belongs to the caller.
"""

import pytest

from grader.testing import assert_equal, depends, points, title


def parameters(in_channels, out_channels, height, width, bias=True, groups=1):
    """Counts group by group, as if each group were a layer of its own."""
    per_group = (in_channels // groups) * (out_channels // groups) * height * width
    if bias:
        per_group += out_channels // groups
    return groups * per_group


@points(1.5)
@title(
    en="Square windows given as an int",
    ru="Квадратные окна, заданные целым числом",
    hi="पूर्णांक से दी गई वर्गाकार विंडो",
)
def test_square_windows(student, rng):
    for _ in range(3):
        inputs, outputs, side = rng.distinct(2, 40, 3)
        assert_equal(student.conv2d_params(inputs, outputs, side), parameters(inputs, outputs, side, side))


@points(1)
@title(
    en="A layer without biases",
    ru="Слой без смещений",
    hi="बिना बायस की लेयर",
)
def test_without_bias(student, rng):
    inputs, outputs, side = rng.distinct(2, 40, 3)
    assert_equal(student.conv2d_params(inputs, outputs, side, bias=False), inputs * outputs * side**2)
    inputs, outputs, side = rng.distinct(2, 40, 3)
    assert_equal(student.conv2d_params(inputs, outputs, side, False), inputs * outputs * side**2)
    assert_equal(student.conv2d_params(inputs, outputs, side, bias=True), parameters(inputs, outputs, side, side))


@points(1)
@pytest.mark.parametrize("kind", [tuple, list])
@title(
    en="A window that is not square, as a tuple and as a list",
    ru="Неквадратное окно, заданное кортежем и списком",
    hi="जो विंडो वर्गाकार नहीं, टपल और लिस्ट दोनों रूपों में",
)
def test_window_of_two_sides(student, rng, kind):
    inputs, outputs, height, width = rng.distinct(2, 30, 4)
    expected = parameters(inputs, outputs, height, width)
    assert_equal(student.conv2d_params(inputs, outputs, kind([height, width])), expected)
    assert_equal(student.conv2d_params(inputs, outputs, kind([width, height])), expected)
    without_bias = parameters(inputs, outputs, height, width, bias=False)
    assert_equal(student.conv2d_params(inputs, outputs, kind([height, width]), bias=False), without_bias)
    square = parameters(inputs, outputs, height, height)
    assert_equal(student.conv2d_params(inputs, outputs, kind([height, height])), square)


@points(0.5)
@title(
    en="Windows and layers of size one",
    ru="Окна и слои размера один",
    hi="आकार एक की विंडो और लेयर",
)
def test_sizes_of_one(student, rng):
    inputs, outputs, side = rng.distinct(2, 40, 3)
    assert_equal(student.conv2d_params(inputs, outputs, 1), parameters(inputs, outputs, 1, 1))
    assert_equal(student.conv2d_params(inputs, outputs, (1, side)), parameters(inputs, outputs, 1, side))
    assert_equal(student.conv2d_params(inputs, outputs, [side, 1]), parameters(inputs, outputs, side, 1))
    assert_equal(student.conv2d_params(1, outputs, side), parameters(1, outputs, side, side))
    assert_equal(student.conv2d_params(inputs, 1, side), parameters(inputs, 1, side, side))
    assert_equal(student.conv2d_params(1, 1, 1), 2)
    assert_equal(student.conv2d_params(1, 1, 1, bias=False), 1)


@points(1.5)
@title(
    en="Channels split into groups",
    ru="Каналы, разделённые на группы",
    hi="ग्रुपों में बँटे चैनल",
)
def test_groups(student, rng):
    for _ in range(3):
        groups, seen, filters, side = rng.distinct(2, 12, 4)
        inputs, outputs = groups * seen, groups * filters
        expected = parameters(inputs, outputs, side, side, groups=groups)
        assert_equal(student.conv2d_params(inputs, outputs, side, groups=groups), expected)
        whole = parameters(inputs, outputs, side, side)
        assert_equal(student.conv2d_params(inputs, outputs, side, groups=1), whole)


@points(1)
@title(
    en="Groups together with the other options",
    ru="Группы вместе с остальными параметрами вызова",
    hi="बाक़ी विकल्पों के साथ ग्रुप",
)
def test_groups_with_other_options(student, rng):
    groups, seen, filters, height, width = rng.distinct(2, 12, 5)
    inputs, outputs = groups * seen, groups * filters
    without_bias = parameters(inputs, outputs, height, width, bias=False, groups=groups)
    with_bias = parameters(inputs, outputs, height, width, groups=groups)
    assert_equal(student.conv2d_params(inputs, outputs, (height, width), groups=groups, bias=False), without_bias)
    assert_equal(student.conv2d_params(inputs, outputs, [height, width], False, groups), without_bias)
    assert_equal(student.conv2d_params(inputs, outputs, (height, width), True, groups), with_bias)
    assert_equal(student.conv2d_params(inputs, outputs, [height, width], True, groups=groups), with_bias)
    square = parameters(inputs, outputs, width, width, bias=False, groups=groups)
    assert_equal(student.conv2d_params(inputs, outputs, width, False, groups), square)


@points(1)
@title(
    en="Depthwise layers, one group for each input channel",
    ru="Поканальные слои, по группе на каждый входной канал",
    hi="Depthwise लेयर, हर इनपुट चैनल का अपना ग्रुप",
)
def test_depthwise(student, rng):
    channels, multiplier, side = rng.distinct(2, 14, 3)
    expected = parameters(channels, channels, side, side, groups=channels)
    assert_equal(student.conv2d_params(channels, channels, side, groups=channels), expected)
    outputs = channels * multiplier
    expected = parameters(channels, outputs, side, side, groups=channels)
    assert_equal(student.conv2d_params(channels, outputs, side, groups=channels), expected)
    # As many groups as filters, each of which still sees several channels.
    expected = parameters(outputs, channels, side, side, groups=channels)
    assert_equal(student.conv2d_params(outputs, channels, side, groups=channels), expected)


@points(0.5)
@title(
    en="Millions of parameters, exact to the last one",
    ru="Миллионы параметров, точно до последнего",
    hi="लाखों पैरामीटर, आख़िरी तक सटीक",
)
def test_large_layer(student, rng):
    # An even number of inputs and an odd number of outputs make the count odd; above 2**24 single precision rounds it.
    inputs, outputs = 2 * rng.integers(250, 260), 2 * rng.integers(250, 260) + 1
    assert_equal(student.conv2d_params(inputs, outputs, (7, 10)), parameters(inputs, outputs, 7, 10))


@points(0.5)
@depends("test_square_windows")
@title(
    en="Every call counts from the beginning",
    ru="Каждый вызов считает с начала",
    hi="हर कॉल नए सिरे से गिनती करती है",
)
def test_repeated_calls(student, rng):
    inputs, outputs, side, other = rng.distinct(2, 25, 4)
    for _ in range(2):
        assert_equal(student.conv2d_params(inputs, outputs, side), parameters(inputs, outputs, side, side))
        assert_equal(student.conv2d_params(outputs, inputs, other), parameters(outputs, inputs, other, other))
        assert_equal(student.conv2d_params(inputs, outputs, other), parameters(inputs, outputs, other, other))


@points(0.5)
@title(
    en="The caller's list of sides stays as it was",
    ru="Список со сторонами окна остаётся прежним",
    hi="विंडो की भुजाओं की लिस्ट वैसी ही रहती है",
)
def test_list_unchanged(student, rng):
    inputs, outputs, height, width = rng.distinct(2, 25, 4)
    for sides in ([height, width], [width, height]):
        left = student.probe("kernel_after_call", inputs, outputs, list(sides))
        assert_equal(left, sides, hint="kernel_size belongs to the caller and must not change")
