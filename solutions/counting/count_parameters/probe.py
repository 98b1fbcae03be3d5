"""Models to count, built beside the submission; the tests choose the sizes and know the counts."""

import copy
import itertools

import torch
from torch import nn


def layers(module, kinds):
    """Modules that are one layer of torch.nn each."""
    return [module.count_parameters(getattr(nn, kind)(*sizes, **options)) for kind, sizes, options in kinds]


def nested(module, width, hidden, outputs, blocks):
    """Containers in containers; all blocks have the same shapes, and two of the layers have no bias."""

    def block():
        return nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Sequential(nn.Linear(hidden, width, bias=False)))

    body = nn.ModuleList([block() for _ in range(blocks)])
    head = nn.ModuleDict({"norm": nn.LayerNorm(width), "out": nn.Sequential(nn.Linear(width, outputs, bias=False))})
    return module.count_parameters(nn.Sequential(body, nn.Dropout(0.5), head))


class Holder(nn.Module):
    """Registers what it is given, parameters and modules alike, in the order given."""

    def __init__(self, **members):
        super().__init__()
        for name, member in members.items():
            setattr(self, name, member)


def of_shape(*shape):
    return nn.Parameter(torch.randn(shape))


def own_parameters(module, rows, columns, length, lengths, width):
    """Parameters beside ordinary layers: on the module and its child, in collections, of several floating types."""
    inner = Holder(cls_token=of_shape(1, 1, length), head=nn.Linear(columns, length), gain=of_shape(rows))
    own = Holder(inner=inner, table=of_shape(rows, columns, length), absent=None)
    several = nn.ParameterList([torch.randn(length) for length in lengths])
    named = nn.ParameterDict({f"factor{length}": torch.randn(length, width) for length in lengths})
    collected = Holder(several=several, inner=Holder(named=named), out=nn.Linear(width, 1))
    half, double = torch.randn(rows).half(), torch.randn(rows, columns).double()
    typed = Holder(short=nn.Parameter(half), long=nn.Parameter(double), single=of_shape(columns))
    return [module.count_parameters(model) for model in (own, collected, typed)]


def of_shapes(module, shapes, length):
    """Modules with nothing but one parameter of a shape; a temperature, alone and with an empty parameter and a vector."""
    counts = [module.count_parameters(Holder(value=of_shape(*shape))) for shape in shapes]
    counts.append(module.count_parameters(Holder(value=of_shape()), trainable_only=True))
    several = Holder(temperature=of_shape(), prompts=of_shape(0, length), gain=of_shape(length))
    return [*counts, module.count_parameters(several)]


def not_contiguous(module, channels, filters, side):
    """A convolution laid out for channels last, and a parameter that is the transpose of a matrix."""
    layer = nn.Conv2d(channels, filters, side).to(memory_format=torch.channels_last)
    counts = [module.count_parameters(layer)]
    layer.weight.requires_grad_(False)
    turned = Holder(basis=nn.Parameter(torch.randn(filters, channels).T), layer=layer)
    return [*counts, module.count_parameters(turned), module.count_parameters(turned, True)]


def large(module, length, width):
    """Millions of entries that share the memory of one, and a small layer."""
    table = nn.Parameter(torch.zeros(1).expand(length))
    return module.count_parameters(Holder(table=table, out=nn.Linear(width, 1)))


class Backwards(nn.Module):
    """Gives its parameters last first, as a class of somebody's own may."""

    def __init__(self, width, hidden):
        super().__init__()
        self.shift = of_shape(hidden)
        self.body = nn.Sequential(nn.Linear(width, hidden), nn.Linear(hidden, width))
        self.body[1].weight.requires_grad_(False)
        self.again = self.shift
        self.scale = of_shape(hidden, 2)

    def parameters(self, recurse=True):
        return iter(list(super().parameters(recurse))[::-1])


def backwards(module, width, hidden):
    count = module.count_parameters
    return count(Backwards(width, hidden)), count(Backwards(width, hidden), trainable_only=True)


class WithBuffers(nn.Module):
    """Buffers of every sort and a plain tensor, none of which is a parameter."""

    def __init__(self, length):
        super().__init__()
        self.weight = of_shape(length)
        self.register_buffer("steps", torch.arange(length))
        self.register_buffer("window", torch.randn(2, length), persistent=False)
        self.register_buffer("sensitive", torch.randn(length, 3, requires_grad=True))
        self.plain = torch.randn(length, 5, requires_grad=True)


def with_buffers(module, channels, length):
    """A model with buffers of every sort, counted by default and with the option; a model with nothing but buffers."""

    def model():
        norms = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels, affine=False)
        return nn.Sequential(nn.Conv2d(2, channels, 3), *norms, WithBuffers(length))

    count = module.count_parameters
    bare = nn.Sequential(nn.BatchNorm1d(channels, affine=False), nn.ReLU())
    return count(model()), count(model(), trainable_only=True), count(bare)


