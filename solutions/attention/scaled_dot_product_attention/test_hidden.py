"""Traps, by what they catch.

Sizes: batch, L, S, d_k and d_v all differ and none is a perfect square, so that a wrong root, a wrong axis or a rounded
root shows; no leading dimension, one, two and three of them; every size is 1 once.
Masks: neither square nor symmetric; in every row one key is allowed and one is not; bool and numbers of several dtypes;
a mask that came from NumPy is float64 while the queries are float32; every way to broadcast.
Numbers: scores of exactly ±1e4; rows whose maxima lie far apart; excluded keys whose scores are 2e4 above the allowed
ones. Winning scores are at least 800 apart there, so that the order of the operations cannot matter in float32.
Gradients are compared by value, with and without a mask, through the context and through the weights.
Calls: the caller fills tensors anew, and the very same objects come again.
"""

import torch
import torch.nn.functional as F

from grader.testing import assert_close, assert_inputs_unchanged, assert_shape, expect, gradients, points, title

SIZES = [2, 3, 5, 6, 7]  # no perfect squares


def some_keys(rng, *shape):
    """A random bool mask: in every row at least one key is allowed and at least one is not."""
    order = torch.from_numpy(rng.generator.random(shape).argsort(-1))
    return rng.boolean(shape).scatter(-1, order[..., :1], True).scatter(-1, order[..., 1:2], False)


def expected_attention(query, key, value, mask=None):
    """Context and weights by their definition; `test_batch` asks torch's own attention as well."""
    scores = torch.einsum("...ld,...sd->...ls", query, key) * query.size(-1) ** -0.5
    if mask is not None:
        scores = torch.where(mask.bool(), scores, -torch.inf)
    weights = torch.softmax(scores, -1)
    return torch.matmul(weights, value), weights


def check(student, cases):
    for answer, case in zip(student.each(cases), cases, strict=True):
        assert_close(answer, expected_attention(*case))


def random_inputs(rng, lead, length, keys, width, values, dtype="float32"):
    shapes = ((*lead, length, width), (*lead, keys, width), (*lead, keys, values))
    return tuple(rng.normal(shape, dtype=dtype) for shape in shapes)


@points(1)
@title(
    en="Context and weights of a batch",
    ru="Контекст и веса для батча",
    hi="एक बैच के लिए context और weights",
)
def test_batch(student, rng):
    batch, length, keys, width, values = rng.shuffled(SIZES)
    inputs = random_inputs(rng, (batch,), length, keys, width, values)
    context, weights = student.scaled_dot_product_attention(*inputs)
    assert_shape(weights, (batch, length, keys))
    assert_close(context, F.scaled_dot_product_attention(*inputs))
    assert_close(weights, expected_attention(*inputs)[1])


@points(1)
@title(
    en="Plain matrices, without leading dimensions",
    ru="Просто матрицы, без ведущих размерностей",
    hi="सिर्फ़ मैट्रिक्स: आगे कोई अतिरिक्त dimension नहीं",
)
def test_no_leading_dimension(student, rng):
    length, keys, width, values, _ = rng.shuffled(SIZES)
    inputs = random_inputs(rng, (), length, keys, width, values)
    assert_close(student.scaled_dot_product_attention(*inputs), expected_attention(*inputs))


@points(0.5)
@title(
    en="Several leading dimensions",
    ru="Несколько ведущих размерностей",
    hi="आगे कई dimensions",
)
def test_more_leading_dimensions(student, rng):
    batch, heads, length, keys, width = rng.shuffled(SIZES)
    check(student, [random_inputs(rng, lead, length, keys, width, 4) for lead in ((batch, heads), (2, heads, 3))])


@points(0.5)
@title(
    en="Sizes of one",
    ru="Размерности, равные единице",
    hi="आकार 1 वाले dimensions",
)
def test_sizes_of_one(student, rng):
    batch, length, keys, width, values = rng.shuffled(SIZES)
    sizes = (
        ((1, batch), 1, keys, width, values),
        ((batch, 1), length, 1, width, values),
        ((batch,), length, keys, 1, 1),
        ((1,), 1, 1, 1, 1),
    )
    check(student, [random_inputs(rng, *each) for each in sizes])


