"""Traps: variances from e^-28 to e^28; noise that is not normal, shared along an axis, mirrored, standardised, cached
by shape or seeded in every call; torch.normal, whose gradients are zero; a graph that a later call spoils; no noise
without requires_grad or for a single element; inputs worked on in place.

The noise is recovered as (z - mu) / exp(logvar / 2), so nothing is assumed of the generator or of its seed.
False alarms: every statistic below leaves its bounds with a probability of at most 2 * exp(-TAIL) = 4.2e-9, by
Gaussian tails, by the chi-square bounds of Laurent and Massart (also for the products, which are quadratic forms)
and by the Dvoretzky-Kiefer-Wolfowitz inequality. There are 83 of them, and those of the
single elements are rarer still: a right solution fails with a probability below 90 * 4.2e-9 = 3.8e-7, less than one
in a million for the whole exercise.
"""

import math

import torch

from grader.testing import (
    assert_close,
    assert_inputs_unchanged,
    assert_shape,
    depends,
    expect,
    gradients,
    points,
    title,
)

TAIL = 20.0


def noise(z, mu, logvar):
    """The standard normal numbers behind z, in float64."""
    assert_shape(z, tuple(mu.shape))
    z, mu, logvar = (tensor.detach().double() for tensor in (z, mu, logvar))
    return (z - mu) * torch.exp(-logvar / 2)


def centred(values):
    """The sum is normal with variance n."""
    return abs(float(values.sum())) <= math.sqrt(2 * TAIL * values.numel())


def unit_variance(values):
    """The sum of squares is chi-square with n degrees of freedom."""
    count, total = values.numel(), float((values * values).sum())
    root = 2 * math.sqrt(count * TAIL)
    return count - root <= total <= count + root + 2 * TAIL


def uncorrelated(first, second):
    """The sum of products of independent normal numbers, also of neighbours in one row of them."""
    first, second = first.flatten(), second.flatten()
    bound = math.sqrt(2 * TAIL * first.numel()) + 2 * TAIL
    return abs(float((first * second).sum())) <= bound


def normal(values):
    """The distance between the empirical and the normal distribution function."""
    values = values.flatten().sort().values
    count = values.numel()
    expected = torch.special.ndtr(values)
    above = torch.arange(1, count + 1, dtype=torch.float64) / count - expected
    below = expected - torch.arange(count, dtype=torch.float64) / count
    return max(float(above.max()), float(below.max())) <= math.sqrt(TAIL / (2 * count))


@points(2)
@title(
    en="The noise is standard normal",
    ru="Шум имеет стандартное нормальное распределение",
    hi="noise standard normal है",
)
def test_noise_is_standard_normal(student, rng):
    mu, logvar = rng.normal((90, 111)), rng.uniform((90, 111), -3.0, 2.0)
    eps = noise(student.reparameterize(mu, logvar), mu, logvar)
    expect(centred(eps), "(z - mu) / standard deviation must have the mean 0")
    expect(unit_variance(eps), "(z - mu) / standard deviation must have the variance 1")
    expect(normal(eps), "(z - mu) / standard deviation must be normally distributed")
    # 9990 numbers: 124 lie beyond 2.5 (fewer than 54 have the Chernoff bound e^-20), 26 beyond 3.01 (none: e^-26),
    # and one beyond 7.5 has the probability 6.4e-10.
    far = [int((eps.abs() > bound).sum()) for bound in (2.5, 3.01, 7.5)]
    tails = far[0] >= 54 and far[1] >= 1 and far[2] == 0
    expect(tails, "(z - mu) / standard deviation must have the tails of a normal distribution")


@points(1)
@title(
    en="Small and large variances, each element its own",
    ru="Малые и большие дисперсии, у каждого элемента своя",
    hi="छोटे और बड़े variance, हर element का अपना",
)
def test_scale_of_each_element(student, rng):
    levels = [-28.0, -14.0, -5.0, -1.0, 0.5, 4.0, 14.0, 28.0]
    chosen = torch.tensor(rng.shuffled(list(range(len(levels))) * 400)).reshape(80, 40)
    logvar = torch.tensor(levels, dtype=torch.float64)[chosen]
    mu = rng.uniform((80, 40), -2.0, 2.0, dtype="float64")
    mu[chosen == 0] = 0.0  # beside any other mean an answer in float32 loses so small a noise
    eps = noise(student.reparameterize(mu, logvar), mu, logvar)
    for level in range(len(levels)):
        part = eps[chosen == level]
        expect(centred(part), "z must scatter around mu for small and for large variances")
        expect(unit_variance(part), "the variance of z must be exp(logvar), for small and for large logvar")


