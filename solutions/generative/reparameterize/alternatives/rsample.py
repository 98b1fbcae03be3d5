"""rsample of torch.distributions already is the reparameterised sample; sample() would cut the gradients."""

from torch.distributions import Normal


def reparameterize(mu, logvar):
    return Normal(loc=mu, scale=logvar.mul(0.5).exp()).rsample()
