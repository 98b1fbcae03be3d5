"""Traps: the two sizes always differ, a size of 1 on either side, the flag by keyword and by position,
a count that is odd and above 2**24 (single precision cannot hold it), calls repeated and in between others.
"""

from grader.testing import assert_equal, depends, points, title


@points(1)
@title(
    en="Weights and biases of layers of different sizes",
    ru="Веса и смещения слоёв разного размера",
    hi="अलग-अलग आकार की लेयरों के वेट और बायस",
)
def test_weights_and_biases(student, rng):
    for _ in range(3):
        inputs, outputs = rng.distinct(2, 300, 2)
        assert_equal(student.linear_params(inputs, outputs), outputs * (inputs + 1))


@points(1)
@title(
    en="A layer without bias",
    ru="Слой без смещения",
    hi="बिना बायस की लेयर",
)
def test_without_bias(student, rng):
    inputs, outputs = rng.distinct(2, 300, 2)
    assert_equal(student.linear_params(inputs, outputs, bias=False), inputs * outputs)
    inputs, outputs = rng.distinct(2, 300, 2)
    assert_equal(student.linear_params(inputs, outputs, False), inputs * outputs)


@points(0.5)
@title(
    en="A bias asked for explicitly",
    ru="Смещение, заданное явно",
    hi="स्पष्ट रूप से माँगा गया बायस",
)
def test_bias_asked_for(student, rng):
    inputs, outputs = rng.distinct(2, 300, 2)
    assert_equal(student.linear_params(inputs, outputs, bias=True), inputs * outputs + outputs)
    inputs, outputs = rng.distinct(2, 300, 2)
    assert_equal(student.linear_params(inputs, outputs, True), inputs * outputs + outputs)


@points(1)
@title(
    en="One input or one output",
    ru="Один вход или один выход",
    hi="एक इनपुट या एक आउटपुट",
)
def test_sizes_of_one(student, rng):
    size = rng.integers(3, 50)
    assert_equal(student.linear_params(size, 1), size + 1)
    assert_equal(student.linear_params(1, size), size + size)
    assert_equal(student.linear_params(size, 1, bias=False), size)
    assert_equal(student.linear_params(1, size, bias=False), size)
    assert_equal(student.linear_params(1, 1), 2)
    assert_equal(student.linear_params(1, 1, bias=False), 1)


@points(0.5)
@title(
    en="As many inputs as outputs",
    ru="Входов столько же, сколько выходов",
    hi="जितने इनपुट, उतने ही आउटपुट",
)
def test_square_layer(student, rng):
    size = rng.integers(4, 60)
    assert_equal(student.linear_params(size, size), size * (size + 1))
    assert_equal(student.linear_params(size, size, bias=False), size**2)


@points(0.5)
@title(
    en="Millions of parameters, exact to the last one",
    ru="Миллионы параметров, точно до последнего",
    hi="लाखों पैरामीटर, आख़िरी तक सटीक",
)
def test_large_layer(student, rng):
    # An even number of inputs and an odd number of outputs make the count odd; above 2**24 single precision rounds it.
    inputs, outputs = 2 * rng.integers(2100, 2200), 2 * rng.integers(2050, 2100) + 1
    assert_equal(student.linear_params(inputs, outputs), outputs * (inputs + 1))


@points(0.5)
@depends("test_weights_and_biases", "test_without_bias")
@title(
    en="Every call counts from the beginning",
    ru="Каждый вызов считает с начала",
    hi="हर कॉल नए सिरे से गिनती करती है",
)
def test_repeated_calls(student, rng):
    first, second, third = rng.distinct(2, 90, 3)
    for _ in range(2):
        assert_equal(student.linear_params(first, second), first * second + second)
        assert_equal(student.linear_params(second, third, bias=False), second * third)
        assert_equal(student.linear_params(first, second, bias=False), first * second)
        assert_equal(student.linear_params(second, first), first * second + first)