@points(1)
@title(
    en="Every element has its own noise",
    ru="У каждого элемента свой шум",
    hi="हर element का अपना noise",
)
def test_elements_are_independent(student, rng):
    mu, logvar = rng.normal((5, 7, 8, 11)), rng.normal((5, 7, 8, 11))
    eps = noise(student.reparameterize(mu, logvar), mu, logvar)
    for axis, size in enumerate(eps.shape):
        # Sums of n independent numbers have the variance n; shared noise makes it n * n, mirrored noise 0.
        sums = eps.sum(axis) / math.sqrt(size)
        expect(unit_variance(sums), "elements along one axis must not share their noise")
        half = size // 2
        twin = uncorrelated(eps.narrow(axis, 0, half), eps.narrow(axis, half, half))
        expect(twin, "one half of the noise must not repeat or mirror the other")
    line = eps.flatten()
    expect(uncorrelated(line[:-1], line[1:]), "neighbouring elements must not share their noise")
    mu, logvar = rng.normal((37, 23), dtype="float64"), rng.normal((37, 23), dtype="float64")
    eps = noise(student.reparameterize(mu, logvar), mu, logvar)
    for axis, size in enumerate(eps.shape):
        expect(unit_variance(eps.sum(axis) / math.sqrt(size)), "neither rows nor columns may share their noise")


@points(1)
@title(
    en="Every call draws new noise",
    ru="Каждый вызов берёт новый шум",
    hi="हर call नया noise निकालता है",
)
def test_calls_are_independent(student, rng):
    mu, logvar = rng.normal((18, 25)), rng.normal((18, 25))
    calls = [(mu, logvar)] * 4 + [(rng.normal(shape), rng.normal(shape)) for shape in ((18, 25), (450,), (25, 18))]
    drawn = [noise(student.reparameterize(*call), *call) for call in calls]
    for index, eps in enumerate(drawn):
        expect(unit_variance(eps), "the noise of every call must have the variance 1")
        for earlier in drawn[:index]:
            expect(uncorrelated(eps, earlier), "the noise of one call must be independent of that of all other calls")


@points(0.5)
@title(
    en="The noise of a call is not made to balance",
    ru="Шум одного вызова не подгоняется под среднее и дисперсию",
    hi="एक call के noise को mean और variance में जबरन नहीं बिठाया जाता",
)
def test_noise_is_not_standardised(student, rng):
    calls = [(rng.normal((1, 2)), rng.normal((1, 2))) for _ in range(16)]
    drawn = [noise(student.reparameterize(*call), *call) for call in calls]
    # All 16 normal sums (variance 2) within 0.25: 0.141^16 = 2e-14. All 16 sums of squares, exponential with the
    # mean 2, within 0.3 of one another: 16 * (0.3 / 2)^15 = 7e-12.
    sums, squares = ([float(values.sum()) for values in part] for part in (drawn, [eps * eps for eps in drawn]))
    independent = max(map(abs, sums)) > 0.25 and max(squares) - min(squares) > 0.3
    expect(independent, "the numbers of one call must be independent, so their sum and their spread differ by call")
    # Two of 64 calls alike to 1e-4 in all of three numbers: 2016 * (0.57 * 1e-4)^3 = 3.7e-10.
    calls = [(rng.normal((1, 3), dtype="float64"), rng.uniform((1, 3), -1.0, 1.0, dtype="float64")) for _ in range(64)]
    answers = student.each(calls)
    drawn = torch.cat([noise(answer, *call) for answer, call in zip(answers, calls, strict=True)])
    apart = (drawn[:, None] - drawn[None]).abs().amax(-1) + torch.eye(len(drawn))
    expect(float(apart.min()) > 1e-4, "the noise of one call must not come back in another, however many calls there are")


