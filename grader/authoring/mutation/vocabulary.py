"""The names that deep-learning code confuses, forgets or leaves out."""

from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONFUSED: Final[dict[str, tuple[str, ...]]] = {
    "sum": ("mean",),
    "mean": ("sum",),
    "nansum": ("nanmean",),
    "nanmean": ("nansum",),
    "max": ("min", "mean"),
    "min": ("max", "mean"),
    "amax": ("amin",),
    "amin": ("amax",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "any": ("all",),
    "all": ("any",),
    "var": ("std",),
    "std": ("var",),
    "exp": ("expm1",),
    "expm1": ("exp",),
    "log": ("log2",),
    "log2": ("log",),
    "log1p": ("log",),
    "rsqrt": ("sqrt",),
    "sigmoid": ("tanh",),
    "tanh": ("sigmoid",),
    "logsigmoid": ("sigmoid",),
    "softplus": ("relu",),
    "gelu": ("relu",),
    "silu": ("sigmoid",),
    "softmax": ("log_softmax",),
    "log_softmax": ("softmax",),
    "Sigmoid": ("Tanh",),
    "Tanh": ("Sigmoid",),
    "cos": ("sin",),
    "sin": ("cos",),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "triu": ("tril",),
    "tril": ("triu",),
    "cumsum": ("cumprod",),
    "cumprod": ("cumsum",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "new_zeros": ("new_ones",),
    "new_ones": ("new_zeros",),
    "zeros_": ("ones_",),
    "ones_": ("zeros_",),
    "rand": ("randn",),
    "randn": ("rand",),
    "rand_like": ("randn_like",),
    "randn_like": ("rand_like",),
    "xavier_uniform_": ("kaiming_uniform_",),
    "kaiming_uniform_": ("xavier_uniform_",),
    "train": ("eval",),
    "eval": ("train",),
    "no_grad": ("enable_grad",),
}

#: What a name becomes when it is a builtin: `max(a, b)` has no `mean` beside it.
BUILTIN_CONFUSED: Final[dict[str, tuple[str, ...]]] = {
    "max": ("min",),
    "min": ("max",),
    "any": ("all",),
    "all": ("any",),
}

#: Words in a call that choose a behaviour.
CONFUSED_WORDS: Final[dict[str, str]] = {
    "mean": "sum",
    "sum": "mean",
    "ij": "xy",
    "xy": "ij",
    "inf": "-inf",
    "-inf": "inf",
    "fan_in": "fan_out",
    "fan_out": "fan_in",
}

#: Calls that may be forgotten, leaving the value they were made on.
FORGOTTEN: Final[frozenset[str]] = _names(
    "exp expm1 log log2 log1p sqrt rsqrt square abs fabs tanh sigmoid softplus relu gelu silu softmax log_softmax "
    "floor ceil round "
    "transpose permute swapaxes moveaxis t flip flipud fliplr unsqueeze squeeze expand_dims clamp clip "
    "clamp_min clamp_max detach item clone copy deepcopy astype float double cumsum cumprod tril triu "
    "masked_fill dropout normalize logical_not reversed sorted to"
)

#: Builtins of the same names do another thing: `float(x)` makes a number, `round(x)` an int.
NOT_FORGOTTEN_BUILTINS: Final[frozenset[str]] = frozenset({"float", "to"})

FORGOTTEN_ATTRIBUTES: Final[frozenset[str]] = frozenset({"T", "mT", "H", "mH"})

#: Swapping the arguments of these changes nothing.
SYMMETRIC: Final[frozenset[str]] = _names(
    "max min maximum minimum fmax fmin add multiply mul logaddexp allclose isclose equal transpose swapaxes "
    "logical_and logical_or logical_xor bitwise_and bitwise_or hypot gcd lcm dist broadcast_tensors "
    "broadcast_arrays mse_loss l1_loss"
)

REDUCTIONS: Final[frozenset[str]] = _names(
    "sum mean max min amax amin prod var std argmax argmin any all norm logsumexp median nansum nanmean"
)

AXIS_CALLS: Final[frozenset[str]] = REDUCTIONS | _names(
    "softmax log_softmax cat concat concatenate stack squeeze unsqueeze expand_dims size flatten unflatten transpose "
    "swapaxes cumsum cumprod flip sort argsort gather index_select unbind chunk logcumsumexp"
)

AXIS_KEYWORDS: Final[frozenset[str]] = frozenset({"axis", "dim", "dims", "dim0", "dim1", "start_dim", "end_dim"})

#: A changed number in these only makes the call raise.
SHAPING: Final[frozenset[str]] = frozenset({"permute", "reshape", "view", "expand", "broadcast_to"})

#: Calls whose arguments are types or texts.
OPAQUE: Final[frozenset[str]] = frozenset(
    {"isinstance", "issubclass", "hasattr", "print", "super", "TypeVar", "NewType", "warn", "debug", "info", "warning"}
)

#: Keywords that do not change what is computed on a CPU.
INERT_KEYWORDS: Final[frozenset[str]] = _names(
    "device non_blocking pin_memory memory_format strict stacklevel file flush end sep"
)

SYMMETRIC_NOISE: Final[frozenset[str]] = frozenset({"randn", "randn_like", "standard_normal"})

CREATION: Final[frozenset[str]] = frozenset({"zeros", "ones", "empty", "eye"})

NATIVE_TYPES: Final[frozenset[str]] = frozenset(
    {"np.float64", "numpy.float64", "float", "np.float_", "torch.float32", "torch.float"}
)

#: Methods that only make text.
TEXTUAL_METHODS: Final[frozenset[str]] = frozenset({"__repr__", "__str__", "__format__", "extra_repr"})
