"""What libraries surely offer, so that code which reads it can be told from code that may fail; no library is loaded for it.

Of torch and numpy only what has been there since the oldest versions that the kit works with; what is not listed is only not
known. Modules of the standard library that do nothing when they are imported are asked themselves.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Mapping

_LAYERS = """
    Module ModuleList ModuleDict ParameterList ParameterDict Sequential Identity Flatten Unflatten Linear Bilinear
    Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d MaxPool1d MaxPool2d AvgPool1d AvgPool2d AdaptiveAvgPool1d
    AdaptiveAvgPool2d AdaptiveMaxPool2d BatchNorm1d BatchNorm2d LayerNorm GroupNorm InstanceNorm2d Dropout Dropout2d Embedding
    RNN RNNCell LSTM LSTMCell GRU GRUCell MultiheadAttention TransformerEncoder TransformerEncoderLayer TransformerDecoder
    TransformerDecoderLayer ReLU LeakyReLU PReLU ELU GELU SELU SiLU Sigmoid Tanh Softplus Softmax LogSoftmax Softmax2d MSELoss
    L1Loss NLLLoss CrossEntropyLoss BCELoss BCEWithLogitsLoss KLDivLoss SmoothL1Loss HuberLoss Upsample PixelShuffle ZeroPad2d
    Unfold Fold CosineSimilarity
"""
_TENSOR_FUNCTIONS = """
    abs add addmm all allclose any arange argmax argmin argsort as_tensor atleast_2d bmm broadcast_tensors cat ceil chunk clamp
    clone concat cos cosh cross cumprod cumsum diag diagonal diff div dot dropout einsum empty empty_like eq equal erf exp expm1
    eye flatten flip floor from_numpy full full_like gather ge gt hstack index_select inner is_tensor isclose isfinite isinf
    isnan kron le lerp linspace log log10 log1p log2 log_softmax logaddexp logical_and logical_not logical_or logspace logsumexp
    lt manual_seed masked_fill masked_select matmul max maximum mean median meshgrid min minimum mm mul multinomial mv
    nan_to_num ne neg nonzero norm numel ones ones_like outer permute pow prod rand rand_like randint randn randn_like randperm
    reciprocal relu reshape roll round rsqrt scatter sigmoid sign sin sinh softmax sort split sqrt square squeeze stack std sub
    sum t take tan tanh tensor tensordot tile topk trace transpose tril triu unbind unique unsqueeze var vstack where xlogy
    zeros zeros_like
"""
_ARRAY_FUNCTIONS = """
    abs absolute add all allclose any append apply_along_axis arange arccos arcsin arctan arctan2 argmax argmin argpartition
    argsort array array_equal asarray ascontiguousarray atleast_1d atleast_2d average bincount broadcast_to ceil clip
    column_stack concatenate convolve copy correlate cos cosh cross cumprod cumsum diag diagonal diff divide dot dstack einsum
    empty empty_like equal errstate exp expand_dims expm1 eye fill_diagonal flip floor full full_like greater histogram hstack
    identity inner interp isclose isfinite isinf isnan kron less linspace log log10 log1p log2 logical_and logical_not
    logical_or logspace matmul max maximum mean median meshgrid min minimum multiply nan_to_num nanmax nanmean nonzero ones
    ones_like outer pad percentile prod quantile ravel repeat reshape roll rot90 round searchsorted sign sin sinh sort split
    sqrt squeeze stack std subtract sum swapaxes take tan tanh tensordot tile trace transpose tri tril triu unique var vectorize
    vstack where zeros zeros_like