@points(1)
@title(
    en="A bool mask, its own for every sequence",
    ru="Булева маска, своя для каждой последовательности",
    hi="bool मास्क, हर sequence के लिए अलग",
)
def test_bool_mask(student, rng):
    batch, length, keys, width, values = rng.shuffled(SIZES)
    inputs = random_inputs(rng, (batch,), length, keys, width, values)
    mask = some_keys(rng, batch, length, keys)
    context, weights = student.scaled_dot_product_attention(*inputs, mask)
    assert_close((context, weights), expected_attention(*inputs, mask))
    expect(weights[~mask].abs().max() < 1e-6, "weights of excluded keys must be below 1e-6")


@points(0.5)
@title(
    en="A mask of floating-point zeros and ones",
    ru="Маска из вещественных нулей и единиц",
    hi="float 0 और 1 का मास्क",
)
def test_float_mask(student, rng):
    batch, length, keys, width, values = rng.shuffled(SIZES)
    mask = some_keys(rng, length, keys)
    single, double = (random_inputs(rng, (batch,), length, keys, width, values, dtype=d) for d in ("float32", "float64"))
    check(student, [(*single, mask.double()), (*double, mask.float())])
    assert_close(student.scaled_dot_product_attention(*single, mask=mask.float()), expected_attention(*single, mask))


@points(0.5)
@title(
    en="A mask of integer zeros and ones",
    ru="Маска из целых нулей и единиц",
    hi="integer 0 और 1 का मास्क",
)
def test_integer_mask(student, rng):
    batch, length, keys, width, values = rng.shuffled(SIZES)
    inputs = random_inputs(rng, (batch,), length, keys, width, values)
    mask = some_keys(rng, length, keys)
    check(student, [(*inputs, mask.to(dtype)) for dtype in (torch.int64, torch.uint8)])


@points(1)
@title(
    en="Masks that have to be broadcast",
    ru="Маски, которым нужен broadcasting",
    hi="broadcast होने वाले मास्क",
)
def test_broadcast_masks(student, rng):
    batch, heads, length, keys, width = rng.shuffled(SIZES)
    inputs = random_inputs(rng, (batch, heads), length, keys, width, 4)
    shapes = (keys,), (length, keys), (heads, 1, keys), (batch, 1, length, keys), (1, heads, length, keys)
    cases = [(*inputs, some_keys(rng, *shape)) for shape in shapes]
    # As many queries as keys, so that a mask read along the wrong axis still fits.
    square = random_inputs(rng, (batch, heads), keys, keys, width, 4)
    causal = torch.ones(keys, keys, dtype=torch.bool).tril()
    check(student, [*cases, *((*square, mask) for mask in (causal, some_keys(rng, batch, 1, 1, keys)))])


@points(0.5)
@title(
    en="Scores of ten thousand stay finite",
    ru="Оценки порядка десяти тысяч не дают переполнения",
    hi="दस हज़ार तक के scores पर भी परिणाम finite",
)
def test_large_scores(student, rng):
    # d_k = 1, so that a score is the plain product of two numbers, exact in float32.
    for low in (-100, 20):
        key = torch.tensor(rng.shuffled([*range(low, 101, 20)]), dtype=torch.float32)
        query = torch.tensor(rng.shuffled([100, -100, 60, -40]), dtype=torch.float32)
        value = rng.normal((1, key.numel(), 3))
        context, weights = student.scaled_dot_product_attention(query.view(1, -1, 1), key.view(1, -1, 1), value)
        winner = torch.where(query > 0, key.argmax(), key.argmin())
        assert_close(context[0], value[0, winner])
        assert_close(weights[0], torch.eye(key.numel())[winner])


