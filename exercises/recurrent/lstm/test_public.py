"""The cases a student tries first."""

import torch

from grader.testing import assert_close, assert_shape, expect, title


def make_layer(student):
    layer = student.LSTM(3, 2)
    layer.to("float32")
    return layer


@title(
    en="The worked example of the statement",
    ru="Пример из условия",
    hi="प्रश्न में हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    outputs, (h, c) = student.probe("worked_example", returns=["tensor", ["tensor", "tensor"]])
    assert_close(outputs, torch.tensor([[[0.2185], [0.1660]]]), atol=1e-3)
    assert_close(h, torch.tensor([[0.1660]]), atol=1e-3)
    assert_close(c, torch.tensor([[0.2250]]), atol=1e-3)


@title(
    en="Two layers with four blocks of rows, each with a bias",
    ru="Два слоя по четыре блока строк, оба со смещением",
    hi="दो लेयर, चार-चार ब्लॉक, दोनों में bias",
)
def test_parameters(student):
    entries = student.LSTM(3, 2).state_dict()
    for name, shape in {
        "weight_ih.weight": (8, 3),
        "weight_ih.bias": (8,),
        "weight_hh.weight": (8, 2),
        "weight_hh.bias": (8,),
    }.items():
        expect(name in entries, f"state_dict() must have the entry {name}")
        assert_shape(entries[name], shape)


@title(
    en="One output per step, one last state per sample",
    ru="Выход на каждый шаг, последнее состояние на каждый объект",
    hi="हर स्टेप का एक आउटपुट, हर सैंपल की एक आख़िरी state",
)
def test_shapes(student, rng):
    outputs, (h, c) = make_layer(student)(rng.normal((4, 5, 3)))
    assert_shape(outputs, (4, 5, 2))
    assert_shape(h, (4, 2))
    assert_shape(c, (4, 2))
    assert_close(outputs[:, -1], h, hint="The last output and the returned hidden state are the same thing.")


@title(
    en="Two halves with the state handed over equal the whole",
    ru="Две половины с передачей состояния дают то же, что целое",
    hi="state सौंपते हुए पढ़े दो हिस्से पूरे अनुक्रम के बराबर हैं",
)
def test_halves_equal_the_whole(student, rng):
    layer = make_layer(student)
    inputs = rng.normal((4, 6, 3))
    outputs, (h, c) = layer(inputs)
    first, state = layer(inputs[:, :2])
    second, (last_h, last_c) = layer(inputs[:, 2:], state)
    assert_shape(first, (4, 2, 2))
    assert_shape(second, (4, 4, 2))
    assert_close(torch.cat([first, second], dim=1), outputs)
    assert_close((last_h, last_c), (h, c))


@title(
    en="The outputs depend on the parameters in a differentiable way",
    ru="Выходы дифференцируемы по параметрам",
    hi="आउटपुट parameters के सापेक्ष differentiable हैं",
)
def test_gradients_exist(student, rng):
    outputs, (h, c) = make_layer(student)(rng.normal((4, 5, 3)))
    for name, tensor in {"outputs": outputs, "h": h, "c": c}.items():
        expect(tensor.requires_grad, f"{name} must stay connected to the parameters, so that backward() works")
