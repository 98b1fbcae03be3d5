"""Traps: a layer without children, parameters on containers and in lists, shapes () and (0, n), absent biases, memory
that is not contiguous, more entries than float32 can tell apart, buffers that require gradients, a layer of which only
one parameter is frozen, old gradients on frozen parameters, a model in evaluation mode, one object by several paths,
different objects that look alike or share memory, a model that changes between two counts.

Calls cost more than anything else here, so a probe builds several models and hands back all their counts.
"""

from itertools import pairwise

import torch

from grader.testing import assert_equal, depends, expect, points, title


@points(1)
@title(
    en="A module that is a single layer",
    ru="Модуль из одного слоя",
    hi="मॉड्यूल जो अकेली लेयर है",
)
def test_single_layer(student, rng):
    inputs, outputs, side = rng.distinct(2, 12, 3)
    plain = student.probe("layers", [("Linear", [inputs, outputs], {})], returns=["int"])
    assert_equal(plain, (outputs * (inputs + 1),))
    kinds = [
        ("Linear", [inputs, outputs], {"bias": False}),
        ("Conv2d", [2 * inputs, 2 * outputs, side], {"groups": 2}),
        ("Embedding", [inputs, outputs], {}),
        ("PReLU", [], {}),
    ]
    expected = outputs * inputs, 2 * outputs * (inputs * side**2 + 1), inputs * outputs, 1
    assert_equal(student.probe("layers", kinds, returns=["int"] * 4), expected)


@points(0.5)
@title(
    en="Recurrent and attention layers",
    ru="Рекуррентные слои и слои внимания",
    hi="रिकरंट और अटेंशन लेयर",
)
def test_layers_with_many_parameters(student, rng):
    inputs, hidden = rng.distinct(2, 9, 2)
    kinds = [("LSTM", [inputs, hidden], {"num_layers": 2}), ("MultiheadAttention", [2 * hidden, 2], {})]
    recurrent = 4 * hidden * (inputs + hidden + 2) + 4 * hidden * (2 * hidden + 2)
    kinds.append(("Conv3d", [inputs, hidden, [2, 3, 4]], {}))  # its weight has five axes
    expected = recurrent, 4 * 2 * hidden * (2 * hidden + 1), hidden * (24 * inputs + 1)
    assert_equal(student.probe("layers", kinds, returns=["int"] * 3), expected)


@points(0.5)
@title(
    en="Containers within containers",
    ru="Контейнеры внутри контейнеров",
    hi="कंटेनर के भीतर कंटेनर",
)
def test_nested(student, rng):
    width, hidden, outputs, blocks = rng.distinct(2, 9, 4)
    expected = blocks * (hidden * (width + 1) + width * hidden) + 2 * width + outputs * width
    assert_equal(student.probe("nested", width, hidden, outputs, blocks, returns="int"), expected)


@points(0.5)
@title(
    en="Parameters that belong to no layer",
    ru="Параметры, не входящие ни в один слой",
    hi="जो पैरामीटर किसी लेयर के नहीं हैं",
)
def test_own_parameters(student, rng):
    rows, columns, length = rng.distinct(2, 9, 3)
    lengths, width = rng.distinct(2, 9, 3), rng.integers(2, 7)
    counts = student.probe("own_parameters", rows, columns, length, lengths, width, returns=["int"] * 3)
    expected = (
        rows * columns * length + length + length * (columns + 1) + rows,
        sum(lengths) * (width + 1) + width + 1,
        rows + rows * columns + columns,
    )
    assert_equal(counts, expected)


@points(0.5)
@title(
    en="A parameter that is one number, and an empty one",
    ru="Параметр из одного числа и пустой параметр",
    hi="एक ही संख्या वाला पैरामीटर, और ख़ाली पैरामीटर",
)
def test_scalar_and_empty(student, rng):
    length = rng.integers(3, 12)
    counts = student.probe("of_shapes", [[], [0], [length, 0, 2], [length, 1, 2]], length, returns=["int"] * 6)
    assert_equal(counts, (1, 0, 0, 2 * length, 1, 1 + length))


@points(0.5)
@title(
    en="Parameters that do not lie contiguously in memory",
    ru="Параметры, лежащие в памяти не подряд",
    hi="ऐसे पैरामीटर जो मेमोरी में लगातार नहीं रखे हैं",
)
def test_not_contiguous(student, rng):
    channels, filters, side = rng.distinct(2, 7, 3)
    counts = student.probe("not_contiguous", channels, filters, side, returns=["int"] * 3)
    layer, basis = filters * (channels * side**2 + 1), filters * channels
    assert_equal(counts, (layer, basis + layer, basis + filters))


@points(0.5)
@title(
    en="A class that gives its parameters in an order of its own",
    ru="Класс, который перечисляет параметры в своём порядке",
    hi="अपने ही क्रम में पैरामीटर देने वाली क्लास",
)
def test_other_order(student, rng):
    width, hidden = rng.distinct(2, 9, 2)
    everything = hidden + hidden * (width + 1) + width * (hidden + 1) + 2 * hidden
    counts = student.probe("backwards", width, hidden, returns=["int"] * 2)
    assert_equal(counts, (everything, everything - width * hidden))


@points(1)
@title(
    en="Buffers do not count",
    ru="Буферы не считаются",
    hi="बफ़र नहीं गिने जाते",
)
def test_buffers(student, rng):
    channels, length = rng.distinct(2, 12, 2)
    expected = channels * (2 * 9 + 1) + 2 * channels + length
    assert_equal(student.probe("with_buffers", channels, length, returns=["int"] * 3), (expected, expected, 0))


