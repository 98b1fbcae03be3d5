"""Traps: B, I and H all differ, or meet 4H and each other on purpose; the two biases are never zero together nor
equal; the previous h and c differ, so swapped or forgotten states show; sizes of 1; memories and sums too large to be
clipped unseen and for exponentials in single precision; float64; strided and transposed inputs; gradients of h and of
c by value, for all seven tensors and for the parameters alone; results of an earlier call stay as they were; tensors
are filled anew between two calls, as an optimiser does.

The oracle is torch's own cell.
"""

import pytest
import torch

from grader.testing import assert_close, assert_inputs_unchanged, depends, gradients, points, title


def draw(rng, batch, input_size, hidden_size, dtype="float32"):
    """x, h, c, weight_ih, weight_hh, bias_ih, bias_hh; the spread keeps the gates away from saturation."""
    gates = 4 * hidden_size
    x = rng.normal((batch, input_size), dtype=dtype)
    h, c = rng.normal((batch, hidden_size), dtype=dtype), rng.normal((batch, hidden_size), std=1.5, dtype=dtype)
    weight_ih = rng.normal((gates, input_size), std=0.6, dtype=dtype)
    weight_hh = rng.normal((gates, hidden_size), std=0.6, dtype=dtype)
    return [x, h, c, weight_ih, weight_hh, rng.normal((gates,), dtype=dtype), rng.normal((gates,), dtype=dtype)]


def arguments(tensors):
    x, h, c, *parameters = tensors
    return [x, (h, c), *parameters]


def answer(student, tensors):
    return student.lstm_cell(*arguments(tensors))


def oracle(tensors):
    return torch.lstm_cell(*arguments(tensors))


def check(student, *cases):
    for (h, c), tensors in zip(student.each([arguments(tensors) for tensors in cases]), cases, strict=True):
        expected_h, expected_c = oracle(tensors)
        assert_close(c, expected_c, hint="The new memory is off: check the order of the blocks, the gates and the candidate.")
        assert_close(h, expected_h, hint="The memory is right, the hidden state made from it is not.")


@points(1)
@title(
    en="Gates, memory and hidden state without biases",
    ru="Вентили, память и скрытое состояние без смещений",
    hi="bias के बिना gate, मेमोरी और hidden state",
)
def test_gates_without_biases(student, rng):
    tensors = draw(rng, *rng.distinct(2, 8, 3))
    tensors[5], tensors[6] = torch.zeros_like(tensors[5]), torch.zeros_like(tensors[6])
    check(student, tensors)


@points(1)
@title(
    en="Both biases are added to the sums",
    ru="К суммам прибавляются оба смещения",
    hi="योग में दोनों bias जुड़ते हैं",
)
def test_both_biases(student, rng):
    check(student, draw(rng, *rng.distinct(2, 8, 3)))


@points(1)
@pytest.mark.parametrize("sizes", [[(1, 1, 1), (1, 5, 3)], [(4, 8, 2), (8, 3, 2)]], ids=["one", "four-times-hidden"])
@title(
    en="Sizes of one and sizes that meet",
    ru="Размеры, равные единице, и совпадающие размеры",
    hi="एक के बराबर आकार और आपस में मिलते आकार",
)
def test_sizes(student, rng, sizes):
    check(student, *(draw(rng, *each) for each in sizes))


@points(0.5)
@title(
    en="A memory far from zero and gates nearly open or closed",
    ru="Память далеко от нуля и почти открытые или закрытые вентили",
    hi="शून्य से बहुत दूर की मेमोरी और लगभग खुले या बंद gate",
)
def test_large_values(student, rng):
    batch, input_size, hidden_size = rng.distinct(3, 8, 3)
    tensors = draw(rng, batch, input_size, hidden_size)
    tensors[0] = rng.normal((batch, input_size), std=4.0)
    tensors[2] = rng.uniform((batch, hidden_size), -200.0, 200.0)
    shut = draw(rng, batch, input_size, hidden_size)
    shut[5] = torch.tensor(rng.shuffled([-150.0, 150.0] * (2 * hidden_size)))
    check(student, tensors, shut)


