import torch


def reparameterize(mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """Draw z from N(mu, exp(logvar)) so that gradients reach mu and logvar.

    z = mu + exp(logvar / 2) * eps, where eps is standard normal noise.

    mu: float tensor of any shape, often (B, Z) with B samples and Z latent variables: the means.
    logvar: float tensor of the same shape: the natural logarithms of the variances, from -30 to 30.
    Returns z, a tensor of the same shape.

    Every element has its own noise, independent of all others and of all earlier calls; any random generator
    will do. With respect to one element, dz/dmu = 1 and dz/dlogvar = (z - mu) / 2. The inputs are not changed.

    Example: mu = [1.0, -2.0] and logvar = [0.0, 2.1972], which is [ln 1, ln 9], give the standard deviations
    [1.0, 3.0]. Were the noise [0.5, -1.0], z would be [1 + 1 * 0.5, -2 + 3 * (-1)] = [1.5, -5.0].
    """
    raise NotImplementedError
