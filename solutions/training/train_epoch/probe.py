"""Builds models, batches and optimisers of plain arrays, trains for some epochs and hands back what is left."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Lossy(nn.Module):
    """Two linear layers side by side; in train mode dropout takes all that the second one says."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.kept = nn.Linear(inputs, outputs)
        self.lost = nn.Sequential(nn.Linear(inputs, outputs), nn.Dropout(1.0))

    def forward(self, inputs):
        return self.kept(inputs) + self.lost(inputs)


class Series(nn.Module):
    """One linear layer at every point of time, averaged over time."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)

    def forward(self, inputs):
        return self.linear(inputs).mean(dim=1)


class Watched(nn.Module):
    """Notes for every forward pass whether all parts are in train mode."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.calls = 0
        self.modes = []
        self.outer = []
        self.register_forward_pre_hook(self.count)

    def count(self, *_):
        self.calls += 1

    def forward(self, inputs):
        self.modes.append(all(part.training for part in self.modules()))
        self.outer.append(self.training)
        return self.net(inputs)


class Stream:
    """An iterable without a length that counts how often somebody starts to read it."""

    def __init__(self, pairs):
        self.pairs = pairs
        self.readers = 0

    def __iter__(self):
        self.readers += 1
        return iter(self.pairs)


def build(kind, weights, setting):
    if kind == "linear":
        net = nn.Linear(*reversed(weights["weight"].shape))
    elif kind == "series":
        net = Series(*reversed(weights["linear.weight"].shape))
    elif kind == "lossy":
        net = Lossy(*reversed(weights["kept.weight"].shape))
    else:
        (hidden, inputs), outputs = weights["0.weight"].shape, weights["2.weight"].shape[0]
        middle = nn.BatchNorm1d(hidden) if kind == "norm" else nn.Tanh()
        net = nn.Sequential(nn.Linear(inputs, hidden), middle, nn.Linear(hidden, outputs))
    net.to(next(iter(weights.values())).dtype)
    net.load_state_dict(weights)
    return Watched(net).train(setting.get("arrives") == "train")


def linex(predictions, targets):
    """A loss that tells the two arguments apart."""
    excess = predictions - targets
    return (excess.exp() - excess - 1).mean()


LOSSES = {"squared": nn.MSELoss(), "classes": nn.CrossEntropyLoss(), "linex": linex}


def feed(kind, inputs, targets, sizes):
    pairs = list(zip(inputs.split(sizes), targets.split(sizes), strict=True))
    if kind == "generator":
        return (pair for pair in pairs)
    if kind == "stream":
        return Stream(pairs)
    if kind == "loader":
        return DataLoader(TensorDataset(inputs, targets), batch_size=sizes[0])
    if kind == "dropping loader":
        return DataLoader(TensorDataset(inputs, targets), batch_size=sizes[0], drop_last=True)
    return pairs


def epochs(module, model, batches, setting):
    loss_fn = LOSSES[setting.get("loss", "squared")]
    for name, parameter in model.net.named_parameters():
        parameter.requires_grad_(name not in setting.get("frozen", []))
        if setting.get("stale"):
            parameter.grad = torch.full_like(parameter, setting["stale"])
    groups = [
        {"params": [model.net.get_parameter(name) for name in names], "lr": lr} for names, lr in setting["groups"]
    ]
    kind = torch.optim.Adam if setting.get("adam") else torch.optim.SGD
    optimizer = kind(groups, **setting.get("options", {}))
    steps = []
    optimizer.register_step_post_hook(lambda *_: steps.append(1))

    before = [tensor.clone() for tensor in batches[:2]]
    losses, readers = [], []
    for _ in range(setting.get("epochs", 1)):
        iterable = feed(setting.get("feed", "list"), *batches)
        losses.append(module.train_epoch(model, iterable, loss_fn, optimizer))
        readers.append(getattr(iterable, "readers", None))
    return losses, {
        "weights": {name: tensor.detach().clone() for name, tensor in model.net.state_dict().items()},
        "calls": model.calls,
        "modes": model.modes,
        "outer modes": model.outer,
        "steps": len(steps),
        "readers": readers,
        "batches unchanged": all(torch.equal(*pair) for pair in zip(before, batches[:2], strict=True)),
    }


def train(module, kind, weights, batches, setting):
    """What the training leaves behind."""
    return epochs(module, build(kind, weights, setting), batches, setting)[1]


def losses(module, kind, weights, batches, setting):
    """What train_epoch returned, epoch by epoch, as it is."""
    return epochs(module, build(kind, weights, setting), batches, setting)[0]
