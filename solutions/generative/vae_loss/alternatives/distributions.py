"""Everything from torch.distributions."""

from torch.distributions import Bernoulli, Independent, Normal, kl_divergence


def vae_loss(reconstructed, original, mu, logvar, beta=1.0):
    # Grey values are no outcomes of a coin, so the check of the support is switched off.
    likelihood = Bernoulli(probs=reconstructed, validate_args=False).log_prob(original).sum()
    posterior = Independent(Normal(mu, (logvar / 2).exp()), 1)
    prior = Independent(Normal(mu.new_zeros(mu.shape), mu.new_ones(mu.shape)), 1)
    return beta * kl_divergence(posterior, prior).sum() - likelihood
