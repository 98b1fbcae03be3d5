import torch


def vae_loss(
    reconstructed: torch.Tensor,
    original: torch.Tensor,
    mu: torch.Tensor,
    logvar: torch.Tensor,
    beta: float = 1.0,
) -> torch.Tensor:
    """Loss of a (beta-)variational autoencoder: reconstruction error + beta * divergence, both summed.

    reconstructed: float tensor of any shape, (B, ...): the decoder's probabilities, in [1e-6, 1 - 1e-6].
    original: float tensor of the same shape: the images, values in [0, 1], grey ones included.
    mu, logvar: float tensors (B, Z): means and natural logarithms of the variances of the latent variables.
    beta: a number, the weight of the divergence.
    Returns a 0-dim tensor, the sum of

    * the binary cross-entropy -(x ln r + (1 - x) ln(1 - r)), summed over all elements, and
    * beta times KL(N(mu, exp(logvar)) || N(0, 1)), summed over all samples and latent variables.

    Gradients flow to reconstructed, mu and logvar. No input is changed.

    Example: reconstructed [[0.8, 0.25]], original [[1, 0]]: -ln 0.8 - ln 0.75 = 0.5108.
    mu [[1, 0]] and logvar [[0, ln 2]]: divergences 0.5 and 0.1534, together 0.6534.
    The loss is 1.1643, and 1.8177 with beta = 2.
    """
    raise NotImplementedError
