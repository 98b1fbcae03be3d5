"""First checks of reparameterize. A right solution fails one of the random ones less than once in a million runs."""

import torch

from grader.testing import assert_close, assert_shape, expect, gradients, title


@title(
    en="z has the shape of mu",
    ru="Форма z такая же, как у mu",
    hi="z का shape वही है जो mu का",
)
def test_shape(student, rng):
    mu, logvar = rng.normal((4, 3)), rng.normal((4, 3))
    assert_shape(student.reparameterize(mu, logvar), (4, 3))


@title(
    en="Worked example: means 1 and -2, standard deviations 1 and 3",
    ru="Разобранный пример: средние 1 и -2, стандартные отклонения 1 и 3",
    hi="हल किया हुआ उदाहरण: mean 1 और -2, standard deviation 1 और 3",
)
def test_worked_example(student):
    mu = torch.tensor([1.0, -2.0]).repeat(4000, 1)
    logvar = torch.tensor([1.0, 9.0]).log().repeat(4000, 1)
    z = student.reparameterize(mu, logvar)
    assert_shape(z, (4000, 2))
    # 0.1 of a standard deviation is more than six standard errors of the mean and nine of the deviation.
    assert_close(z.mean(0), torch.tensor([1.0, -2.0]), rtol=0, atol=0.3, hint="The mean of z must be mu.")
    assert_close(
        z.std(0) / torch.tensor([1.0, 3.0]),
        torch.ones(2),
        rtol=0,
        atol=0.1,
        hint="logvar is the logarithm of the variance, and the noise is stretched by the standard deviation.",
    )


@title(
    en="Two calls give two different samples",
    ru="Два вызова дают две разные выборки",
    hi="दो call दो अलग सैंपल देते हैं",
)
def test_two_calls_differ(student, rng):
    mu, logvar = rng.normal((4, 5)), rng.normal((4, 5))
    first, second = student.reparameterize(mu, logvar), student.reparameterize(mu, logvar)
    assert_shape(first, (4, 5))
    assert_shape(second, (4, 5))
    expect(not torch.equal(first, second), "two calls with the same mu and logvar must draw different noise")


@title(
    en="The gradient with respect to mu is one",
    ru="Градиент по mu равен единице",
    hi="mu के सापेक्ष gradient एक है",
)
def test_gradient_of_mu(student, rng):
    mu, logvar = rng.normal((4, 3)).requires_grad_(), rng.normal((4, 3)).requires_grad_()
    z = student.reparameterize(mu, logvar)
    assert_shape(z, (4, 3))
    (of_mu,) = gradients(z, [mu])
    assert_close(of_mu, torch.ones(4, 3))
