"""Traps: B, T, I and H all differ, or meet each other on purpose; both biases count; the given state has different h
and c, and a memory too large to be clipped unseen and for exponentials in single precision; a hundred steps, one
step, one sample, one unit; time-major data seen through a transpose; float64 without a state; calls of other batch
sizes in a row, with other parameters, in train and eval mode; two layers at once; gradients of outputs, h and c by
value, for inputs, state and parameters; results of an earlier call stay as they were.

Parameters beside the four known ones are left as they are, unless they are the same tensors under a second name; only
where the layer starts from zeros they are moved, so that a start that is learned shows.
The oracle is torch's own layer.
"""

import pytest
import torch

from grader.testing import (
    assert_close,
    assert_inputs_unchanged,
    assert_shape,
    depends,
    expect,
    gradients,
    points,
    title,
)

NAMES = ("weight_ih.weight", "weight_hh.weight", "weight_ih.bias", "weight_hh.bias")  # the order of torch.lstm


def load(layer, rng, input_size, hidden_size, dtype="float32"):
    """Give the layer random parameters and return them in the order of NAMES."""
    layer.to(dtype)
    entries = dict(layer.state_dict())
    gates = 4 * hidden_size
    shapes = ((gates, input_size), (gates, hidden_size), (gates,), (gates,))
    for name, shape in zip(NAMES, shapes, strict=True):
        expect(name in entries, f"state_dict() must have the entry {name}")
        assert_shape(entries[name], shape)
    second_names = aliases(layer, rng, entries) if len(entries) > len(NAMES) else {}
    parameters = [rng.normal(shape, std=0.7, dtype=dtype) for shape in shapes]
    for name, value in zip(NAMES, parameters, strict=True):
        entries.update(dict.fromkeys([name, *second_names.get(name, ())], value))
    layer.load_state_dict(entries)
    return parameters


def aliases(layer, rng, entries):
    """Other entries that are the four known ones under a second name, as where a cell shares the layers of its owner.

    Every candidate gets a value of its own; the ones that are equal after loading are one tensor.
    """
    shapes = {entries[name].shape for name in NAMES}
    marked = {name: rng.normal(tuple(value.shape)) for name, value in entries.items() if value.shape in shapes}
    layer.load_state_dict(entries | marked)
    loaded = layer.state_dict()
    others = [name for name in marked if name not in NAMES]
    return {name: [other for other in others if same(loaded[other], loaded[name])] for name in NAMES}


def same(one, other):
    return one.shape == other.shape and bool((one == other).all())


def mirrors(layer, parameters):
    """The layer's parameters that hold these values, whatever name comes first for them."""
    held = layer.named_parameters().values()
    found = [next((own for own in held if same(own, value)), None) for value in parameters]
    for name, own in zip(NAMES, found, strict=True):
        expect(own is not None and own.requires_grad, f"{name} must be a parameter that can be trained")
    return found


def build(student, rng, input_size, hidden_size, dtype="float32"):
    layer = student.LSTM(input_size, hidden_size)
    return layer, load(layer, rng, input_size, hidden_size, dtype)


def train_the_rest(layer, rng, parameters):
    """Move every other parameter that can be trained, as an optimiser would; False where there is none."""
    others = [
        name
        for name, own in layer.named_parameters().items()
        if own.requires_grad and not any(same(own, value) for value in parameters)
    ]
    entries = dict(layer.state_dict())
    moved = {
        name: entries[name] + rng.normal(tuple(entries[name].shape))
        for name in others
        if name in entries and entries[name].is_floating_point()
    }
    if moved:
        layer.load_state_dict(entries | moved)
    return bool(moved)


def draw_state(rng, batch, hidden_size, dtype="float32"):
    return rng.normal((batch, hidden_size), dtype=dtype), rng.normal((batch, hidden_size), std=1.5, dtype=dtype)


def oracle(inputs, state, parameters):
    if state is None:
        zeros = torch.zeros(inputs.shape[0], parameters[1].shape[1], dtype=inputs.dtype)
        state = zeros, zeros
    start = tuple(tensor.unsqueeze(0) for tensor in state)
    outputs, h, c = torch.lstm(inputs, start, list(parameters), True, 1, 0.0, False, False, True)
    return outputs, (h.squeeze(0), c.squeeze(0))


def compare(actual, expected):
    outputs, (h, c) = actual
    expected_outputs, (expected_h, expected_c) = expected
    assert_close(outputs, expected_outputs, hint="Outputs are the hidden states of all steps, in order.")
    assert_close(h, expected_h, hint="Outputs are right; h is the hidden state after the last step.")
    assert_close(c, expected_c, hint="Outputs and h are right; c is the memory after the last step.")