@points(0.5)
@title(
    en="A module without parameters",
    ru="Модуль без параметров",
    hi="बिना पैरामीटर का मॉड्यूल",
)
def test_without_parameters(student):
    kinds = [(kind, [], {}) for kind in ("ReLU", "Sequential", "Module")]
    assert_equal(student.probe("layers", kinds, returns=["int"] * 3), (0, 0, 0))


# Whether weight and bias of three layers in turn are trained, and whether the model is in evaluation mode with all its sizes
# equal, so that a frozen layer has the shapes of a trained one. Frozen parameters keep a gradient from before, trained ones
# may have none yet.
TRAINED = [
    ([False, False, False, False, True, True], False),
    ([False, False, False, False, True, True], True),
    ([False, True, False, True, False, True], True),
    ([True, False, True, True, False, True], False),
    ([True] * 6, True),
    ([False] * 6, False),
]


@points(1)
@title(
    en="Only trainable parameters, where some are frozen",
    ru="Только обучаемые параметры, когда часть заморожена",
    hi="कुछ फ़्रीज़ हों तो केवल ट्रेन होने वाले पैरामीटर",
)
def test_frozen(student, rng):
    models, expected = [], []
    for trained, evaluate in TRAINED:
        sizes = [rng.integers(2, 12)] * 4 if evaluate else rng.distinct(2, 12, 4)
        entries = [count for before, after in pairwise(sizes) for count in (before * after, after)]
        trainable = sum(count for count, flag in zip(entries, trained, strict=True) if flag)
        models.append((sizes, trained, evaluate))
        expected.append((trainable, trainable, sum(entries), sum(entries)))
    counts = student.probe("partly_frozen", models, returns=[["int"] * 4] * len(models))
    assert_equal(counts, tuple(expected))


@points(1)
@title(
    en="A shared parameter counts once",
    ru="Общий параметр считается один раз",
    hi="साझा पैरामीटर एक बार गिना जाता है",
)
def test_shared(student, rng):
    words, width = rng.distinct(3, 12, 2)
    both = words * width + width * width + words
    counts = student.probe("tied", words, width, returns=["int"] * 4)
    assert_equal(counts, (both, both, both, width * width + words))


@points(0.5)
@title(
    en="The same layer or parameter under several names",
    ru="Один и тот же слой или параметр под разными именами",
    hi="कई नामों से वही लेयर या वही पैरामीटर",
)
def test_several_names(student, rng):
    rows, columns = rng.distinct(2, 12, 2)
    expected = rows * (rows + 1), rows * (rows + 1), rows * columns + rows
    assert_equal(student.probe("repeated", rows, columns, returns=["int"] * 3), expected)


@points(0.5)
@title(
    en="Different parameters that look alike",
    ru="Разные параметры, похожие друг на друга",
    hi="एक जैसे दिखने वाले अलग-अलग पैरामीटर",
)
def test_alike(student, rng):
    width, hidden, copies = rng.distinct(2, 9, 3)
    few, extra = rng.integers(2, 6), rng.integers(1, 5)
    twins, views = student.probe("alike", width, hidden, copies, few, few + extra, returns=["int"] * 2)
    assert_equal(twins, copies * hidden * (width + 1) + 2 * hidden)
    hint = "two Parameter objects are two parameters even where they look at the same memory"
    assert_equal(views, (2 * few + extra) * width, hint=hint)


@points(0.5)
@depends("test_nested")
@title(
    en="Counting again after the model has changed",
    ru="Повторный подсчёт после изменения модели",
    hi="मॉडल बदलने के बाद दोबारा गिनती",
)
def test_again(student, rng):
    width, hidden, extra = rng.distinct(2, 9, 3)
    everything = hidden * (width + 1) + width * hidden
    added = extra * (width + 1)
    frozen = width * hidden
    counts = student.probe("again", width, hidden, extra, returns=["int"] * 7)
    expected = (
        everything,
        everything,
        everything,
        everything - frozen,
        everything,
        everything + added,
        everything + added - frozen,
    )
    assert_equal(counts, expected)


@points(0.5)
@depends("test_single_layer")
@title(
    en="The module stays as it was",
    ru="Модуль остаётся прежним",
    hi="मॉड्यूल वैसा ही रहता है",
)
def test_unchanged(student, rng):
    width, hidden = rng.distinct(2, 9, 2)
    before, after, kept = student.probe("states", width, hidden, returns=["mapping", "mapping", "any"])
    for what in ("requires_grad", "training", "kinds", "attributes"):
        expect(after[what] == before[what], f"counting must not change the module ({what})")
    for what in ("values", "gradients"):
        expect(
            after[what].keys() == before[what].keys()
            and all(_same(after[what][name], old) for name, old in before[what].items()),
            f"counting must not change the module ({what})",
        )
    expect(len(kept) == len(before["requires_grad"]) and all(kept), "the module must keep its Parameter objects")


@points(0.5)
@title(
    en="A model of many millions of parameters, counted to the last one",
    ru="Модель с десятками миллионов параметров, посчитанная до последнего",
    hi="करोड़ों पैरामीटर वाला मॉडल, आख़िरी पैरामीटर तक गिना हुआ",
)
def test_large(student, rng):
    # Odd numbers above 2**24 are none of float32. The last test, as whoever writes all the entries out takes his time.
    length, width = 2**24 + 2 * rng.integers(1, 400), 2 * rng.integers(2, 9)
    assert_equal(student.probe("large", length, width, returns="int"), length + width + 1)


def _same(new, old):
    if old is None or new is None:
        return old is new
    return new.dtype == old.dtype and new.shape == old.shape and torch.equal(new, old)
