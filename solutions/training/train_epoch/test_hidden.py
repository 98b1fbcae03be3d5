"""Traps: batches of different sizes, the smallest with the largest loss; a model in evaluation mode with batch
normalisation and dropout deep inside; gradients left over from before; momentum and Adam over two epochs of the same
optimiser; two parameter groups, frozen layers, layers outside the optimiser; generators, loaders that drop samples,
an iterable that counts its readers; more than two hundred batches; a loss that tells its arguments apart; gradients
far longer than 1; targets (N, 1), class numbers, inputs with three axes, float64; hooks on the model and on the
optimiser.

The expected values come from a loop in float64 that knows neither torch.optim nor nn.Module: forward passes written
as formulas, updates written by hand.
"""

import torch

from grader.testing import assert_close, assert_equal, depends, expect, points, title


def squared(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def linex(predictions, targets):
    return (torch.exp(predictions) / torch.exp(targets) - predictions + targets - 1).mean()


def classes(predictions, targets):
    return (predictions.logsumexp(1) - predictions[torch.arange(len(targets)), targets]).mean()


def affine(weights, layer, inputs):
    return torch.einsum("...i,oi->...o", inputs, weights[f"{layer}weight"]) + weights[f"{layer}bias"]


def linear(weights, inputs):
    return affine(weights, "", inputs)


def hidden(weights, inputs):
    return affine(weights, "2.", torch.tanh(affine(weights, "0.", inputs)))


def series(weights, inputs):
    return affine(weights, "linear.", inputs.mean(1))


def lossy(weights, inputs):
    return affine(weights, "kept.", inputs)


def norm(weights, inputs):
    """Batch statistics for the output, running ones as torch keeps them."""
    values = affine(weights, "0.", inputs)
    mean, count = values.mean(0), len(values)
    variance = ((values - mean) ** 2).mean(0)
    weights["1.running_mean"] = 0.9 * weights["1.running_mean"] + 0.1 * mean.detach()
    weights["1.running_var"] = 0.9 * weights["1.running_var"] + 0.1 * variance.detach() * count / (count - 1)
    values = (values - mean) / torch.sqrt(variance + 1e-5) * weights["1.weight"] + weights["1.bias"]
    return affine(weights, "2.", values)


FORWARD = {"linear": linear, "hidden": hidden, "series": series, "lossy": lossy, "norm": norm}


def expected_training(kind, weights, batches, setting):
    """Losses of the epochs, and the weights after them."""
    weights = {name: value.double() for name, value in weights.items() if value.is_floating_point()}
    rates = {name: lr for names, lr in setting["groups"] for name in names if name not in setting.get("frozen", [])}
    loss_fn = {"squared": squared, "linex": linex, "classes": classes}[setting.get("loss", "squared")]
    options = setting.get("options", {})
    inputs, targets, sizes = batches
    inputs, targets = inputs.double(), targets.double() if targets.is_floating_point() else targets
    first = {name: torch.zeros_like(weights[name]) for name in rates}
    second = {name: torch.zeros_like(weights[name]) for name in rates}
    losses, step = [], 0
    for _ in range(setting.get("epochs", 1)):
        per_sample = []
        for x, y in zip(inputs.split(sizes), targets.split(sizes), strict=True):
            step += 1
            leaves = {name: weights[name].clone().requires_grad_() for name in rates}
            weights.update(leaves)
            loss = loss_fn(FORWARD[kind](weights, x), y)
            per_sample += [float(loss.detach())] * len(x)
            slopes = dict(zip(rates, torch.autograd.grad(loss, list(leaves.values()), allow_unused=True), strict=True))
            for name, lr in rates.items():
                slope = torch.zeros_like(weights[name]) if slopes[name] is None else slopes[name]
                if setting.get("adam"):
                    first[name] = 0.9 * first[name] + 0.1 * slope
                    second[name] = 0.999 * second[name] + 0.001 * slope**2
                    root = (second[name] / (1 - 0.999**step)).sqrt() + 1e-8
                    move = first[name] / (1 - 0.9**step) / root
                else:
                    slope = slope + options.get("weight_decay", 0.0) * weights[name].detach()
                    first[name] = options.get("momentum", 0.0) * first[name] + slope
                    move = first[name]
                weights[name] = weights[name].detach() - lr * move
        losses.append(sum(per_sample) / len(per_sample))
    return losses, weights


def layer(rng, prefix, inputs, outputs, dtype="float32"):
    return {
        f"{prefix}weight": rng.normal((outputs, inputs), dtype=dtype),
        f"{prefix}bias": rng.normal((outputs,), dtype=dtype),
    }


def regression(rng, width, outputs, sizes, dtype="float32"):
    """Inputs, targets and batch sizes; the last batch is the farthest off."""
    inputs = rng.normal((sum(sizes), width), dtype=dtype)
    targets = rng.normal((sum(sizes), outputs), dtype=dtype)
    targets[-sizes[-1] :] += 4.0
    return inputs, targets, sizes


def everything(weights, lr):
    return [[[name for name in weights if "running" not in name and "tracked" not in name], lr]]


def check(student, kind, weights, batches, setting, weights_too=True, losses_too=False, hint=""):
    """Trains once for the weights and once more for the returned losses; gives back what the first run recorded."""
    losses, after = expected_training(kind, weights, batches, setting)
    record = None
    if weights_too:
        record = student.probe("train", kind, weights, batches, setting, returns="mapping")
        actual = {name: value for name, value in record["weights"].items() if value.is_floating_point()}
        assert_close(actual, after, hint=hint)
    if losses_too:
        returned = student.probe("losses", kind, weights, batches, setting, returns=["float"] * len(losses))
        assert_close(returned, tuple(losses), hint=hint)
    return record


@points(1)
@title(
    en="The weights after one epoch of plain gradient descent",
    ru="Веса после одной эпохи обычного градиентного спуска",
    hi="साधारण gradient descent के एक epoch के बाद weights",
)
def test_weights_after_one_epoch(student, rng):
    weights = layer(rng, "", 4, 3)
    # The gradients are thousands of units long, so clipping them would show.
    batches = regression(rng, 4, 3, [6, 6, 6, 2])
    batches[1][:, 0] += 8000.0
    check(student, "linear", weights, batches, {"groups": everything(weights, 0.05)})


@points(1.5)
@title(
    en="The returned loss is the mean over samples",
    ru="Возвращаются средние по примерам потери",
    hi="लौटाया गया लॉस सैंपल पर औसत है",
)
def test_loss_is_averaged_over_samples(student, rng):
    weights = layer(rng, "", 5, 2)
    for sizes in ([7, 7, 3], [4, 9, 1], [5], [1, 8]):
        setting = {"groups": everything(weights, 0.05)}
        check(student, "linear", weights, regression(rng, 5, 2, sizes), setting, weights_too=False, losses_too=True)


@points(1)
@title(
    en="Momentum, two epochs with one optimiser",
    ru="Импульс, две эпохи с одним оптимизатором",
    hi="momentum, एक ही optimizer के साथ दो epoch",
)
def test_momentum(student, rng):
    weights = layer(rng, "0.", 4, 5) | layer(rng, "2.", 5, 2)
    batches = regression(rng, 4, 2, [6, 4, 3])
    setting = {"groups": everything(weights, 0.02), "options": {"momentum": 0.9, "weight_decay": 0.1}, "epochs": 2}
    hint = "The second epoch starts where the first one ended."
    check(student, "hidden", weights, batches, setting, losses_too=True, hint=hint)


@points(1)
@title(
    en="Adam and classes, in double precision",
    ru="Adam и классы, в двойной точности",
    hi="Adam और classes, double precision में",
)
def test_adam_on_classes(student, rng):
    weights = layer(rng, "0.", 3, 6, "float64") | layer(rng, "2.", 6, 4, "float64")
    batches = rng.normal((14, 3), dtype="float64"), rng.integers(0, 4, (14,)), [5, 5, 4]
    setting = {"groups": everything(weights, 0.05), "adam": True, "loss": "classes", "epochs": 2}
    check(student, "hidden", weights, batches, setting, losses_too=True)


@points(1.5)
@title(
    en="A model that comes in evaluation mode is trained in train mode",
    ru="Модель, пришедшая в режиме оценки, обучается в режиме обучения",
    hi="evaluation mode में आया मॉडल train mode में सिखाया जाता है",
)
def test_train_mode(student, rng):
    # A model that comes in train mode tells who leaves the mode alone from who switches it off.
    weights = layer(rng, "kept.", 3, 2) | layer(rng, "lost.0.", 3, 2)
    check(student, "lossy", weights, regression(rng, 3, 2, [4, 3]), {"groups": everything(weights, 0.05), "arrives": "train"})
    weights = layer(rng, "0.", 3, 4) | layer(rng, "2.", 4, 2)
    weights |= {
        "1.weight": rng.uniform((4,), 0.5, 2.0),
        "1.bias": rng.normal((4,)),
        "1.running_mean": rng.normal((4,)),
        "1.running_var": rng.uniform((4,), 0.5, 2.0),
        "1.num_batches_tracked": torch.tensor(0),
    }
    setting = {"groups": everything(weights, 0.02), "epochs": 2}
    record = check(student, "norm", weights, regression(rng, 3, 2, [6, 6, 4]), setting)
    expect(all(record["modes"]), "the model and all of its parts must be in train mode for every batch")
    weights = layer(rng, "kept.", 3, 2) | layer(rng, "lost.0.", 3, 2)
    setting = {"groups": everything(weights, 0.05)}
    record = check(student, "lossy", weights, regression(rng, 3, 2, [5, 3]), setting)
    expect(all(record["modes"]), "the model and all of its parts must be in train mode for every batch")


@points(1)
@title(
    en="Gradients left over from before do no harm",
    ru="Оставшиеся от прежней работы градиенты не мешают",
    hi="पहले के बचे हुए gradient कोई नुकसान नहीं करते",
)
def test_stale_gradients(student, rng):
    weights = layer(rng, "", 4, 2)
    for sizes, options in (([5, 3], {}), ([6, 2], {"momentum": 0.5})):
        setting = {"groups": everything(weights, 0.05), "stale": 7.0, "options": options}
        check(student, "linear", weights, regression(rng, 4, 2, sizes), setting)


@points(0.5)
@title(
    en="Batches from a generator, and from an iterable without a length",
    ru="Батчи из генератора и из итерируемого объекта без длины",
    hi="batch एक generator से, और बिना लंबाई वाले iterable से",
)
def test_streams(student, rng):
    weights = layer(rng, "", 3, 2)
    for feed in ("generator", "stream"):
        batches = regression(rng, 3, 2, [5, 4, 2])
        setting = {"groups": everything(weights, 0.05), "feed": feed}
        record = check(student, "linear", weights, batches, setting, losses_too=True)
    expect(record["readers"] == [1], "the batches must be gone through exactly once in every epoch")


@points(0.5)
@title(
    en="Batches from a DataLoader",
    ru="Батчи из DataLoader",
    hi="DataLoader से आए batch",
)
def test_loaders(student, rng):
    weights = layer(rng, "", 3, 2)
    inputs, targets, sizes = regression(rng, 3, 2, [5, 5, 3])
    setting = {"groups": everything(weights, 0.05), "feed": "loader"}
    check(student, "linear", weights, (inputs, targets, sizes), setting, losses_too=True)
    # The loader leaves out the last three samples: they are in the data set, but in no batch.
    setting["feed"] = "dropping loader"
    actual = student.probe("losses", "linear", weights, (inputs, targets, sizes), setting, returns=["float"])
    expected = expected_training("linear", weights, (inputs[:10], targets[:10], [5, 5]), setting)[0]
    assert_close(actual, tuple(expected), hint="Average over the samples that the model has seen.")


@points(0.5)
@title(
    en="One call of the model and one step for every batch",
    ru="Один вызов модели и один шаг на каждый батч",
    hi="हर batch पर मॉडल का एक call और एक कदम",
)
def test_one_call_and_one_step(student, rng):
    weights = layer(rng, "", 3, 2)
    setting = {"groups": everything(weights, 0.05)}
    batches = regression(rng, 3, 2, [4, 4, 4, 4, 2])
    record = student.probe("train", "linear", weights, batches, setting, returns="mapping")
    assert_equal(record["steps"], 5, hint="The optimizer takes one step for every batch.")
    assert_equal(record["calls"], 5, hint="model(inputs), with its hooks, is called once for every batch.")
    assert_equal(len(record["modes"]), 5, hint="The forward pass runs once for every batch.")
    batches = regression(rng, 3, 2, [1] * 200 + [2])
    hint = "An epoch of two hundred and one batches."
    check(student, "linear", weights, batches, setting, weights_too=False, losses_too=True, hint=hint)


@points(0.5)
@title(
    en="The loss function gets predictions first, targets second",
    ru="Функция потерь получает сначала предсказания, затем цели",
    hi="लॉस फ़ंक्शन को पहले अनुमान मिलते हैं, फिर targets",
)
def test_order_of_the_arguments(student, rng):
    weights = {"weight": rng.uniform((2, 3), -0.4, 0.4), "bias": rng.uniform((2,), -0.4, 0.4)}
    inputs, targets = rng.uniform((12, 3), -1.0, 1.0), rng.uniform((12, 2), 1.0, 2.0)
    setting = {"groups": everything(weights, 0.1), "loss": "linex"}
    check(student, "linear", weights, (inputs, targets, [5, 5, 2]), setting, losses_too=True)


@points(0.5)
@title(
    en="Frozen layers, layers outside the optimiser, two learning rates",
    ru="Замороженные слои, слои вне оптимизатора, две скорости обучения",
    hi="जमे हुए layer, optimizer से बाहर के layer, दो learning rate",
)
@depends("test_weights_after_one_epoch")
def test_frozen_layers(student, rng):
    weights = layer(rng, "0.", 3, 4) | layer(rng, "2.", 4, 2)
    batches = regression(rng, 3, 2, [5, 4])
    settings = (
        {"groups": [[["0.weight", "0.bias"], 0.01], [["2.weight", "2.bias"], 0.07]]},
        {"groups": everything(weights, 0.03), "frozen": ["0.weight", "0.bias"]},
        # As after an epoch in which they were not frozen yet: what is left over would move them.
        {"groups": everything(weights, 0.03), "frozen": ["0.weight", "0.bias"], "stale": 5.0},
        {"groups": [[["2.weight", "2.bias"], 0.03]]},
    )
    for setting in settings:
        check(student, "hidden", weights, batches, setting)


@points(0.5)
@title(
    en="Inputs with three axes, one target per sample; the batches stay as they were",
    ru="Входы с тремя осями, одна цель на пример; батчи не изменяются",
    hi="तीन अक्षों वाले इनपुट, हर सैंपल का एक target; batch नहीं बदलते",
)
def test_shapes(student, rng):
    weights = layer(rng, "linear.", 4, 1)
    inputs, targets = rng.normal((11, 5, 4), 1.0, 2.0), rng.normal((11, 1), 3.0)
    setting = {"groups": everything(weights, 0.05)}
    record = check(student, "series", weights, (inputs, targets, [6, 4, 1]), setting, losses_too=True)
    expect(record["batches unchanged"], "the inputs and targets must stay as they were")
