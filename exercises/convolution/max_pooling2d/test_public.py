"""The cases to try first."""

import numpy as np

from grader.testing import assert_close, title

IMAGE = np.array([[-4.0, -2.0, 1.0, 0.0, 7.0], [-3.0, -5.0, 2.0, -1.0, 3.0], [6.0, -8.0, -6.0, -9.0, -7.0]])


@title(
    en="The example of the statement",
    ru="Пример из условия",
    hi="कथन का उदाहरण",
)
def test_worked_example(student):
    assert_close(student.max_pooling2d(IMAGE), np.array([[-2.0, 2.0]]))


@title(
    en="Overlapping windows",
    ru="Перекрывающиеся окна",
    hi="एक-दूसरे पर चढ़ती windows",
)
def test_stride_of_one(student):
    expected = np.array([[-2.0, 2.0, 2.0, 7.0], [6.0, 2.0, 2.0, 3.0]])
    assert_close(student.max_pooling2d(IMAGE, 2, stride=1), expected)


@title(
    en="Windows with gaps between them",
    ru="Окна с промежутками",
    hi="बीच में जगह छोड़ती windows",
)
def test_stride_of_three(student):
    assert_close(student.max_pooling2d(IMAGE, 2, stride=3), np.array([[-2.0, 7.0]]))


@title(
    en="An integer image, 2 by 2 windows",
    ru="Целочисленное изображение, окна 2 на 2",
    hi="integer image, 2 गुणा 2 की windows",
)
def test_integers(student):
    image = np.array([[1, 3, 2, 4], [5, 6, 7, 8], [1, 2, 3, 4], [5, 6, 7, 8]])
    assert_close(student.max_pooling2d(image), np.array([[6, 8], [6, 8]]))
