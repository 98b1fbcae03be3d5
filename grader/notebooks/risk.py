"""Tells statements that can surely be run from those that may fail and then take along all that is loaded with them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Container

from grader.notebooks.statements import DEFINITIONS, IMPORTS, at_module_level, called, root

_KNOWN_MODULES = frozenset(sys.stdlib_module_names) | {"numpy", "torch"}
_SURE_NAMES = """
    np numpy torch nn F functional optim Optimizer ndarray Tensor Module ModuleList ModuleDict Parameter
    ParameterList Sequential Linear Conv2d float16 float32 float64 int8 int16 int32 int64 uint8 pi e inf nan newaxis
    dtype device typing NDArray ArrayLike no_grad inference_mode lru_cache cache cached_property wraps partial
    reduce product dataclass field abc ABC abstractmethod Any Callable Iterable Iterator Sequence Mapping Optional
    Union Tuple List Dict Literal NamedTuple namedtuple defaultdict Counter deque OrderedDict sqrt exp log log2
    floor ceil prod stride_tricks as_strided sliding_window_view annotations init utils data DataLoader Dataset
    TensorDataset lib linalg random collections path setter getter deleter
"""
_KNOWN_NAMES = frozenset(_SURE_NAMES.split())
_SUBSCRIPTED = _KNOWN_NAMES | {"tuple", "list", "dict", "set", "frozenset", "type"}
_CALM = (
    *IMPORTS, *DEFINITIONS, ast.Assign, ast.AnnAssign, ast.Pass, ast.Expr, ast.arguments, ast.arg, ast.alias, ast.Constant,
    ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Dict, ast.Lambda, ast.UnaryOp, ast.unaryop, ast.BinOp, ast.BitOr,
    ast.Subscript, ast.expr_context, ast.Call, ast.keyword,
)  # fmt: skip


def is_calm(node: ast.stmt, own: Container[str]) -> bool:
    """Whether a statement can surely be run, if the names that it reads are there: no work, no files, no unknown library.

    What is not calm may fail, and takes along only the exercises that need it. `own` are the names that the submission
    defines itself: a decorator among them runs the student's code.
    """
    lists = [getattr(part, "decorator_list", ()) for part in at_module_level(node, True)]
    decorators = {id(each) for found in lists for each in found}
    if any(root(called(each)) in own for found in lists for each in found):
        return False
    for part in at_module_level(node, True):
        if not isinstance(part, _CALM):
            return False
        if isinstance(part, ast.Attribute) and part.attr not in _KNOWN_NAMES:
            return False
        if isinstance(part, ast.Call) and id(part) not in decorators:
            return False
        if isinstance(part, ast.Subscript) and (root(part) not in _SUBSCRIPTED or root(part) in own):
            return False
        if isinstance(part, ast.Import) and not all(_known(alias.name) for alias in part.names):
            return False
        if isinstance(part, ast.ImportFrom) and not (
            not part.level and _known(part.module or "") and all(alias.name in _KNOWN_NAMES for alias in part.names)
        ):
            return False
    return True


def _known(module: str) -> bool:
    top, _, rest = module.partition(".")
    return top in _KNOWN_MODULES and all(part in _KNOWN_NAMES for part in rest.split(".") if rest)
