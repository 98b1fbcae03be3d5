"""Traps, by what they catch.

Sizes: batch, length, number of heads and d_head all differ and d_head is no perfect square, so that scrambled heads, a
scale by d_model and attention along a wrong axis show. One head, heads of one feature, one position, one sequence.
Parameters: all eight are drawn at random, biases too, large enough to make the attention far from uniform. They are set
through the state dict, under second names as well, with whatever else the module keeps left as it is.
Masks: not symmetric, in every row one position allowed and one not; bool and numbers; every way to broadcast, also a
mask of its own for every head.
Gradients by value, for the input and the parameters. The bias of w_k is left out: it shifts a whole row of scores, so
that its gradient is zero and a solution may do without it.

The oracle runs torch's attention once for every head, on slices of the weight matrices.
"""

import torch
import torch.nn.functional as F

from grader.testing import (
    assert_close,
    assert_inputs_unchanged,
    assert_shape,
    depends,
    expect,
    gradients,
    points,
    raises,
    title,
)

LAYERS = ("w_q", "w_k", "w_v", "w_o")
SIZES = [2, 3, 5, 6]  # no perfect squares


def build(student, rng, d_model, num_heads, dtype="float32"):
    """A module of the student with random parameters, and those parameters."""
    module = student.MultiHeadAttention(d_model, num_heads)
    if dtype != "float32":
        module.to(dtype)
    parameters = {}
    for name in LAYERS:
        parameters[f"{name}.weight"] = rng.normal((d_model, d_model), std=1.3 / d_model**0.5, dtype=dtype)
        parameters[f"{name}.bias"] = rng.normal((d_model,), dtype=dtype)
    load(module, rng, parameters)
    return module, parameters


def load(module, rng, parameters):
    """Set the eight parameters, whatever other names they have in the module."""
    state = dict(module.state_dict())
    for name, parameter in parameters.items():
        expect(name in state, f"the module must have the parameter {name}")
        assert_shape(state[name], parameter.shape)
    twins = second_names(module, rng, state, parameters) if len(state) > len(parameters) else {}
    for name, parameter in parameters.items():
        state.update(dict.fromkeys([name, *twins.get(name, ())], parameter))
    module.load_state_dict(state)


def second_names(module, rng, state, parameters):
    """Other entries that are the known ones under a second name, as where the layers stand in a ModuleList as well.

    Every candidate gets a value of its own; those that are equal after loading are one tensor.
    """
    shapes = {parameter.shape for parameter in parameters.values()}
    module.load_state_dict(state | {name: rng.normal(tuple(old.shape)) for name, old in state.items() if old.shape in shapes})
    loaded = module.state_dict()
    others = [name for name in loaded if name not in parameters]
    return {name: [other for other in others if same(loaded[other], loaded[name])] for name in parameters}


def same(one, other):
    return one.shape == other.shape and bool((one == other).all())


def own_parameters(module, parameters):
    """The module's parameters that hold these values, whatever name comes first for them."""
    held = module.named_parameters().values()
    found = {name: next((own for own in held if same(own, value)), None) for name, value in parameters.items()}
    for name, own in found.items():
        expect(own is not None and own.requires_grad, f"{name} must be a parameter of its own, which can be trained")
    return found


def expected_output(parameters, num_heads, x, mask=None):
    batch, length, d_model = x.shape
    if mask is not None:
        mask = mask.bool().expand(batch, num_heads, length, length)
    d_head = d_model // num_heads
    contexts = []
    for head in range(num_heads):
        own = slice(head * d_head, (head + 1) * d_head)
        query, key, value = (
            F.linear(x, parameters[f"{name}.weight"][own], parameters[f"{name}.bias"][own]) for name in LAYERS[:3]
        )
        visible = None if mask is None else mask[:, head].contiguous()
        contexts.append(F.scaled_dot_product_attention(query, key, value, attn_mask=visible))
    return F.linear(torch.cat(contexts, dim=-1), parameters["w_o.weight"], parameters["w_o.bias"])


def some_positions(rng, *shape):
    """A random bool mask: in every row at least one position is allowed and at least one is not."""
    order = torch.from_numpy(rng.generator.random(shape).argsort(-1))
    return rng.boolean(shape).scatter(-1, order[..., :1], True).scatter(-1, order[..., 1:2], False)


