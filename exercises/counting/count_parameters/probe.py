"""Small models to count; a test calls these functions beside the submission."""

from torch import nn


def perceptron(module, inputs, hidden, outputs, frozen=False, **options):
    """Linear, batch normalisation, ReLU, linear; the first layer is frozen on demand."""
    model = nn.Sequential(nn.Linear(inputs, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, outputs))
    model[0].requires_grad_(not frozen)
    return module.count_parameters(model, **options)


def lenet5(module):
    """LeNet-5 for images of 32 x 32, every map of S2 connected to every map of C3."""
    features = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2))
    classifier = nn.Sequential(nn.Linear(16 * 5 * 5, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))
    return module.count_parameters(nn.Sequential(features, nn.Flatten(), classifier))


def language_model(module, words, width):
    """A model whose embedding and output layer are one matrix."""
    model = nn.ModuleDict({"embed": nn.Embedding(words, width), "score": nn.Linear(width, words, bias=False)})
    model["score"].weight = model["embed"].weight
    return module.count_parameters(model)


def lenet5_layers(module):
    """The layers of LeNet-5 that hold parameters, one by one."""
    convolutions = [nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)]
    layers = [*convolutions, nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)]
    return [module.count_parameters(layer) for layer in layers]
