"""Traps: grey originals; shapes with two to five axes, B, Z and the pixel counts all different; reconstructions two
millionths from 0 and 1; negative and large logvar; beta 0, beta an int, beta by position; gradients by value for each
of the three, alone as well; a second call with other values; a result with one axis; inputs worked on in place.

The expected values come from NumPy in float64 and from the derivatives written out by hand.
"""

import numpy as np
import torch

from grader.testing import (
    assert_close,
    assert_inputs_unchanged,
    gradients,
    points,
    title,
)


def numbers(tensor):
    return tensor.detach().numpy().astype(np.float64)


def expected_loss(reconstructed, original, mu, logvar, beta=1.0):
    """Cross-entropy and divergence, summed in float64."""
    r, x, m, v = map(numbers, (reconstructed, original, mu, logvar))
    entropy = -np.sum(x * np.log(r)) - np.sum((1 - x) * np.log1p(-r))
    divergence = np.sum(m**2) / 2 + np.sum(np.expm1(v) - v) / 2
    return torch.tensor(entropy + beta * divergence)


def batch(rng, shape, latent, dtype="float32"):
    """Reconstruction, grey original, mean and logvar."""
    return (
        rng.uniform(shape, 0.05, 0.95, dtype=dtype),
        rng.uniform(shape, 0.0, 1.0, dtype=dtype),
        rng.normal((shape[0], latent), 0.3, 1.2, dtype=dtype),
        rng.uniform((shape[0], latent), -2.5, 2.0, dtype=dtype),
    )


def check(student, cases):
    for answer, case in zip(student.each(cases), cases, strict=True):
        assert_close(answer, expected_loss(*case))


def leaves(batch):
    reconstructed, original, mu, logvar = batch
    return reconstructed.requires_grad_(), original, mu.requires_grad_(), logvar.requires_grad_()


@points(1.5)
@title(
    en="Black-and-white images",
    ru="Чёрно-белые изображения",
    hi="श्वेत-श्याम तस्वीरें",
)
def test_black_and_white(student, rng):
    size, width, latent = rng.distinct(2, 9, 3)
    reconstructed, _, mu, logvar = batch(rng, (size, width), latent)
    original = rng.boolean((size, width)).float()
    original[0, 0], original[0, 1] = 0.0, 1.0
    arguments = reconstructed, original, mu, logvar
    assert_close(student.vae_loss(*arguments), expected_loss(*arguments))


@points(1)
@title(
    en="Grey images",
    ru="Полутоновые изображения",
    hi="ग्रे तस्वीरें",
)
def test_grey(student, rng):
    size, width, latent = rng.distinct(2, 9, 3)
    arguments = batch(rng, (size, width), latent)
    assert_close(student.vae_loss(*arguments), expected_loss(*arguments))


@points(1)
@title(
    en="Channels, height and width, in both precisions",
    ru="Каналы, высота и ширина, в обеих точностях",
    hi="channel, ऊँचाई और चौड़ाई, दोनों precision में",
)
def test_shapes_and_precisions(student, rng):
    few, many = rng.distinct(2, 8, 5), rng.distinct(2, 8, 6)
    check(student, [batch(rng, tuple(few[:4]), few[4], "float32"), batch(rng, tuple(many[:5]), many[5], "float64")])


@points(1)
@title(
    en="One sample, one pixel, one latent variable",
    ru="Один пример, один пиксель, одна скрытая переменная",
    hi="एक सैंपल, एक pixel, एक latent variable",
)
def test_sizes_of_one(student, rng):
    check(student, [batch(rng, shape, latent) for shape, latent in (((1, 6), 4), ((5, 1), 3), ((3, 7), 1), ((1, 1), 1))])


@points(1)
@title(
    en="The weight beta",
    ru="Множитель beta",
    hi="भार beta",
)
def test_beta(student, rng):
    arguments = batch(rng, (4, 6), 3)
    check(student, [(*arguments, 4), (*arguments, 0)])
    assert_close(student.vae_loss(*arguments, beta=0.25), expected_loss(*arguments, 0.25))