"""
_NUMBERS = "float16 float32 float64 int8 int16 int32 int64 uint8"
_OFFERED: Mapping[str, frozenset[str]] = {
    module: frozenset(names.split())
    for module, names in {
        "torch": f"""{_TENSOR_FUNCTIONS} {_NUMBERS} Tensor FloatTensor LongTensor Size Generator dtype device bool float double
            half int long bfloat16 complex64 pi e inf nan newaxis nn autograd optim utils distributions linalg cuda backends
            random no_grad enable_grad inference_mode set_grad_enabled""",
        "torch.nn": f"{_LAYERS} Parameter functional init utils modules parameter",
        "torch.nn.modules": f"{_LAYERS} module",
        "torch.nn.modules.module": "Module",
        "torch.nn.parameter": "Parameter",
        "torch.nn.functional": """adaptive_avg_pool2d avg_pool1d avg_pool2d binary_cross_entropy
            binary_cross_entropy_with_logits conv1d conv2d conv_transpose2d cosine_similarity cross_entropy dropout elu
            embedding fold gelu glu hardtanh interpolate kl_div l1_loss layer_norm leaky_relu linear log_softmax logsigmoid
            max_pool1d max_pool2d mse_loss nll_loss normalize one_hot pad relu relu6 scaled_dot_product_attention selu sigmoid
            silu smooth_l1_loss softmax softplus tanh unfold""",
        "torch.nn.init": """constant_ kaiming_normal_ kaiming_uniform_ normal_ ones_ orthogonal_ trunc_normal_ uniform_
            xavier_normal_ xavier_uniform_ zeros_""",
        "torch.nn.utils": "clip_grad_norm_ clip_grad_value_ parameters_to_vector vector_to_parameters rnn",
        "torch.nn.utils.rnn": "pack_padded_sequence pad_packed_sequence pad_sequence",
        "torch.autograd": "Function Variable grad",
        "torch.optim": "Adam AdamW Adagrad RMSprop SGD Optimizer lr_scheduler",
        "torch.optim.lr_scheduler": "CosineAnnealingLR ExponentialLR LambdaLR ReduceLROnPlateau StepLR",
        "torch.utils": "data",
        "torch.utils.data": "DataLoader Dataset IterableDataset TensorDataset Subset random_split",
        "torch.distributions": "Bernoulli Categorical Distribution Independent MultivariateNormal Normal Uniform kl_divergence",
        "torch.linalg": "norm vector_norm matrix_norm solve inv svd eigh qr",
        "torch.cuda": "is_available",
        "torch.backends": "cudnn mps",
        "torch.backends.mps": "is_available",
        "torch.random": "manual_seed",
        "numpy": f"""{_ARRAY_FUNCTIONS} {_NUMBERS} ndarray generic number integer floating bool_ dtype pi e inf nan newaxis lib
            linalg random typing""",
        "numpy.lib": "stride_tricks",
        "numpy.lib.stride_tricks": "as_strided sliding_window_view",
        "numpy.linalg": "norm solve inv svd eigh qr det",
        "numpy.random": "Generator RandomState default_rng normal rand randint randn permutation seed shuffle uniform",
        "numpy.typing": "NDArray ArrayLike DTypeLike",
    }.items()
}
_PLAIN_MODULES = """
    abc bisect cmath collections collections.abc contextlib copy csv dataclasses datetime decimal enum fractions functools
    heapq io itertools json math numbers operator os os.path pathlib random re statistics string sys textwrap time types typing
    warnings weakref
"""
# Of the standard library, but they do something when imported, or are not there on every computer.
_DOUBTFUL_MODULES = """
    antigravity this idlelib tkinter turtle turtledemo curses dbm lib2to3 ensurepip readline sqlite3 ssl lzma bz2 gdbm nis
    ossaudiodev spwd crypt fcntl grp pwd resource syslog termios tty pty msvcrt winreg winsound nt msilib asynchat asyncore
    smtpd imp distutils
