"""Traps: running means that are not zero, step numbers 1, a few and many, betas far from their defaults and from each
other, an eps that is as large as the root, gradients as small as the default eps, means that must not be corrected when
they are returned, four arrays that must not change, and four that the
caller fills anew between two calls.

The oracle goes number by number through Python floats; over several steps the means have a closed form. Where a step
has the size of the default learning rate, or a mean of squares is small, the absolute tolerance shrinks with it.
"""

import math

import numpy as np

from grader.testing import assert_close, assert_inputs_unchanged, depends, points, title


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    rows = []
    for p, g, a, b in zip(*(x.ravel().tolist() for x in (param, grad, m, v)), strict=True):
        a = a + (1.0 - betas[0]) * (g - a)
        b = b + (1.0 - betas[1]) * (g * g - b)
        root = math.sqrt(b / (1.0 - math.pow(betas[1], t)))
        rows.append((p - lr * a / (1.0 - math.pow(betas[0], t)) / (root + eps), a, b))
    return tuple(np.array(column).reshape(param.shape) for column in zip(*rows, strict=True))


def state(rng, shape, dtype=None):
    """A parameter, its gradient and means in the middle of a training."""
    return (
        rng.normal(shape, mean=1.0, dtype=dtype),
        rng.normal(shape, std=2.0, dtype=dtype),
        rng.normal(shape, dtype=dtype),
        rng.uniform(shape, 0.5, 2.0, dtype=dtype),
    )


@points(1)
@title(
    en="The first step, from means of zero",
    ru="Первый шаг, средние начинаются с нуля",
    hi="पहला क़दम, औसत शून्य से",
)
def test_first_step(student, rng):
    shape = tuple(rng.distinct(2, 7, 2))
    param, grad = rng.normal(shape), rng.normal(shape, std=3.0)
    after, m, v = student.adam_step(param, grad, np.zeros(shape), np.zeros(shape), 1, 0.25)
    assert_close(after, param - 0.25 * np.sign(grad) / (1.0 + 1e-8 / np.abs(grad)))
    assert_close(m, grad / 10.0)
    assert_close(v, grad * grad / 1000.0, atol=1e-8)


@points(1)
@title(
    en="The parameter in the middle of a training",
    ru="Параметр посреди обучения",
    hi="प्रशिक्षण के बीच में पैरामीटर",
)
def test_parameter(student, rng):
    for t in rng.distinct(2, 12, 3):
        arrays = state(rng, (7,))
        assert_close(student.adam_step(*arrays, t, 0.3, (0.8, 0.9))[0], adam(*arrays, t, 0.3, (0.8, 0.9))[0])


@points(1)
@title(
    en="The running means that are kept for the next step",
    ru="Скользящие средние, которые хранятся до следующего шага",
    hi="चल-औसत, जो अगले क़दम के लिए रखे जाते हैं",
)
def test_running_means(student, rng):
    for t in (1, rng.integers(2, 12)):
        arrays = state(rng, (6,))
        _, m, v = student.adam_step(*arrays, t)
        assert_close((m, v), adam(*arrays, t)[1:])


@points(1)
@title(
    en="The learning rate, given and by default",
    ru="Темп обучения: заданный и по умолчанию",
    hi="learning rate, दिया हुआ और डिफ़ॉल्ट",
)
def test_learning_rate(student, rng):
    for lr in (0.5, 0.02):
        arrays = state(rng, (5,))
        assert_close(student.adam_step(*arrays, 3, lr=lr)[0], adam(*arrays, 3, lr=lr)[0])
    _, grad, m, v = state(rng, (8,))
    param = rng.normal((8,), std=0.01)
    assert_close(student.adam_step(param, grad, m, v, 5)[0], adam(param, grad, m, v, 5)[0], atol=1e-7)


@points(1)
@title(
    en="The decay rates betas, given and by default",
    ru="Коэффициенты betas: заданные и по умолчанию",
    hi="betas, दिए हुए और डिफ़ॉल्ट",
)
def test_betas(student, rng):
    for betas in ((0.5, 0.9), (0.95, 0.6)):
        arrays = state(rng, (5,))
        assert_close(student.adam_step(*arrays, 2, betas=betas), adam(*arrays, 2, betas=betas), atol=1e-6)
    arrays = state(rng, (6,))
    assert_close(student.adam_step(*arrays, 4, 0.4), adam(*arrays, 4, 0.4))


@points(1)
@title(
    en="eps stands beside the root, given and by default",
    ru="eps прибавляется к корню: заданное и по умолчанию",
    hi="eps वर्गमूल के बगल में है, दिया हुआ और डिफ़ॉल्ट",
)
def test_eps(student, rng):
    for eps, t in ((0.5, 2), (2.0, 40)):
        param, grad, m, _ = state(rng, (6,))
        v = rng.uniform((6,), 0.001, 0.01)
        assert_close(
            student.adam_step(param, grad, m, v, t, 0.3, eps=eps)[0], adam(param, grad, m, v, t, 0.3, eps=eps)[0]
        )
    grad = rng.uniform((6,), 0.3e-8, 6e-8) * np.array(rng.shuffled([1, -1, 1, -1, 1, -1]))
    arrays = rng.normal((6,)), grad, np.zeros(6), np.zeros(6)
    assert_close(student.adam_step(*arrays, 1, 0.5)[0], adam(*arrays, 1, 0.5)[0])


