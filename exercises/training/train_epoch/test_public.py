"""First checks of train_epoch."""

import torch

from grader.testing import assert_close, assert_equal, expect, title

BATCHES = [
    (torch.tensor([[1.0], [2.0]]), torch.tensor([[2.0], [4.0]])),
    (torch.tensor([[3.0]]), torch.tensor([[6.0]])),
]


def fit(student, feed="list"):
    return student.probe("fit", BATCHES, feed, returns=["float", "mapping"])


@title(
    en="Worked example: the weight after two steps",
    ru="Разобранный пример: вес после двух шагов",
    hi="हल किया हुआ उदाहरण: दो कदमों के बाद weight",
)
def test_weight_of_the_worked_example(student):
    _, record = fit(student)
    assert_close(record["weight"], 2.8)


@title(
    en="Worked example: the loss",
    ru="Разобранный пример: потери",
    hi="हल किया हुआ उदाहरण: लॉस",
)
def test_loss_of_the_worked_example(student):
    loss, _ = fit(student)
    assert_close(loss, 29 / 3, hint="Three samples, not two batches.")


@title(
    en="The model works in train mode",
    ru="Модель работает в режиме обучения",
    hi="मॉडल train mode में काम करता है",
)
def test_train_mode(student):
    _, record = fit(student)
    expect(len(record["modes"]) > 0, "the model must be called")
    expect(all(record["modes"]), "the model and all of its parts must be in train mode for every batch")


@title(
    en="One step for every batch",
    ru="Один шаг на каждый батч",
    hi="हर batch पर एक कदम",
)
def test_one_step_per_batch(student):
    _, record = fit(student)
    assert_equal(record["steps"], 2)


@title(
    en="The batches come from a generator",
    ru="Батчи приходят из генератора",
    hi="batch एक generator से आते हैं",
)
def test_generator(student):
    loss, record = fit(student, "generator")
    assert_close(record["weight"], 2.8)
    assert_close(loss, 29 / 3)
