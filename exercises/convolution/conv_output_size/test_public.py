"""The cases to try first."""

from grader.testing import assert_equal, title


@title(
    en="The example of the statement",
    ru="Пример из условия",
    hi="कथन का उदाहरण",
)
def test_worked_example(student):
    assert_equal(student.conv_output_size(10, 3, padding=1, stride=2, dilation=2), 4)


@title(
    en="Without padding the output is shorter than the input",
    ru="Без дополнения выход короче входа",
    hi="padding के बिना आउटपुट इनपुट से छोटा होता है",
)
def test_defaults(student):
    assert_equal(student.conv_output_size(28, 5), 24)


@title(
    en="Padding that keeps the size",
    ru="Дополнение, сохраняющее размер",
    hi="साइज़ बनाए रखने वाली padding",
)
def test_same_size(student):
    assert_equal(student.conv_output_size(224, 5, padding=2, stride=1), 224)


@title(
    en="A stride that leaves cells over",
    ru="Шаг, после которого остаются лишние клетки",
    hi="ऐसा stride जिसके बाद कुछ खाने बच जाते हैं",
)
def test_stride_with_a_remainder(student):
    assert_equal(student.conv_output_size(128, 3, stride=2), 63)