@points(0.5)
@title(
    en="Four linear layers with weight and bias, each its own",
    ru="Четыре разных линейных слоя с весом и сдвигом",
    hi="weight और bias वाली चार अलग-अलग linear layers",
)
def test_layers(student, rng):
    d_model = 3 * rng.integers(2, 5)
    own_parameters(*build(student, rng, d_model, 3))
    linear = student.probe("holds_linear_layers", d_model, 3)
    expect(linear is True, "w_q, w_k, w_v and w_o must all be nn.Linear")


@points(1)
@title(
    en="ValueError where the heads do not divide the features",
    ru="ValueError, если признаки не делятся на головы поровну",
    hi="features heads में बराबर न बँटें तो ValueError",
)
def test_indivisible(student):
    for d_model, num_heads in ((4, 8), (7, 2), (9, 6), (5, 4), (1, 2)):
        with raises(ValueError):
            student.MultiHeadAttention(d_model, num_heads)


@points(2)
@title(
    en="The output for a batch of sequences",
    ru="Выход для батча последовательностей",
    hi="sequences के एक बैच का output",
)
def test_batch(student, rng):
    batch, length, heads, d_head = rng.shuffled(SIZES)
    module, parameters = build(student, rng, heads * d_head, heads)
    x = rng.normal((batch, length, heads * d_head))
    assert_close(module(x), expected_output(parameters, heads, x))


@points(1)
@title(
    en="One head, narrow heads, one position, one sequence",
    ru="Одна голова, узкие головы, одна позиция, одна последовательность",
    hi="एक head, एक-feature वाले heads, एक position, एक sequence",
)
def test_sizes_of_one(student, rng):
    batch, length, heads, d_head = rng.shuffled(SIZES)
    for b, t, h, d in (
        (batch, length, 1, d_head),
        (batch, length, heads, 1),
        (batch, 1, heads, d_head),
        (1, length, heads, d_head),
        (1, 1, 1, 1),
    ):
        module, parameters = build(student, rng, h * d, h)
        x = rng.normal((b, t, h * d))
        assert_close(module(x), expected_output(parameters, h, x))


@points(1)
@title(
    en="One mask for all sequences and heads",
    ru="Одна маска на все последовательности и головы",
    hi="सभी sequences और heads के लिए एक मास्क",
)
def test_shared_mask(student, rng):
    batch, length, heads, d_head = rng.shuffled(SIZES)
    module, parameters = build(student, rng, heads * d_head, heads)
    x = rng.normal((batch, length, heads * d_head))
    causal = torch.ones(length, length, dtype=torch.bool).tril()
    for mask in (causal, some_positions(rng, length, length), some_positions(rng, length)):
        expected = expected_output(parameters, heads, x, mask)
        assert_close(module(x, mask), expected)
        assert_close(module(x, mask=mask), expected)


@points(1)
@title(
    en="Masks of their own for sequences and heads",
    ru="Своя маска у каждой последовательности и головы",
    hi="हर sequence और हर head का अपना मास्क",
)
def test_broadcast_masks(student, rng):
    batch, length, heads, d_head = rng.shuffled(SIZES)
    module, parameters = build(student, rng, heads * d_head, heads)
    x = rng.normal((batch, length, heads * d_head))
    for shape in (
        (batch, 1, 1, length),
        (1, 1, length, length),
        (batch, 1, length, length),
        (1, heads, 1, length),
        (heads, length, length),
        (batch, heads, length, length),
    ):
        mask = some_positions(rng, *shape)
        assert_close(module(x, mask), expected_output(parameters, heads, x, mask))


@points(1)
@title(
    en="Masks of numbers",
    ru="Маски из чисел",
    hi="संख्याओं वाले मास्क",
)
def test_numeric_masks(student, rng):
    batch, length, heads, d_head = rng.shuffled(SIZES)
    module, parameters = build(student, rng, heads * d_head, heads)
    x = rng.normal((batch, length, heads * d_head))
    mask = some_positions(rng, length, length)
    expected = expected_output(parameters, heads, x, mask)
    for dtype in (torch.float32, torch.float64, torch.int64, torch.uint8):
        assert_close(module(x, mask.to(dtype)), expected)


