"""What a student would try first: the layers, the worked example, the constructor's error, causality."""

import torch

from grader.testing import assert_close, assert_shape, expect, raises, title


@title(
    en="Four linear layers with biases",
    ru="Четыре линейных слоя со сдвигами",
    hi="bias वाली चार linear layers",
)
def test_layers(student):
    state = student.MultiHeadAttention(6, 3).state_dict()
    for name in ("w_q", "w_k", "w_v", "w_o"):
        expect(f"{name}.weight" in state and f"{name}.bias" in state, f"{name} must be an nn.Linear with a bias")
        assert_shape(state[f"{name}.weight"], (6, 6))
        assert_shape(state[f"{name}.bias"], (6,))


@title(
    en="The worked example",
    ru="Разобранный пример",
    hi="हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    output = student.probe("worked_example", returns="tensor")
    assert_close(output, torch.tensor([[[0.75, 1.5], [0.5, 1.75]]]))


@title(
    en="The worked example with a causal mask",
    ru="Разобранный пример с причинной маской",
    hi="कॉज़ल मास्क के साथ वही उदाहरण",
)
def test_worked_example_with_a_mask(student):
    for mask in (torch.tensor([[True, False], [True, True]]), torch.tensor([[1, 0], [1, 1]])):
        output = student.probe("worked_example", mask, returns="tensor")
        assert_close(output, torch.tensor([[[1.0, 1.0], [0.5, 1.75]]]))


@title(
    en="The output has the shape of the input",
    ru="Форма выхода такая же, как у входа",
    hi="output का shape input जैसा ही",
)
def test_shape(student, rng):
    assert_shape(student.MultiHeadAttention(12, 3)(rng.normal((2, 5, 12))), (2, 5, 12))


@title(
    en="Heads must share the features evenly",
    ru="Признаки должны делиться между головами поровну",
    hi="features heads में बराबर बँटने चाहिए",
)
def test_indivisible(student):
    with raises(ValueError):
        student.MultiHeadAttention(10, 4)


@title(
    en="The future does not change the past",
    ru="Будущее не меняет прошлого",
    hi="भविष्य अतीत को नहीं बदलता",
)
def test_causality(student, rng):
    module = student.MultiHeadAttention(8, 2)
    mask = torch.ones(6, 6, dtype=torch.bool).tril()
    x = rng.normal((2, 6, 8))
    changed = torch.cat([x[:, :4], rng.normal((2, 2, 8))], dim=1)
    assert_close(module(changed, mask)[:, :4], module(x, mask)[:, :4])
