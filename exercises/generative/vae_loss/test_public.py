"""First checks of vae_loss."""

import math

import torch

from grader.testing import assert_close, gradients, title


def example():
    reconstructed = torch.tensor([[0.8, 0.25]])
    original = torch.tensor([[1.0, 0.0]])
    mu = torch.tensor([[1.0, 0.0]])
    logvar = torch.tensor([[0.0, math.log(2.0)]])
    return reconstructed, original, mu, logvar


@title(
    en="Worked example",
    ru="Разобранный пример",
    hi="हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    assert_close(student.vae_loss(*example()), torch.tensor(1.164252))


@title(
    en="Worked example with beta = 2",
    ru="Разобранный пример при beta = 2",
    hi="beta = 2 के साथ वही उदाहरण",
)
def test_worked_example_with_beta(student):
    assert_close(student.vae_loss(*example(), beta=2.0), torch.tensor(1.817678))


@title(
    en="A standard normal code costs nothing",
    ru="Стандартный нормальный код ничего не стоит",
    hi="standard normal code का कोई मूल्य नहीं लगता",
)
def test_no_divergence(student):
    half = torch.full((3, 4), 0.5)
    black_and_white = torch.tensor([[0.0, 1.0, 1.0, 0.0]] * 3)
    loss = student.vae_loss(half, black_and_white, torch.zeros(3, 2), torch.zeros(3, 2))
    assert_close(loss, torch.tensor(12 * math.log(2.0)), hint="Twelve pixels, each guessed with probability one half.")


@title(
    en="Two equal samples cost twice as much as one",
    ru="Два одинаковых примера стоят вдвое больше одного",
    hi="दो एक जैसे सैंपल का मूल्य एक से दुगुना है",
)
def test_sums_over_the_batch(student, rng):
    one = rng.uniform((1, 5), 0.1, 0.9), rng.uniform((1, 5)), rng.normal((1, 3)), rng.normal((1, 3))
    two = [torch.cat([tensor, tensor]) for tensor in one]
    assert_close(student.vae_loss(*two), 2 * student.vae_loss(*one))


@title(
    en="Where the reconstruction is right, its gradient is zero",
    ru="Там, где восстановление верно, градиент по нему равен нулю",
    hi="जहाँ reconstruction सही है, वहाँ उसका gradient शून्य है",
)
def test_gradient_vanishes_at_the_original(student, rng):
    original = rng.uniform((2, 5), 0.1, 0.9)
    reconstructed = original.clone().requires_grad_()
    loss = student.vae_loss(reconstructed, original, rng.normal((2, 3)), rng.normal((2, 3)))
    (of_reconstructed,) = gradients(loss, [reconstructed])
    assert_close(of_reconstructed, torch.zeros(2, 5))
