"""What a student would try first: the worked example, shapes, rows that sum to one, a mask."""

import math

import torch

from grader.testing import assert_close, assert_shape, expect, title

WORKED_EXAMPLE = (
    torch.tensor([[2.0, 0.0, 0.0, 0.0]]),
    torch.tensor([[math.log(3), 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]),
    torch.tensor([[4.0, 0.0], [0.0, 8.0]]),
)


@title(
    en="The worked example",
    ru="Разобранный пример",
    hi="हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    context, weights = student.scaled_dot_product_attention(*WORKED_EXAMPLE)
    assert_close(weights, torch.tensor([[0.75, 0.25]]))
    assert_close(context, torch.tensor([[3.0, 2.0]]))


@title(
    en="The worked example with a mask",
    ru="Разобранный пример с маской",
    hi="मास्क के साथ वही उदाहरण",
)
def test_worked_example_with_a_mask(student):
    for mask in (torch.tensor([[True, False]]), torch.tensor([[1, 0]])):
        context, weights = student.scaled_dot_product_attention(*WORKED_EXAMPLE, mask=mask)
        assert_close(weights, torch.tensor([[1.0, 0.0]]))
        assert_close(context, torch.tensor([[4.0, 0.0]]))


@title(
    en="Shapes with a batch and heads",
    ru="Формы при батче и нескольких головах",
    hi="बैच और heads के साथ shapes",
)
def test_shapes(student, rng):
    query, key, value = rng.normal((2, 3, 5, 6)), rng.normal((2, 3, 7, 6)), rng.normal((2, 3, 7, 4))
    context, weights = student.scaled_dot_product_attention(query, key, value)
    assert_shape(context, (2, 3, 5, 4))
    assert_shape(weights, (2, 3, 5, 7))


@title(
    en="The weights of each query sum to one",
    ru="Веса каждого запроса в сумме дают единицу",
    hi="हर query के weights का योग 1 है",
)
def test_weights_sum_to_one(student, rng):
    query, key, value = rng.normal((2, 5, 8)), rng.normal((2, 7, 8)), rng.normal((2, 7, 3))
    mask = torch.ones(5, 7, dtype=torch.bool).tril()
    for given in (None, mask):
        _, weights = student.scaled_dot_product_attention(query, key, value, given)
        assert_close(weights.sum(-1), torch.ones(2, 5))


@title(
    en="A padded key gets no weight",
    ru="Ключ-заполнитель (padding) не получает веса",
    hi="padding वाली key को कोई weight नहीं मिलता",
)
def test_padding_gets_no_weight(student, rng):
    query, key, value = rng.normal((2, 5, 8)), rng.normal((2, 7, 8)), rng.normal((2, 7, 3))
    mask = torch.tensor([[1, 1, 1, 1, 1, 0, 0]])
    _, weights = student.scaled_dot_product_attention(query, key, value, mask)
    assert_shape(weights, (2, 5, 7))
    expect(weights[..., 5:].abs().max() < 1e-6, "weights of excluded keys must be below 1e-6")
