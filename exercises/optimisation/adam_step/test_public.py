"""The cases to try first."""

import numpy as np

from grader.testing import assert_close, title


@title(
    en="The first step of the worked example",
    ru="Первый шаг примера из условия",
    hi="हल किए हुए उदाहरण का पहला क़दम",
)
def test_first_step(student):
    start = np.array([1.0, 2.0]), np.array([0.5, -4.0]), np.zeros(2), np.zeros(2)
    param, m, v = student.adam_step(*start, 1, lr=0.1)
    assert_close(param, np.array([0.9, 2.1]))
    assert_close(m, np.array([0.05, -0.4]))
    assert_close(v, np.array([0.00025, 0.016]), atol=1e-7)


@title(
    en="The second step of the worked example",
    ru="Второй шаг примера из условия",
    hi="हल किए हुए उदाहरण का दूसरा क़दम",
)
def test_second_step(student):
    state = np.array([0.9, 2.1]), np.array([-0.5, 4.0]), np.array([0.05, -0.4]), np.array([0.00025, 0.016])
    param, m, v = student.adam_step(*state, 2, lr=0.1)
    assert_close(param, np.array([0.905263, 2.094737]))
    assert_close(m, np.array([-0.005, 0.04]))
    assert_close(v, np.array([0.00049975, 0.031984]), atol=1e-7)


@title(
    en="A matrix of parameters keeps its shape",
    ru="Матрица параметров сохраняет форму",
    hi="पैरामीटर की मैट्रिक्स का आकार बना रहता है",
)
def test_matrix(student, rng):
    param, grad = rng.normal((2, 3)), rng.normal((2, 3))
    after, m, v = student.adam_step(param, grad, np.zeros((2, 3)), np.zeros((2, 3)), 1, 0.5)
    assert_close(after, param - 0.5 * np.sign(grad))
    assert_close(m, 0.1 * grad)
    assert_close(v, 0.001 * grad * grad)


@title(
    en="Without a gradient and without a past nothing moves",
    ru="Без градиента и без прошлого ничего не движется",
    hi="न gradient हो, न अतीत, तो कुछ नहीं हिलता",
)
def test_nothing_moves(student):
    param, m, v = student.adam_step(np.array([3.0]), np.zeros(1), np.zeros(1), np.zeros(1), 1)
    assert_close((param, m, v), (np.array([3.0]), np.zeros(1), np.zeros(1)))