@points(1)
@title(
    en="weight_ih and weight_hh are linear layers with bias, 4H wide",
    ru="weight_ih и weight_hh — линейные слои со смещением шириной 4H",
    hi="weight_ih और weight_hh bias वाली, 4H चौड़ी linear लेयर हैं",
)
def test_layers(student, rng):
    input_size, hidden_size = rng.distinct(2, 8, 2)
    for sizes in ((input_size, hidden_size), (hidden_size, input_size), (1, 1)):
        build(student, rng, *sizes)
    linear = student.probe("holds_linear_layers", input_size, hidden_size)
    expect(linear is True, "weight_ih and weight_hh must both be nn.Linear")


@points(1)
@title(
    en="Outputs and last state, starting from zeros",
    ru="Выходы и последнее состояние при нулевом начале",
    hi="शून्य से शुरू करके आउटपुट और आख़िरी state",
)
def test_zero_state(student, rng):
    batch, length, input_size, hidden_size = rng.distinct(2, 8, 4)
    layer, parameters = build(student, rng, input_size, hidden_size)
    inputs = rng.normal((batch, length, input_size))
    compare(layer(inputs), oracle(inputs, None, parameters))
    compare(layer(inputs, state=None), oracle(inputs, None, parameters))
    if train_the_rest(layer, rng, parameters):
        zeros = torch.zeros(batch, hidden_size)
        hint = "Without a state the layer starts from zeros, after training too; here it starts from something that is trained."
        assert_close(layer(inputs)[0], layer(inputs, (zeros, zeros))[0], hint=hint)


@points(1)
@title(
    en="Outputs and last state, starting from a given state",
    ru="Выходы и последнее состояние при переданном начале",
    hi="दी गई state से शुरू करके आउटपुट और आख़िरी state",
)
def test_given_state(student, rng):
    batch, length, input_size, hidden_size = rng.distinct(2, 8, 4)
    layer, parameters = build(student, rng, input_size, hidden_size)
    inputs, state = rng.normal((batch, length, input_size)), draw_state(rng, batch, hidden_size)
    compare(layer(inputs, state), oracle(inputs, state, parameters))
    state = rng.normal((batch, hidden_size)), rng.uniform((batch, hidden_size), -200.0, 200.0)
    compare(layer(inputs, state=state), oracle(inputs, state, parameters))


@points(0.5)
@pytest.mark.parametrize(
    ("batch", "length", "input_size", "hidden_size"),
    [(1, 1, 1, 1), (1, 6, 3, 2), (5, 1, 2, 3), (4, 4, 8, 2)],
    ids=["all-one", "one-sample", "one-step", "sizes-meet"],
)
@title(
    en="Sizes of one and sizes that meet",
    ru="Размеры, равные единице, и совпадающие размеры",
    hi="एक के बराबर आकार और आपस में मिलते आकार",
)
def test_sizes(student, rng, batch, length, input_size, hidden_size):
    layer, parameters = build(student, rng, input_size, hidden_size)
    inputs = rng.normal((batch, length, input_size))
    compare(layer(inputs), oracle(inputs, None, parameters))
    state = draw_state(rng, batch, hidden_size)
    compare(layer(inputs, state), oracle(inputs, state, parameters))


@points(0.5)
@title(
    en="float64, with and without a state",
    ru="float64 с состоянием и без него",
    hi="float64, state के साथ और बिना",
)
def test_float64(student, rng):
    batch, length, input_size, hidden_size = rng.distinct(2, 8, 4)
    layer, parameters = build(student, rng, input_size, hidden_size, "float64")
    inputs = rng.normal((batch, length, input_size), dtype="float64")
    state = draw_state(rng, batch, hidden_size, "float64")
    compare(layer(inputs, state), oracle(inputs, state, parameters))
    compare(layer(inputs), oracle(inputs, None, parameters))


@points(0.5)
@title(
    en="Inputs and states that are not contiguous",
    ru="Входы и состояния, не непрерывные в памяти",
    hi="इनपुट और state जो contiguous नहीं हैं",
)
def test_strided_tensors(student, rng):
    batch, length, input_size, hidden_size = rng.distinct(2, 8, 4)
    layer, parameters = build(student, rng, input_size, hidden_size)
    inputs = rng.normal((length, batch, 2 * input_size)).transpose(0, 1)[:, :, ::2]
    state = rng.normal((hidden_size, batch)).T, rng.normal((batch, 2 * hidden_size))[:, 1::2]
    compare(layer(inputs, state), oracle(inputs, state, parameters))
    compare(layer(inputs), oracle(inputs, None, parameters))


@points(0.5)
@pytest.mark.parametrize("result", ["outputs", "h", "c"])
@title(
    en="Gradients to inputs, state and parameters",
    ru="Градиенты по входам, состоянию и параметрам",
    hi="इनपुट, state और parameters तक gradient",
)
def test_gradients(student, rng, result):
    batch, length, input_size, hidden_size = rng.distinct(2, 7, 4)
    layer, parameters = build(student, rng, input_size, hidden_size)
    inputs = rng.normal((batch, length, input_size)).requires_grad_()
    state = tuple(tensor.requires_grad_() for tensor in draw_state(rng, batch, hidden_size))
    actual, expected = layer(inputs, state), oracle(inputs, state, [tensor.requires_grad_() for tensor in parameters])
    compare(actual, expected)

    def pick(results):
        outputs, (h, c) = results
        return {"outputs": outputs, "h": h, "c": c}[result]

    upstream = rng.normal(tuple(pick(expected).shape))
    mine = gradients(pick(actual), [inputs, *state, *mirrors(layer, parameters)], upstream)
    assert_close(mine, gradients(pick(expected), [inputs, *state, *parameters], upstream))


