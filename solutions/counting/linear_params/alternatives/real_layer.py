from torch.nn import Linear
from torch.nn.utils import parameters_to_vector


def linear_params(in_features, out_features, bias=True):
    return parameters_to_vector(Linear(in_features, out_features, bias).parameters()).numel()