@points(0.5)
@title(
    en="Excluded keys with by far the highest scores",
    ru="Исключённые ключи с самыми большими оценками",
    hi="मास्क से हटाई गई key जिनके score सबसे बड़े हैं",
)
def test_mask_hides_the_strongest_keys(student, rng):
    key = torch.tensor(rng.shuffled([*range(-100, 101, 20)]), dtype=torch.float32)
    query = torch.tensor(rng.shuffled([100, -100, 100, -100]), dtype=torch.float32)
    value = rng.normal((key.numel(), 3))
    # Each query is left with the keys that point away from it; the best of them wins.
    for limit, dtype in ((-100, torch.bool), (-40, torch.float32)):
        mask = query.sign()[:, None] * key[None, :] <= limit
        winner = (query[:, None] * key[None, :]).masked_fill(~mask, -1e6).argmax(-1)
        context, weights = student.scaled_dot_product_attention(query[:, None], key[:, None], value, mask.to(dtype))
        assert_close(context, value[winner])
        assert_close(weights, torch.eye(key.numel())[winner])
        expect(weights[~mask].abs().max() < 1e-6, "weights of excluded keys must be below 1e-6")


@points(1)
@title(
    en="Gradients of the context",
    ru="Градиенты контекста",
    hi="context के gradients",
)
def test_gradients_of_the_context(student, rng):
    batch, length, keys, width, values = rng.shuffled(SIZES)
    inputs = [x.requires_grad_() for x in random_inputs(rng, (batch,), length, keys, width, values)]
    upstream = rng.normal((batch, length, values))
    context, _ = student.scaled_dot_product_attention(*inputs)
    expected, _ = expected_attention(*inputs)
    assert_close(gradients(context, inputs, upstream), gradients(expected, inputs, upstream))


def total(context, weights, upstream, other):
    return (context * upstream).sum() + (weights * other).sum()


@points(1)
@title(
    en="Gradients of context and weights under a mask",
    ru="Градиенты контекста и весов при маске",
    hi="मास्क के साथ context और weights के gradients",
)
def test_gradients_under_a_mask(student, rng):
    # Many keys: a row that is left with one has the weight 1, which has no gradient.
    keys = max(SIZES)
    batch, length, width, values = rng.shuffled([size for size in SIZES if size != keys])
    inputs = [x.requires_grad_() for x in random_inputs(rng, (batch,), length, keys, width, values)]
    mask = some_keys(rng, batch, length, keys)
    upstream, other = rng.normal((batch, length, values)), rng.normal((batch, length, keys))
    answer = student.scaled_dot_product_attention(*inputs, mask)
    assert_close(answer, expected_attention(*inputs, mask))
    actual, expected = (total(*pair, upstream, other) for pair in (answer, expected_attention(*inputs, mask)))
    assert_close(gradients(actual, inputs), gradients(expected, inputs))


@points(0.5)
@title(
    en="float64 and non-contiguous tensors",
    ru="float64 и тензоры с разрывами в памяти (non-contiguous)",
    hi="float64 और non-contiguous टेंसर",
)
def test_float64_and_strides(student, rng):
    batch, length, keys, width, values = rng.shuffled(SIZES)
    query = rng.normal((batch, width, length), dtype="float64").transpose(1, 2)
    key = rng.normal((keys, batch, 2 * width), dtype="float64").transpose(0, 1)[..., ::2]
    value = rng.normal((values, keys, batch), dtype="float64").permute(2, 1, 0)
    mask = some_keys(rng, batch, keys)[:, None, :].expand(batch, length, keys)
    answer = student.scaled_dot_product_attention(query, key, value, mask)
    assert_close(answer, expected_attention(query, key, value, mask))


@points(0.5)
@title(
    en="Calls do not disturb each other or their arguments",
    ru="Вызовы не мешают друг другу и не портят аргументы",
    hi="एक call न दूसरी call को बदले, न अपने arguments को",
)
def test_calls_are_independent(student, rng):
    batch, length, keys, width, values = rng.shuffled(SIZES)
    first = (*random_inputs(rng, (batch,), length, keys, width, values), some_keys(rng, batch, length, keys).float())
    second = (*random_inputs(rng, (batch,), length, keys, width, values), some_keys(rng, length, keys))
    check(student, [first, second, first[:3]])
    second = (*second[:3], some_keys(rng, batch, length, keys).float())
    before, after = student.probe("refilled", first, second, returns=[["tensor"] * 2] * 2)
    assert_close(before, expected_attention(*first), hint="A later call changed an earlier answer.")
    assert_close(after, expected_attention(*second), hint="The same tensors held other numbers in the second call.")
    assert_inputs_unchanged(student)