@points(1)
@title(
    en="Gradient with respect to mu",
    ru="Градиент по mu",
    hi="mu के सापेक्ष gradient",
)
def test_gradient_of_mu(student, rng):
    mu, logvar = rng.normal((19, 31)).requires_grad_(), rng.normal((19, 31)).requires_grad_()
    upstream = rng.normal((19, 31))
    z = student.reparameterize(mu, logvar)
    assert_shape(z, (19, 31))
    (of_mu,) = gradients(z, [mu], upstream)
    assert_close(of_mu, upstream, hint="A step of mu moves z by the same step.")


@points(1.5)
@title(
    en="Gradient with respect to logvar",
    ru="Градиент по logvar",
    hi="logvar के सापेक्ष gradient",
)
def test_gradient_of_logvar(student, rng):
    mu, logvar = (rng.normal((23, 29), dtype="float64").requires_grad_() for _ in range(2))
    upstream = rng.normal((23, 29), dtype="float64")
    z = student.reparameterize(mu, logvar)
    later = student.reparameterize(mu, logvar)
    for sample in (z, later):
        expect(unit_variance(noise(sample, mu, logvar)), "z must be random where gradients are asked for, too")
        (of_logvar,) = gradients(sample, [logvar], upstream)
        expected = upstream * (sample.detach().double() - mu.detach()) / 2
        assert_close(of_logvar, expected, hint="The noise that made z also decides how logvar moves z.")


@points(0.5)
@title(
    en="Only one of the two asks for gradients",
    ru="Градиент нужен только одному из двух",
    hi="gradient दोनों में से केवल एक को चाहिए",
)
def test_gradient_of_one_alone(student, rng):
    mu, logvar = rng.normal((16, 27)).requires_grad_(), rng.normal((16, 27))
    z = student.reparameterize(mu, logvar)
    expect(unit_variance(noise(z, mu, logvar)), "z must be random")
    assert_close(gradients(z, [mu])[0], torch.ones(16, 27))
    mu, logvar = rng.normal((16, 27)), rng.normal((16, 27)).requires_grad_()
    z = student.reparameterize(mu, logvar)
    expect(unit_variance(noise(z, mu, logvar)), "z must be random")
    assert_close(gradients(z, [logvar])[0], (z.detach() - mu) / 2)


@points(1)
@title(
    en="Vectors, single rows, single columns, single elements",
    ru="Векторы, одна строка, один столбец, один элемент",
    hi="वेक्टर, अकेली पंक्ति, अकेला स्तंभ, अकेला element",
)
def test_sizes_of_one(student, rng):
    for shape in ((1, 400), (400, 1), (400,), (1, 20, 20)):
        mu, logvar = rng.normal(shape), rng.normal(shape)
        eps = noise(student.reparameterize(mu, logvar), mu, logvar)
        expect(unit_variance(eps), "the noise must have the variance 1 for every shape")
    for shape in ((1, 1), (1,)):
        mu, logvar = rng.normal(shape), rng.normal(shape)
        drawn = [float(noise(student.reparameterize(mu, logvar), mu, logvar).sum()) for _ in range(12)]
        # Twelve normal numbers within 0.2 of one another: below 12 * (density 0.4 * 0.2)^11 = 1.1e-11.
        expect(max(drawn) - min(drawn) > 0.2, "a single element must have its own noise, new in every call")
        # One of twelve normal numbers beyond 7: 12 * 2.6e-12.
        expect(max(map(abs, drawn)) < 7.0, "a single element must have noise of variance 1")


@points(0.25)
@title(
    en="Inputs that do not lie contiguously in memory",
    ru="Входы, лежащие в памяти не подряд",
    hi="ऐसे इनपुट जो मेमोरी में लगातार नहीं रखे हैं",
)
def test_inputs_not_contiguous(student, rng):
    mu, logvar = rng.normal((21, 34)).T, rng.normal((34, 42))[:, ::2]
    eps = noise(student.reparameterize(mu, logvar), mu, logvar)
    expect(centred(eps) and unit_variance(eps), "the noise must be standard normal for every memory layout")


@points(0.25)
@depends("test_noise_is_standard_normal")
@title(
    en="The inputs stay as they were",
    ru="Входы не изменяются",
    hi="इनपुट जैसे थे वैसे ही रहते हैं",
)
def test_inputs_unchanged(student, rng):
    student.reparameterize(rng.normal((4, 3)), rng.normal((4, 3)))
    student.reparameterize(rng.normal((5,), dtype="float64"), rng.normal((5,), dtype="float64"))
    assert_inputs_unchanged(student)
