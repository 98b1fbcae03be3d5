"""The cases to try first."""

import numpy as np

from grader.testing import assert_close, title

WORKED = np.array([[4.0, 8.0, 1.0, 3.0, 9.0], [2.0, 6.0, 5.0, 7.0, 9.0], [0.0, 1.0, 2.0, 2.0, 9.0]])


@title(
    en="The worked example of the statement",
    ru="Пример из условия",
    hi="प्रश्न में हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    assert_close(student.average_pooling2d(WORKED), np.array([[5.0, 4.0]]))


@title(
    en="Overlapping windows of the same image",
    ru="Перекрывающиеся окна на том же изображении",
    hi="उसी इमेज पर एक-दूसरे पर चढ़ती विंडो",
)
def test_overlapping_windows(student):
    expected = np.array([[5.0, 5.0, 4.0, 7.0], [2.25, 3.5, 4.0, 6.75]])
    assert_close(student.average_pooling2d(WORKED, 2, 1), expected)


@title(
    en="A larger window moves by its own size",
    ru="Окно побольше сдвигается на свой размер",
    hi="बड़ी विंडो अपने ही आकार जितना खिसकती है",
)
def test_window_of_three(student):
    image = np.arange(18.0).reshape(3, 6)
    assert_close(student.average_pooling2d(image, pool_size=3), np.array([[7.0, 10.0]]))


@title(
    en="Whole numbers may have a fractional mean",
    ru="У целых чисел бывает дробное среднее",
    hi="पूर्णांकों का औसत भिन्न हो सकता है",
)
def test_integers(student):
    image = np.array([[1, 2], [3, 5], [0, 0], [0, 1]])
    assert_close(student.average_pooling2d(image), np.array([[2.75], [0.25]]))


@title(
    en="A window of one pixel leaves the image as it is",
    ru="Окно из одного пикселя оставляет изображение как есть",
    hi="एक पिक्सेल की विंडो इमेज को वैसा ही छोड़ती है",
)
def test_window_of_one(student, rng):
    image = rng.normal((3, 4))
    assert_close(student.average_pooling2d(image, 1), image)
