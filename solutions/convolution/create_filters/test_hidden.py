"""Traps: the two edge filters are each other's transpose, signs count, ninths vanish in whole division, and filters
that are kept between calls may be changed by the first one.
"""

import numpy as np

from grader.testing import assert_close, expect, points, title

VERTICAL = np.array([[1.0, 0.0, -1.0], [1.0, 0.0, -1.0], [1.0, 0.0, -1.0]])
HORIZONTAL = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -1.0, -1.0]])
BLUR = np.ones((3, 3)) / 9.0
SHARPEN = np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])


def filter_named(student, name):
    filters = student.create_filters()
    expect(name in filters, f"the dict must hold a filter named {name}")
    return filters[name]


@points(1)
@title(
    en="The filter for vertical edges",
    ru="Фильтр вертикальных границ",
    hi="खड़े किनारों का फ़िल्टर",
)
def test_vertical_edge(student):
    assert_close(filter_named(student, "vertical_edge"), VERTICAL)


@points(1)
@title(
    en="The filter for horizontal edges",
    ru="Фильтр горизонтальных границ",
    hi="आड़े किनारों का फ़िल्टर",
)
def test_horizontal_edge(student):
    assert_close(filter_named(student, "horizontal_edge"), HORIZONTAL)


@points(1)
@title(
    en="The filter that blurs",
    ru="Размывающий фильтр",
    hi="धुँधला करने वाला फ़िल्टर",
)
def test_blur(student):
    # A constant, not the end of a computation: single precision is within 1e-8, four written digits are not.
    assert_close(filter_named(student, "blur"), BLUR, rtol=0.0, atol=5e-6)


@points(1)
@title(
    en="The filter that sharpens",
    ru="Фильтр, повышающий резкость",
    hi="पैना करने वाला फ़िल्टर",
)
def test_sharpen(student):
    assert_close(filter_named(student, "sharpen"), SHARPEN)


@points(1)
@title(
    en="All four at once, and the same again at the next call",
    ru="Все четыре сразу, и те же при следующем вызове",
    hi="चारों एक साथ, और अगली कॉल पर फिर वही",
)
def test_again(student):
    expected = {"vertical_edge": VERTICAL, "horizontal_edge": HORIZONTAL, "blur": BLUR, "sharpen": SHARPEN}
    for _ in range(3):  # every filter of every call, so that it does not escape what changes from one call to the next
        filters = student.create_filters()
        for name, values in expected.items():
            expect(name in filters, f"the dict must hold a filter named {name}")
            assert_close(filters[name], values)