def partly_frozen(module, models):
    """Linear layers; `trained` tells for every weight and bias in turn whether it is. Some gradients are left over.

    Counts each by keyword, by position, by default and with the option turned off.
    """
    count, counts = module.count_parameters, []
    for sizes, trained, evaluate in models:
        model = nn.Sequential(*(nn.Linear(*pair) for pair in itertools.pairwise(sizes)))
        for number, (parameter, flag) in enumerate(zip(model.parameters(), trained, strict=True)):
            if number % 2:
                parameter.grad = torch.zeros_like(parameter)
            parameter.requires_grad_(flag)
        model.train(not evaluate)
        counts.append((count(model, trainable_only=True), count(model, True), count(model), count(model, False)))
    return counts


def tied(module, words, width):
    """The embedding's matrix is also the weight of a decoder at another depth.

    Counts while it is trained, then while it is frozen, each without and with the option.
    """
    counts = []
    for frozen, options in itertools.product((False, True), ({}, {"trainable_only": True})):
        encoder = nn.ModuleDict({"embed": nn.Embedding(words, width), "mix": nn.Linear(width, width, bias=False)})
        decoder = nn.Sequential(nn.Sequential(nn.ReLU(), nn.Linear(width, words)))
        decoder[0][1].weight = encoder["embed"].weight
        encoder["embed"].weight.requires_grad_(not frozen)
        counts.append(module.count_parameters(Holder(decoder=decoder, encoder=encoder), **options))
    return counts


def repeated(module, rows, columns):
    """One layer three times, twice in one container and once deeper.

    Then one parameter under two names of a module, in its child and twice in a list.
    """
    counts = []
    for options in ({}, {"trainable_only": True}):
        same = nn.Linear(rows, rows)
        counts.append(module.count_parameters(nn.Sequential(same, nn.ReLU(), same, nn.Sequential(same)), **options))
    shared = of_shape(rows, columns)
    other = of_shape(rows)
    many = nn.ParameterList([shared, other, shared])
    model = Holder(first=shared, between=other, second=shared, child=Holder(third=shared), many=many)
    return [*counts, module.count_parameters(model)]


def alike(module, width, hidden, copies, few, many):
    """Equal copies of one layer: the same names, shapes and values, and yet different parameters.

    Then two parameters that are different objects and look at the same memory.
    """
    original = nn.Linear(width, hidden)
    twins = nn.ModuleList([copy.deepcopy(original) for _ in range(copies)])
    twins.append(Holder(zero=nn.Parameter(torch.zeros(hidden)), nil=nn.Parameter(torch.zeros(hidden))))
    memory = torch.randn(many, width)
    views = Holder(head=nn.Parameter(memory[:few]), whole=nn.Parameter(memory))
    return module.count_parameters(twins), module.count_parameters(views)


def again(module, width, hidden, extra):
    """Counts one model over and over while it changes."""
    model = nn.Sequential(nn.Linear(width, hidden), nn.Linear(hidden, width, bias=False))
    counts = [module.count_parameters(model), module.count_parameters(model), module.count_parameters(model, True)]
    model[0].weight.requires_grad_(False)
    counts += [module.count_parameters(model, True), module.count_parameters(model)]
    model.append(nn.Linear(width, extra))
    counts += [module.count_parameters(model), module.count_parameters(model, True)]
    return counts


def _state(model):
    parameters = dict(model.named_parameters(remove_duplicate=False))
    buffers = dict(model.named_buffers())
    modules = dict(model.named_modules(remove_duplicate=False))
    return {
        "values": {name: tensor.detach().clone() for name, tensor in [*parameters.items(), *buffers.items()]},
        "requires_grad": {name: parameter.requires_grad for name, parameter in parameters.items()},
        "gradients": {name: None if p.grad is None else p.grad.clone() for name, p in parameters.items()},
        "training": {name: part.training for name, part in modules.items()},
        "kinds": {name: type(part).__name__ for name, part in modules.items()},
        "attributes": [sorted(vars(part)) for part in modules.values()] + [sorted(vars(p)) for p in parameters.values()],
    }


def states(module, width, hidden):
    """The state of a model before and after it was counted, and whether its parameters are still the same objects."""
    layers = [nn.Linear(width, hidden), nn.BatchNorm1d(hidden), nn.Dropout(0.3), nn.Linear(hidden, width)]
    model = Holder(body=nn.Sequential(*layers), scale=of_shape(), copy=layers[3])
    model.body[0].weight.requires_grad_(False)
    model.body[1].bias.requires_grad_(False)
    model.body[1].eval()
    model.body[3].bias.grad = torch.randn(width)
    objects = list(model.named_parameters(remove_duplicate=False))
    before = _state(model)
    module.count_parameters(model)
    module.count_parameters(model, True)
    after = _state(model)
    kept = [now is then for (_, now), (_, then) in zip(model.named_parameters(remove_duplicate=False), objects, strict=False)]
    return before, after, kept