@points(0.5)
@title(
    en="float64 tensors",
    ru="Тензоры float64",
    hi="float64 टेंसर",
)
def test_float64(student, rng):
    check(student, draw(rng, *rng.distinct(2, 8, 3), dtype="float64"))


@points(1)
@title(
    en="Tensors that are not contiguous",
    ru="Тензоры, не непрерывные в памяти",
    hi="जो टेंसर contiguous नहीं हैं",
)
def test_strided_tensors(student, rng):
    batch, input_size, hidden_size = rng.distinct(2, 8, 3)
    gates = 4 * hidden_size
    sliced = draw(rng, batch, 2 * input_size, 2 * hidden_size)
    x, h, c, weight_ih, weight_hh, bias_ih, bias_hh = sliced
    every_other = [x[:, ::2], h[:, 1::2], c[:, :hidden_size], weight_ih[::2, ::2], weight_hh[1::2, ::2]]
    shapes = (input_size, batch), (hidden_size, batch), (hidden_size, batch), (input_size, gates), (hidden_size, gates)
    transposed = [rng.normal(shape, std=0.8).T for shape in shapes]
    check(
        student,
        [*every_other, bias_ih[::2], bias_hh[1::2]],
        [*transposed, rng.normal((gates,)), rng.normal((gates,))],
    )


@points(2)
@title(
    en="Gradients to input, state, weights and biases",
    ru="Градиенты по входу, состоянию, весам и смещениям",
    hi="इनपुट, state, weights और bias तक gradient",
)
def test_gradients(student, rng):
    batch, input_size, hidden_size = rng.distinct(2, 8, 3)
    tensors = [tensor.requires_grad_() for tensor in draw(rng, batch, input_size, hidden_size)]
    actual, expected = answer(student, tensors), oracle(tensors)
    assert_close(actual, expected)
    weights = rng.normal((2, batch, hidden_size))
    actual, expected = ((h * weights[0] + c * weights[1]).sum() for h, c in (actual, expected))
    assert_close(gradients(actual, tensors), gradients(expected, tensors))


@points(0.5)
@title(
    en="Gradients when only the parameters want them, in float64",
    ru="Градиенты, когда они нужны только параметрам, в float64",
    hi="gradient जब केवल parameters को चाहिए, float64 में",
)
def test_gradients_of_parameters_alone(student, rng):
    batch, input_size, hidden_size = rng.distinct(2, 8, 3)
    tensors = draw(rng, batch, input_size, hidden_size, dtype="float64")
    parameters = [tensor.requires_grad_() for tensor in tensors[3:]]
    (h, c), (expected_h, expected_c) = answer(student, tensors), oracle(tensors)
    assert_close((h, c), (expected_h, expected_c))
    weight = rng.normal((batch, hidden_size), dtype="float64")
    actual = gradients(h * weight + c, parameters)
    assert_close(actual, gradients(expected_h * weight + expected_c, parameters))


@points(0.5)
@title(
    en="Each call stands alone",
    ru="Каждый вызов независим от других",
    hi="हर कॉल अपने आप में पूरी है",
)
def test_calls_are_independent(student, rng):
    batch, input_size, hidden_size = rng.distinct(2, 8, 3)
    first = draw(rng, batch, input_size, hidden_size)
    second = draw(rng, batch, input_size, hidden_size)
    check(student, first, second, draw(rng, hidden_size, hidden_size, hidden_size))
    before, after = student.probe("refilled", arguments(first), arguments(second), returns=[["tensor"] * 2] * 2)
    assert_close(before, oracle(first), hint="The second call changed the results of the first.")
    assert_close(after, oracle(second), hint="The same tensors held other numbers in the second call.")


@points(1)
@depends("test_gates_without_biases")
@title(
    en="The tensors passed in stay as they were",
    ru="Переданные тензоры не меняются",
    hi="दिए गए टेंसर वैसे ही रहते हैं",
)
def test_inputs_unchanged(student, rng):
    answer(student, draw(rng, *rng.distinct(2, 8, 3)))
    assert_inputs_unchanged(student)
