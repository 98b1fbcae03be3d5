"""The cases a student tries first."""

import torch

from grader.testing import assert_close, assert_shape, expect, title


@title(
    en="The worked example of the statement",
    ru="Пример из условия",
    hi="प्रश्न में हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    h, c = student.lstm_cell(
        torch.tensor([[2.0]]),
        (torch.tensor([[0.5]]), torch.tensor([[1.1]])),
        torch.tensor([[0.4], [-0.2], [0.3], [-0.5]]),
        torch.tensor([[0.2], [0.6], [-0.4], [0.4]]),
        torch.tensor([0.1, 0.2, 0.2, -0.1]),
        torch.tensor([0.0986, -0.1, 0.0931, -0.1986]),
    )
    assert_close(c, torch.tensor([[1.0]]), atol=1e-3, hint="Compare your four sums with the table of the statement.")
    assert_close(h, torch.tensor([[0.1904]]), atol=1e-3, hint="The memory is right: what is shown of it?")


@title(
    en="Both results have one row per sample and H columns",
    ru="В обоих результатах строка на объект и H столбцов",
    hi="दोनों परिणामों में हर सैंपल की एक पंक्ति और H स्तंभ",
)
def test_shapes(student, rng):
    batch, input_size, hidden_size = 3, 5, 2
    h, c = student.lstm_cell(
        rng.normal((batch, input_size)),
        (rng.normal((batch, hidden_size)), rng.normal((batch, hidden_size))),
        rng.normal((4 * hidden_size, input_size)),
        rng.normal((4 * hidden_size, hidden_size)),
        rng.normal((4 * hidden_size,)),
        rng.normal((4 * hidden_size,)),
    )
    assert_shape(h, (batch, hidden_size))
    assert_shape(c, (batch, hidden_size))


@title(
    en="With all weights and biases zero, half of the memory stays",
    ru="При нулевых весах и смещениях остаётся половина памяти",
    hi="सारे weights और bias शून्य हों तो आधी मेमोरी बचती है",
)
def test_zero_parameters_halve_the_memory(student, rng):
    x, h, c = rng.normal((4, 3)), rng.normal((4, 2)), rng.normal((4, 2))
    zeros = torch.zeros(8, 3), torch.zeros(8, 2), torch.zeros(8), torch.zeros(8)
    _, memory = student.lstm_cell(x, (h, c), *zeros)
    assert_close(memory, c / 2, hint="Every gate is sigmoid(0) here and the candidate is tanh(0).")


@title(
    en="A closed input gate and an open forget gate keep the memory",
    ru="Закрытый входной и открытый вентиль забывания сохраняют память",
    hi="input gate बंद और forget gate खुला हो तो मेमोरी जस की तस रहती है",
)
def test_gates_can_keep_the_memory(student, rng):
    x, h, c = rng.normal((4, 3)), rng.normal((4, 2)), rng.normal((4, 2))
    weights = rng.normal((8, 3), std=0.1), rng.normal((8, 2), std=0.1)
    bias = torch.tensor([-40.0, -40.0, 40.0, 40.0, 0.0, 0.0, 0.0, 0.0])
    _, memory = student.lstm_cell(x, (h, c), *weights, bias, torch.zeros(8))
    assert_close(memory, c, hint="Look at the order of the four blocks.")


@title(
    en="The result depends on the weights in a differentiable way",
    ru="Результат дифференцируем по весам",
    hi="परिणाम weights के सापेक्ष differentiable है",
)
def test_gradients_exist(student, rng):
    weight = rng.normal((8, 3)).requires_grad_()
    state = rng.normal((4, 2)), rng.normal((4, 2))
    h, c = student.lstm_cell(rng.normal((4, 3)), state, weight, rng.normal((8, 2)), rng.normal((8,)), rng.normal((8,)))
    expect(h.requires_grad and c.requires_grad, "h and c must stay connected to the weights, so that backward() works")