@points(0.5)
@title(
    en="Reconstructions close to 0 and 1",
    ru="Восстановленные значения вблизи 0 и 1",
    hi="0 और 1 के पास के reconstruction",
)
def test_reconstructions_at_the_border(student, rng):
    reconstructed, original, mu, logvar = batch(rng, (9, 21), 2)
    # 2^-19 and 1 - 2^-19 are exact in float32, so single precision costs nothing here.
    reconstructed[:2, 0], reconstructed[2:4, 0] = 2.0**-19, 1 - 2.0**-19
    original[:4, 0] = torch.tensor([1.0, 0.0, 0.0, 1.0])
    arguments = reconstructed, original, mu, logvar
    assert_close(student.vae_loss(*arguments), expected_loss(*arguments))


@points(1)
@title(
    en="Small and large variances",
    ru="Малые и большие дисперсии",
    hi="छोटे और बड़े variance",
)
def test_variances(student, rng):
    ranges = (-18.0, -12.0), (4.0, 9.0), (24.0, 30.0)
    reconstructed, original, mu, logvar = batch(rng, (3, 5), 4)
    cases = [(reconstructed, original, mu, rng.uniform((3, 4), low, high)) for low, high in ranges]
    check(student, [*cases, (reconstructed, original, rng.normal((3, 4), -20.0, 5.0), logvar)])


@points(1)
@title(
    en="Gradient with respect to the reconstruction",
    ru="Градиент по восстановлению",
    hi="reconstruction के सापेक्ष gradient",
)
def test_gradient_of_the_reconstruction(student, rng):
    arguments = leaves(batch(rng, (3, 4, 5), 2))
    loss = student.vae_loss(*arguments, 0.5)
    (actual,) = gradients(loss, [arguments[0]])
    r, x = numbers(arguments[0]), numbers(arguments[1])
    assert_close(actual, torch.tensor((r - x) / (r * (1 - r))))


@points(1)
@title(
    en="Gradients with respect to mu and logvar",
    ru="Градиенты по mu и logvar",
    hi="mu और logvar के सापेक्ष gradient",
)
def test_gradients_of_the_code(student, rng):
    for beta, upstream in ((1.0, 1.0), (3.0, -2.0)):
        arguments = leaves(batch(rng, (5, 7), 3, "float64"))
        loss = student.vae_loss(*arguments, beta)
        if upstream < 0:
            student.vae_loss(*batch(rng, (5, 7), 3, "float64"), beta)  # must leave the first loss as it is
        m, v = numbers(arguments[2]), numbers(arguments[3])
        actual = gradients(loss, arguments[2:], torch.tensor(upstream))
        assert_close(actual, (torch.tensor(upstream * beta * m), torch.tensor(upstream * beta * np.expm1(v) / 2)))


@points(0.5)
@title(
    en="Non-contiguous inputs",
    ru="Входы, лежащие в памяти не подряд",
    hi="मेमोरी में लगातार न रखे गए इनपुट",
)
def test_inputs_not_contiguous(student, rng):
    reconstructed, original = rng.uniform((6, 4, 5), 0.05, 0.95), rng.uniform((4, 12, 5))
    arguments = (
        reconstructed.transpose(0, 1),
        original[:, ::2],
        rng.normal((3, 4)).T,
        rng.uniform((4, 6), -2.0, 2.0)[:, 1::2],
    )
    assert_close(student.vae_loss(*arguments), expected_loss(*arguments))


@points(0.5)
@title(
    en="The inputs stay as they were, and calls do not depend on one another",
    ru="Входы не изменяются, вызовы не зависят друг от друга",
    hi="इनपुट नहीं बदलते, और call एक-दूसरे पर निर्भर नहीं",
)
def test_inputs_unchanged(student, rng):
    first, second = batch(rng, (4, 6), 3), batch(rng, (4, 6), 3)
    check(student, [first, second, first])
    before, after = student.probe("refilled", first, second, 2.0, returns=["tensor", "tensor"])
    assert_close(before, expected_loss(*first, 2.0), hint="A later call changed an earlier answer.")
    assert_close(after, expected_loss(*second, 2.0), hint="The same tensors held other numbers in the second call.")
    assert_inputs_unchanged(student)