@points(1)
@title(
    en="Many steps later",
    ru="Много шагов спустя",
    hi="बहुत क़दमों के बाद",
)
def test_late_steps(student, rng):
    # Around t = 1500 a fifth of the correction of v is left; 65_537 is 1 where t is kept in 16 bits.
    for t in (rng.integers(150, 400), rng.integers(1200, 1800), rng.integers(20_000, 40_000), 65_537):
        arrays = state(rng, (3, 4))
        assert_close(student.adam_step(*arrays, t, 0.5), adam(*arrays, t, 0.5))
    param, grad, m, v = state(rng, (5,))
    steep = param, 300.0 * grad, 100.0 * m, 1e4 * v
    assert_close(student.adam_step(*steep, 30_000, 0.5), adam(*steep, 30_000, 0.5))


@points(0.5)
@title(
    en="Several steps in a row",
    ru="Несколько шагов подряд",
    hi="लगातार कई क़दम",
)
def test_several_steps(student, rng):
    beta1, beta2 = betas = (0.7, 0.95)
    param, m, v = rng.normal((4,)), np.zeros(4), np.zeros(4)
    expected, grads = param, []
    for t in range(1, 6):
        grads.append(rng.normal((4,), mean=0.5, std=2.0))
        mean = sum((1 - beta1) * beta1 ** (t - k) * g for k, g in enumerate(grads, 1)) / (1 - beta1**t)
        square = sum((1 - beta2) * beta2 ** (t - k) * g * g for k, g in enumerate(grads, 1)) / (1 - beta2**t)
        expected = expected - 0.2 * mean / (square**0.5 + 1e-8)
        param, m, v = student.adam_step(param, grads[-1], m, v, t, lr=0.2, betas=betas)
        assert_close(param, expected)


@points(0.5)
@title(
    en="Gradients and means of zero",
    ru="Нулевые градиенты и средние",
    hi="शून्य gradient और शून्य औसत",
)
def test_zeros(student, rng):
    param, grad, m, v = state(rng, (6,))
    grad[:4], m[:2], v[:2], m[5] = 0.0, 0.0, 0.0, 0.0
    for t in (1, 6):
        assert_close(student.adam_step(param, grad, m, v, t, 0.1), adam(param, grad, m, v, t, 0.1))


@points(0.5)
@title(
    en="Arrays of one axis and of several",
    ru="Массивы с одной осью и с несколькими",
    hi="एक अक्ष वाले और कई अक्षों वाले array",
)
def test_shapes(student, rng):
    for shape in ((1,), (5, 1), (1, 4), (4, 2, 3)):
        arrays = state(rng, shape)
        assert_close(student.adam_step(*arrays, 3, 0.2), adam(*arrays, 3, 0.2))


@points(0.5)
@title(
    en="Numbers of 32 bits, transposed, mirrored and sliced arrays",
    ru="32-битные числа; транспонированные, отражённые и прореженные массивы",
    hi="32-बिट की संख्याएँ; ट्रांसपोज़, उलटे और काटे हुए array",
)
def test_layouts(student, rng):
    for dtype in ("float32", "float64"):
        param, grad, m, v = state(rng, (6, 6), dtype)
        arrays = param[::2, :4].T, grad[2:, 3:], m[::-1, ::-1][:4, :3], np.asfortranarray(v[1:5, 1:4])
        assert_close(student.adam_step(*arrays, 3, 0.2), adam(*arrays, 3, 0.2))


@points(0.5)
@title(
    en="Options by position and by name, answers that do not depend on earlier calls",
    ru="Параметры по позиции и по имени; ответ не зависит от прежних вызовов",
    hi="विकल्प क्रम से भी, नाम से भी; उत्तर पिछली कॉल पर निर्भर नहीं",
)
def test_calls(student, rng):
    first, second = state(rng, (3, 2)), state(rng, (3, 2))
    answer = student.adam_step(*first, 6, 0.1, (0.85, 0.97), 0.05)
    expected = adam(*first, 6, 0.1, (0.85, 0.97), 0.05)
    assert_close(student.adam_step(*second, 2), adam(*second, 2))
    assert_close(student.adam_step(*second, 9, 0.1, eps=0.4), adam(*second, 9, 0.1, eps=0.4))
    assert_close(student.adam_step(*first, 6, eps=0.05, betas=(0.85, 0.97), lr=0.1), expected)
    assert_close(answer, expected)
    before, after = student.probe("refilled", first, second, 3, 0.1, returns=[["array"] * 3] * 2)
    assert_close(before, adam(*first, 3, 0.1), hint="A later call changed an earlier answer.")
    assert_close(after, adam(*second, 3, 0.1), hint="The same arrays held other numbers in the second call.")


@points(0.5)
@depends("test_first_step")
@title(
    en="The four arrays stay as they were",
    ru="Четыре переданных массива остаются прежними",
    hi="चारों array वैसे ही रहते हैं",
)
def test_inputs_unchanged(student, rng):
    for dtype in ("float64", "float32"):
        student.adam_step(*state(rng, (4, 3), dtype), 1, 0.1)
        student.adam_step(*state(rng, (5,), dtype), 8, 0.1)
        param, grad, m, v = state(rng, (5,), dtype)
        student.adam_step(param, grad * 1e5, m, v, 8, 0.1)  # large enough for every clipping in place
    assert_inputs_unchanged(student)