"""
_PLAIN = frozenset(_PLAIN_MODULES.split())
_DOUBTFUL = frozenset(_DOUBTFUL_MODULES.split())
_CLASSES_IN_LOWER_CASE = frozenset(
    f"numpy.{name}" for name in f"{_NUMBERS} ndarray generic number integer floating bool_ dtype".split()
) | {"torch.dtype", "torch.device"}
_NO_BASES = frozenset({"bool", "range", "slice", "memoryview", "type", "super", "property", "staticmethod", "classmethod"})
_BASES = frozenset(
    {
        "torch.autograd.Function", "torch.optim.Optimizer", "torch.utils.data.Dataset", "torch.utils.data.IterableDataset",
        "abc.ABC", "typing.NamedTuple",
    }
)  # fmt: skip
# How many arguments stand in the brackets; `None` for any number.
GENERICS: Mapping[str, int | None] = {
    **dict.fromkeys(("tuple", "typing.Tuple", "typing.Union"), None),
    **dict.fromkeys(("list", "set", "frozenset", "type", "numpy.typing.NDArray", "typing.Optional"), 1),
    **dict.fromkeys(("dict", "typing.Dict", "typing.Mapping", "typing.MutableMapping", "typing.DefaultDict"), 2),
    **dict.fromkeys(("typing.List", "typing.Set", "typing.FrozenSet", "typing.Type", "typing.Deque"), 1),
    **{f"{module}.Mapping": 2 for module in ("collections.abc", "typing")},
    **{
        f"{module}.{name}": 1
        for module in ("collections.abc", "typing")
        for name in ("Iterable", "Iterator", "Sequence", "MutableSequence", "Collection")
    },
}
# Layers and losses without weights, with the keywords that they keep as they are.
LAYERS: Mapping[str, str] = {
    **dict.fromkeys(("torch.nn.ReLU", "torch.nn.Sigmoid", "torch.nn.Tanh", "torch.nn.GELU", "torch.nn.SiLU"), ""),
    **dict.fromkeys(("torch.nn.Identity", "torch.nn.Flatten"), ""),
    **dict.fromkeys(("torch.nn.Softmax", "torch.nn.LogSoftmax"), "dim"),
    **dict.fromkeys(("torch.nn.BCELoss", "torch.nn.BCEWithLogitsLoss", "torch.nn.MSELoss", "torch.nn.L1Loss"), "reduction"),
    **dict.fromkeys(("torch.nn.CrossEntropyLoss", "torch.nn.NLLLoss", "torch.nn.KLDivLoss"), "reduction"),
}
CALLABLES = frozenset({"typing.Callable", "collections.abc.Callable"})


def is_module(path: str) -> bool:
    """Whether a dotted path is a module that can surely be imported and does nothing then."""
    return path in _OFFERED or path in _PLAIN or ("." not in path and path in sys.stdlib_module_names - _DOUBTFUL)


def offers(module: str, name: str) -> bool:
    """Whether a module surely has a name."""
    if module in _OFFERED:
        return name in _OFFERED[module]
    return module in _PLAIN and hasattr(importlib.import_module(module), name)


def is_known(path: str) -> bool:
    """Whether a dotted path surely leads to something."""
    module, _, name = path.rpartition(".")
    return is_module(path) or (bool(module) and is_module(module) and offers(module, name))


def is_class(path: str) -> bool:
    """Whether a dotted path, or the name of a builtin, is surely a class that stands in annotations by itself."""
    module, _, name = path.rpartition(".")
    if not module:
        return isinstance(getattr(builtins, name, None), type)
    if module in _PLAIN:
        found = getattr(importlib.import_module(module), name, None)
        return isinstance(found, type) or path in CALLABLES
    return is_known(path) and (name[0].isupper() or path in _CLASSES_IN_LOWER_CASE) and module not in ("numpy.typing",)


def is_base(path: str) -> bool:
    """Whether a class may surely have what a dotted path or the name of a builtin is for its only base."""
    if "." not in path:
        return is_class(path) and path not in _NO_BASES
    return path in _BASES or (path.startswith("torch.nn.") and path.count(".") == 2 and is_class(path))


def offered() -> Mapping[str, frozenset[str]]:
    """All that is taken to be in torch and numpy, by module."""
    return _OFFERED
