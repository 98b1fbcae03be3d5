"""Questions to the layer that are no single call of it."""

import torch
from torch.overrides import TorchFunctionMode

AWAY = torch.device("meta")


def holds_linear_layers(module, input_size, hidden_size):
    """Tell whether weight_ih and weight_hh are nn.Linear."""
    layer = module.LSTM(input_size, hidden_size)
    return all(isinstance(getattr(layer, name, None), torch.nn.Linear) for name in ("weight_ih", "weight_hh"))


def first_of_two(module, input_size, hidden_size, first, second):
    """Read two batches; hand back the first answer as it is after the second call, and as it was before."""
    layer = module.LSTM(input_size, hidden_size).to(torch.float32)
    outputs, (h, c) = layer(first)
    before = [tensor.clone() for tensor in (outputs, h, c)]
    layer(second)
    return [outputs, h, c], before


def mixes_devices(module, inputs, state):
    """Tell whether, away from the CPU, the layer runs with a state given and stumbles over the one it makes itself."""
    layer = module.LSTM(inputs.size(2), state[0].size(1)).to(torch.float32)
    return stumbles(layer, inputs) and not stumbles(layer, inputs, state)


def stumbles(layer, *args):
    """Tell whether two devices meet in a call; a layer that cannot run under the pretence proves nothing."""
    with TwoDevices() as pretence:
        try:
            layer(*args)
        except Exception:  # code of a submission may raise anything
            return False
    return pretence.met


class TwoDevices(TorchFunctionMode):
    """Pretends, without a second device, that inputs and parameters live elsewhere than tensors made from nothing.

    A tensor that is made without naming the inputs' device is marked, and so is what comes of it alone. Where a marked
    tensor meets one that is not, a GPU would refuse; numbers, indices and assignments into a buffer are free to mix.
    """

    def __init__(self):
        super().__init__()
        self.met = False

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func == torch.Tensor.device.__get__:
            return torch.device("cpu") if marked(args[0]) else AWAY
        if func is torch.device:  # a device made of the inputs' own, also by `with inputs.device:`
            return func(*args, **kwargs)
        name = getattr(func, "__name__", "")
        moves = name in ("to", "type_as")
        given = tensors([args, kwargs])
        marks = [marked(tensor) for tensor in given if tensor.dim()]
        if any(marks) and not all(marks) and not moves and name not in ("copy_", "__setitem__", "__getitem__"):
            self.met = True
        result = func(*map(at_home, args), **{key: at_home(value) for key, value in kwargs.items()})
        if not given and any(tensor.is_meta for tensor in tensors(result)):  # set_default_device
            return func(*args, **{**kwargs, "device": "cpu"})
        if any(map(is_away, [*args, *kwargs.values()])) or (moves and not all(marks)):
            return result.view_as(result) if moves else result  # a view carries no mark
        if any(marks) or not given:
            for tensor in tensors(result):
                tensor.made_from_nothing = True
        return result


def marked(tensor):
    return getattr(tensor, "made_from_nothing", False)


def is_away(value):
    return isinstance(value, (torch.device, str)) and str(value) == str(AWAY)


def at_home(value):
    return "cpu" if is_away(value) else value


def tensors(value):
    """All tensors in a nest of tuples, lists and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        return tensors(list(value.values()))
    return [tensor for item in value for tensor in tensors(item)] if isinstance(value, (list, tuple)) else []
