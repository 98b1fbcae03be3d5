"""What the filters should do, tried on small patches."""

import numpy as np

from grader.testing import assert_close, assert_shape, expect, title

PATCH = np.array([[9.0, 9.0, 0.0], [9.0, 9.0, 0.0], [9.0, 9.0, 0.0]])
NAMES = ("vertical_edge", "horizontal_edge", "blur", "sharpen")


def answers(student, patch):
    filters = student.create_filters()
    for name in NAMES:
        expect(name in filters, f"the dict must hold a filter named {name}")
        assert_shape(filters[name], (3, 3))
    return {name: float((filters[name] * patch).sum()) for name in NAMES}


@title(
    en="Four filters of three rows and three columns",
    ru="Четыре фильтра из трёх строк и трёх столбцов",
    hi="तीन पंक्तियों और तीन कॉलम वाले चार फ़िल्टर",
)
def test_names_and_shapes(student):
    answers(student, PATCH)


@title(
    en="The worked example of the statement",
    ru="Пример из условия",
    hi="प्रश्न में हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    expected = {"vertical_edge": 27.0, "horizontal_edge": 0.0, "blur": 6.0, "sharpen": 18.0}
    assert_close(answers(student, PATCH), expected)


@title(
    en="A patch that is bright above and dark below",
    ru="Участок, светлый сверху и тёмный снизу",
    hi="ऊपर चमकीला और नीचे अँधेरा टुकड़ा",
)
def test_turned_patch(student):
    expected = {"vertical_edge": 0.0, "horizontal_edge": 27.0, "blur": 6.0, "sharpen": 18.0}
    assert_close(answers(student, PATCH.T), expected)


@title(
    en="An even patch has no edges and keeps its brightness",
    ru="На ровном участке нет границ, а яркость сохраняется",
    hi="एकसार टुकड़े में किनारे नहीं होते और चमक बनी रहती है",
)
def test_even_patch(student):
    expected = {"vertical_edge": 0.0, "horizontal_edge": 0.0, "blur": 4.0, "sharpen": 4.0}
    assert_close(answers(student, np.full((3, 3), 4.0)), expected)