@points(0.5)
@title(
    en="Gradients of a loss in training, without a state",
    ru="Градиенты функции потерь при обучении, без состояния",
    hi="ट्रेनिंग में loss के gradient, बिना state के",
)
def test_gradients_in_training(student, rng):
    batch, length, input_size, hidden_size = rng.distinct(2, 7, 4)
    layer, parameters = build(student, rng, input_size, hidden_size, "float64")
    leaves = [tensor.requires_grad_() for tensor in parameters]

    def loss(results, weights):
        outputs, (h, c) = results
        return (outputs * weights).sum() + (h * c).sum()

    for steps, hint in ((length, ""), (rng.integers(101, 130), "A sequence of more than a hundred steps.")):
        inputs = rng.normal((batch, steps, input_size), dtype="float64")
        actual, expected = layer(inputs), oracle(inputs, None, leaves)
        compare(actual, expected)
        weights = rng.normal((batch, steps, hidden_size), dtype="float64")
        mine = gradients(loss(actual, weights), mirrors(layer, parameters))
        assert_close(mine, gradients(loss(expected, weights), parameters), hint=hint)


@points(0.5)
@title(
    en="Each call stands alone and reads the parameters of the day",
    ru="Каждый вызов независим и берёт текущие параметры",
    hi="हर कॉल अपने आप में पूरी है और ताज़ा parameters पढ़ती है",
)
def test_calls_are_independent(student, rng):
    batch, length, input_size, hidden_size = rng.distinct(2, 7, 4)
    layer, parameters = build(student, rng, input_size, hidden_size)
    inputs = rng.normal((batch, length, input_size))
    compare(layer(inputs), oracle(inputs, None, parameters))
    layer.eval()
    again, other = rng.normal((batch, length, input_size)), rng.normal((batch + 1, length + 2, input_size))
    compare(layer(again), oracle(again, None, parameters))
    compare(layer(other), oracle(other, None, parameters))
    layer.train()
    changed = load(layer, rng, input_size, hidden_size)
    compare(layer(inputs), oracle(inputs, None, changed))
    three = ["tensor", "tensor", "tensor"]
    after, before = student.probe("first_of_two", input_size, hidden_size, inputs, again, returns=[three, three])
    assert_close(after, before, hint="The second call changed the results of the first.")


@points(0.5)
@title(
    en="Two layers share nothing",
    ru="У двух слоёв нет ничего общего",
    hi="दो लेयरों में कुछ भी साझा नहीं",
)
def test_two_layers(student, rng):
    batch, length, input_size, hidden_size = rng.distinct(2, 8, 4)
    one, parameters_of_one = build(student, rng, input_size, hidden_size)
    two, parameters_of_two = build(student, rng, input_size, hidden_size)
    three, parameters_of_three = build(student, rng, hidden_size, input_size)
    inputs, others = rng.normal((batch, length, input_size)), rng.normal((batch, length, hidden_size))
    compare(one(inputs), oracle(inputs, None, parameters_of_one))
    compare(two(inputs), oracle(inputs, None, parameters_of_two))
    compare(three(others), oracle(others, None, parameters_of_three))


@points(0.5)
@depends("test_zero_state")
@title(
    en="The default state lives on the device of the inputs",
    ru="Состояние по умолчанию лежит на устройстве входов",
    hi="default state इनपुट वाले device पर रहती है",
)
def test_device_of_the_default_state(student, rng):
    batch, length, input_size, hidden_size = rng.distinct(2, 8, 4)
    inputs, state = rng.normal((batch, length, input_size)), draw_state(rng, batch, hidden_size)
    mixed = student.probe("mixes_devices", inputs, state)
    expect(mixed is False, "with inputs and parameters on another device than the CPU, the default state must be there too")


@points(0.5)
@depends("test_zero_state")
@title(
    en="Inputs and state stay as they were",
    ru="Входы и состояние не меняются",
    hi="इनपुट और state वैसे ही रहते हैं",
)
def test_inputs_unchanged(student, rng):
    for sizes in (rng.distinct(2, 8, 4), (1, 1, 1, 1)):
        batch, length, input_size, hidden_size = sizes
        layer, _ = build(student, rng, input_size, hidden_size)
        inputs = rng.normal((batch, length, input_size))
        layer(inputs)
        layer(inputs, draw_state(rng, batch, hidden_size))
    assert_inputs_unchanged(student)