@points(0.5)
@depends("test_batch")
@title(
    en="Large scores, and hidden positions with the largest",
    ru="Большие оценки, в том числе у скрытых позиций",
    hi="बड़े scores, छिपी positions पर भी",
)
def test_large_scores(student, rng):
    # Heads of one feature and identity matrices: position t has the score x_s * x_t, at most 1e4 and exact in float32.
    heads, d_model = 3, 3
    module, _ = build(student, rng, d_model, heads)
    weights = {f"{name}.weight": torch.eye(d_model) for name in LAYERS}
    load(module, rng, weights | {f"{name}.bias": torch.zeros(d_model) for name in LAYERS})
    levels = [-100.0, -60.0, 20.0, 40.0, 80.0, 100.0]
    x = torch.tensor([rng.shuffled(levels) for _ in range(heads)]).T[None].contiguous()
    scores = x.transpose(1, 2)[..., :, None] * x.transpose(1, 2)[..., None, :]
    # Either everything is visible, or for each position only the one that it agrees with least.
    for mask in (None, scores == scores.amin(-1, keepdim=True)):
        visible = scores if mask is None else scores.masked_fill(~mask, -1e6)
        winner = visible.argmax(-1).transpose(1, 2)
        assert_close(module(x, mask), x.gather(1, winner))


@points(1)
@depends("test_batch")
@title(
    en="Gradients of the input and the parameters",
    ru="Градиенты по входу и по параметрам",
    hi="input और parameters के gradients",
)
def test_gradients(student, rng):
    batch, length, heads, d_head = rng.shuffled(SIZES)
    d_model = heads * d_head
    module, parameters = build(student, rng, d_model, heads)
    names = [name for name in parameters if name != "w_k.bias"]
    x, upstream = rng.normal((batch, length, d_model)).requires_grad_(), rng.normal((batch, length, d_model))
    for mask in (None, some_positions(rng, length, length)):
        own = own_parameters(module, parameters)
        actual = gradients(module(x, mask), [x, *(own[name] for name in names)], upstream)
        copies = {name: parameter.clone().requires_grad_() for name, parameter in parameters.items()}
        expected = expected_output(copies, heads, x, mask)
        # A weight collects up to thirty terms of either sign, which may cancel: hence the wider absolute tolerance.
        assert_close(actual, gradients(expected, [x, *(copies[name] for name in names)], upstream), atol=1e-4)


@points(0.5)
@title(
    en="float64, and an input that is not contiguous",
    ru="float64 и вход с разрывами в памяти (non-contiguous)",
    hi="float64 और non-contiguous input",
)
def test_float64_and_strides(student, rng):
    batch, length, heads, d_head = rng.shuffled(SIZES)
    module, parameters = build(student, rng, heads * d_head, heads, dtype="float64")
    x = rng.normal((length, heads * d_head, batch), dtype="float64").permute(2, 0, 1)
    mask = some_positions(rng, batch, 1, 1, length).expand(batch, 1, length, length)
    assert_close(module(x), expected_output(parameters, heads, x))
    assert_close(module(x, mask), expected_output(parameters, heads, x, mask))


@points(0.5)
@title(
    en="Calls and modules do not disturb each other or their arguments",
    ru="Вызовы и модули не мешают друг другу и не портят аргументы",
    hi="calls और modules न एक-दूसरे को बदलें, न arguments को",
)
def test_calls_are_independent(student, rng):
    batch, length, heads, d_head = rng.shuffled(SIZES)
    d_model = heads * d_head
    built = [build(student, rng, d_model, heads), build(student, rng, d_model, d_head)]
    counts = (heads, d_head)
    inputs = [rng.normal((batch, length, d_model)), rng.normal((length, batch, d_model))]
    mask = some_positions(rng, length, length).float()
    calls = [(0, 0, mask), (1, 1, None), (0, 0, None), (1, 0, mask), (0, 1, None), (0, 0, mask)]
    answers = [built[m][0](inputs[i], given) for m, i, given in calls]
    for module, _ in built:
        module.eval()
    answers += [built[m][0](inputs[i], given) for m, i, given in calls]
    for answer, (m, i, given) in zip(answers, calls * 2, strict=True):
        assert_close(answer, expected_output(built[m][1], counts[m], inputs[i], given))
    assert_inputs_unchanged(student)
