"""What a student tries first: the worked examples and layers known from the literature."""

from grader.testing import assert_equal, title


@title(
    en="The worked example: 2 channels, 3 filters of 2 x 2",
    ru="Разобранный пример: 2 канала, 3 фильтра 2 x 2",
    hi="हल किया हुआ उदाहरण: 2 चैनल, 2 x 2 के 3 फ़िल्टर",
)
def test_worked_example(student):
    assert_equal(student.conv2d_params(2, 3, 2), 27)


@title(
    en="The same layer without bias",
    ru="Тот же слой без смещений",
    hi="वही लेयर, बिना बायस के",
)
def test_without_bias(student):
    assert_equal(student.conv2d_params(2, 3, 2, bias=False), 24)


@title(
    en="Two layers of a small image classifier",
    ru="Два слоя небольшого классификатора изображений",
    hi="इमेज पहचानने वाले छोटे नेटवर्क की दो लेयर",
)
def test_small_classifier(student):
    assert_equal(student.conv2d_params(3, 32, 3), 896)
    assert_equal(student.conv2d_params(32, 64, 3), 18_496)


@title(
    en="The first layer of AlexNet",
    ru="Первый слой AlexNet",
    hi="AlexNet की पहली लेयर",
)
def test_first_layer_of_alexnet(student):
    assert_equal(student.conv2d_params(3, 96, 11), 34_944)


@title(
    en="The worked example with a 3 x 5 window and 2 groups",
    ru="Разобранный пример с окном 3 x 5 и 2 группами",
    hi="3 x 5 विंडो और 2 ग्रुप वाला हल किया हुआ उदाहरण",
)
def test_window_and_groups(student):
    assert_equal(student.conv2d_params(4, 6, (3, 5), groups=2), 186)
