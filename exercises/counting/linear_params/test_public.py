"""What a student tries first: the worked example and the large layer of the statement."""

from grader.testing import assert_equal, title


@title(
    en="The worked example: 3 inputs, 2 outputs",
    ru="Разобранный пример: 3 входа, 2 выхода",
    hi="हल किया हुआ उदाहरण: 3 इनपुट, 2 आउटपुट",
)
def test_worked_example(student):
    assert_equal(student.linear_params(3, 2), 8)


@title(
    en="The same layer without bias",
    ru="Тот же слой без смещения",
    hi="वही लेयर, बिना बायस के",
)
def test_without_bias(student):
    assert_equal(student.linear_params(3, 2, bias=False), 6)


@title(
    en="One output, as in a binary classifier",
    ru="Один выход, как у бинарного классификатора",
    hi="एक आउटपुट, जैसे बाइनरी क्लासिफ़ायर में",
)
def test_one_output(student):
    assert_equal(student.linear_params(10, 1), 11)


@title(
    en="From 64 maps of 24 x 24 to 512 units",
    ru="От 64 карт 24 x 24 к 512 нейронам",
    hi="24 x 24 के 64 मैप से 512 न्यूरॉन तक",
)
def test_flattened_feature_maps(student):
    assert_equal(student.linear_params(64 * 24 * 24, 512), 18_874_880)
