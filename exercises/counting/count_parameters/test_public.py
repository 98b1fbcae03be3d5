"""What a student tries first: the worked example, a known network, a frozen layer, a shared matrix."""

from grader.testing import assert_equal, title


@title(
    en="The worked example has 34 parameters",
    ru="В разобранном примере 34 параметра",
    hi="हल किए हुए उदाहरण में 34 पैरामीटर हैं",
)
def test_worked_example(student):
    assert_equal(student.probe("perceptron", 3, 4, 2, returns="int"), 34)


@title(
    en="LeNet-5",
    ru="LeNet-5",
    hi="LeNet-5",
)
def test_lenet5(student):
    assert_equal(student.probe("lenet5", returns="int"), 61_706)


@title(
    en="The worked example with a frozen first layer",
    ru="Разобранный пример с замороженным первым слоем",
    hi="हल किया हुआ उदाहरण, पहली लेयर फ़्रीज़ करके",
)
def test_frozen_layer(student):
    assert_equal(student.probe("perceptron", 3, 4, 2, frozen=True, trainable_only=True, returns="int"), 18)
    assert_equal(student.probe("perceptron", 3, 4, 2, frozen=True, returns="int"), 34)


@title(
    en="A matrix used by two layers counts once",
    ru="Матрица, общая для двух слоёв, считается один раз",
    hi="दो लेयरों का साझा मैट्रिक्स एक बार गिना जाता है",
)
def test_shared_matrix(student):
    assert_equal(student.probe("language_model", 11, 3, returns="int"), 33)
