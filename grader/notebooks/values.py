"""Tells expressions at the top level of a module that surely have a value, and change nothing, from those that may fail."""

from __future__ import annotations

import ast
import collections
import keyword
import math
from typing import Protocol

from grader.notebooks import known

_LARGEST = 1 << 31  # of whole numbers that are computed or that stand in arrays
_MOST_ITEMS = 10_000
_CONSTANTS = {
    f"{module}.{name}": getattr(math, name) for module in ("math", "numpy", "torch") for name in ("pi", "e", "inf", "nan")
}
_FUNCTIONS = ("sqrt", "exp", "log", "log2", "sin", "cos", "tanh", "floor", "ceil")
_ON_NUMBERS = {f"{module}.{name}": getattr(math, name) for module in ("math", "numpy") for name in _FUNCTIONS}
_FLOATS = frozenset({"numpy.float32", "numpy.float64", "torch.float32", "torch.float64", "torch.float"})
_ARRAYS = frozenset({"numpy.array", "numpy.asarray", "torch.tensor"})
_FILLED = frozenset({"numpy.ones", "numpy.zeros", "torch.ones", "torch.zeros"})
_QUESTIONS = frozenset({"torch.cuda.is_available", "torch.backends.mps.is_available"})
_DEVICES = frozenset({"cpu", "cuda", "cuda:0", "mps"})


class Names(Protocol):
    """What a statement sees."""

    def is_bound(self, name: str) -> bool:
        """Whether a name is surely there: a binding of it comes along, or it is a builtin."""

    def path(self, name: str) -> str | None:
        """The dotted path of the import that a name stands for, or the name of the builtin; None where it is anything else."""

    def own_class(self, name: str) -> ast.ClassDef | None:
        """The definition of the class that a name stands for; None where it is anything else, or the class is changed."""

    def is_made_surely(self, name: str, call: ast.Call) -> bool:
        """Whether calling the name of a class of the submission surely makes an instance of it."""


def path_of(node: ast.expr, names: Names) -> str | None:
    """The dotted path that a name, or a chain of attributes, stands for; only what libraries surely offer has one."""
    if isinstance(node, ast.Name):
        return names.path(node.id)
    if isinstance(node, ast.Attribute):
        holder = path_of(node.value, names)
        return f"{holder}.{node.attr}" if holder and known.is_module(holder) and known.is_known(f"{holder}.{node.attr}") else None
    return None


def is_sure(node: ast.expr, names: Names) -> bool:
    """Whether an expression surely has a value."""
    if isinstance(node, ast.Constant) or number(node, names) is not None:
        return True
    if isinstance(node, ast.Name):
        return names.is_bound(node.id)
    if isinstance(node, ast.Attribute):
        return path_of(node, names) is not None
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(is_sure(each, names) for each in node.elts)
    if isinstance(node, ast.Dict):
        keys = all(isinstance(key, ast.Constant) for key in node.keys)
        return keys and all(is_sure(value, names) for value in node.values)
    if isinstance(node, ast.Lambda):
        return all(is_sure(each, names) for each in (*node.args.defaults, *node.args.kw_defaults) if each)
    if isinstance(node, ast.IfExp):
        return _is_question(node.test, names) and is_sure(node.body, names) and is_sure(node.orelse, names)
    if isinstance(node, ast.Call):
        return _is_sure_call(node, names)
    return is_type(node, names) or _is_array(node, names)


# -- numbers and arrays --------------------------------------------------------------------------------------------------------


def number(node: ast.expr, names: Names) -> float | None:
    """The value of arithmetic with numbers that stand there; None for anything else, or where it fails."""
    try:
        found = _number(node, names)
    except (ArithmeticError, ValueError, TypeError):
        return None
    return None if isinstance(found, complex) else found


def _number(node: ast.expr, names: Names) -> float | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) else None
    if isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and names.path(node.id) in _CONSTANTS):
        return _CONSTANTS.get(path_of(node, names) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = _number(node.operand, names)
        return None if inner is None else -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        left, right = _number(node.left, names), _number(node.right, names)
        return None if left is None or right is None else _computed(node.op, left, right)
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        function, value = _ON_NUMBERS.get(path_of(node.func, names) or ""), _number(node.args[0], names)
        return float(function(value)) if function is not None and value is not None else None
    return None


def _computed(operator: ast.operator, left: float, right: float) -> float | None:
    if isinstance(operator, ast.Pow):
        small = abs(left) < _LARGEST and abs(right) <= 30
        return float(left) ** right if small and isinstance(right, (int, float)) and left > 0 else None
    by_sign = {ast.Add: "__add__", ast.Sub: "__sub__", ast.Mult: "__mul__", ast.Div: "__truediv__", ast.FloorDiv: "__floordiv__"}
    method = by_sign.get(type(operator))
    if method is None or abs(left) > _LARGEST**2 or abs(right) > _LARGEST**2:
        return None
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    result: float = getattr(left, method)(right)
    return result


def _is_array(node: ast.expr, names: Names) -> bool:
    """Whether it is an array of numbers that stand there, perhaps scaled."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        by = number(node.right, names)
        return by is not None and 0 < abs(by) < _LARGEST and _is_array(node.left, names)
    if not (isinstance(node, ast.Call) and node.args):
        return False
    path, first = path_of(node.func, names), node.args[0]
    typed = not node.keywords or (
        len(node.args) == 1
        and all(each.arg == "dtype" and path_of(each.value, names) in _FLOATS for each in node.keywords)
        and len(node.keywords) == 1
    )
    if not typed:
        return False
    if path in _ARRAYS:
        return len(node.args) == 1 and _shape(first, names) is not None
    sizes = first.elts if isinstance(first, (ast.Tuple, ast.List)) and len(node.args) == 1 else node.args
    whole = [_whole(each, names) for each in sizes]
    if any(size is None for size in whole):
        return False
    if path in _FILLED:
        filled = len(node.args) == 1 and all(size is not None and 0 <= size <= _MOST_ITEMS for size in whole)
        return filled and math.prod(size or 0 for size in whole) <= _MOST_ITEMS
    ranged = path in ("numpy.arange", "torch.arange") and sizes is node.args
    if ranged and path == "torch.arange":
        return len(whole) == 1 and 0 <= (whole[0] or 0) <= _MOST_ITEMS
    small = all(abs(size or 0) <= _MOST_ITEMS for size in whole)
    return ranged and small and (len(whole) < 3 or (len(whole) == 3 and whole[2] != 0))


def _whole(node: ast.expr, names: Names) -> int | None:
    value = number(node, names)
    return value if isinstance(value, int) else None


def _shape(node: ast.expr, names: Names) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers; None where they make no array."""
    if not isinstance(node, (ast.List, ast.Tuple)):
        value = number(node, names)
        return () if value is not None and (isinstance(value, float) or abs(value) < _LARGEST) else None
    shapes = {_shape(each, names) for each in node.elts}
    inner = shapes.pop() if len(shapes) == 1 else None
    return None if inner is None or len(inner) > 8 else (len(node.elts), *inner)


# -- calls ---------------------------------------------------------------------------------------------------------------------


def _is_question(node: ast.expr, names: Names) -> bool:
    return isinstance(node, ast.Call) and not (node.args or node.keywords) and path_of(node.func, names) in _QUESTIONS


def _is_sure_call(node: ast.Call, names: Names) -> bool:
    if isinstance(node.func, ast.Name) and names.own_class(node.func.id) is not None:
        given = [*node.args, *(each.value for each in node.keywords)]
        return all(is_sure(each, names) for each in given) and names.is_made_surely(node.func.id, node)
    if _is_question(node, names) or _is_array(node, names) or is_layer(node, names):
        return True
    path = path_of(node.func, names)
    if any(each.arg is None for each in node.keywords):
        return False
    texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    alone = len(node.args) <= 1 and not node.keywords
    if path == "dict":
        return not node.args and all(is_sure(each.value, names) for each in node.keywords)
    if path in ("list", "set", "tuple", "object", "frozenset"):
        return not (node.args or node.keywords)
    if path == "float":
        return alone and (texts in (["inf"], ["-inf"], ["nan"]) or (bool(node.args) and number(node.args[0], names) is not None))
    if path in ("numpy.float32", "numpy.float64"):
        return alone and bool(node.args) and number(node.args[0], names) is not None
    if path == "numpy.random.default_rng":
        seeds = [_whole(each, names) for each in node.args]
        return alone and all(seed is not None and seed >= 0 for seed in seeds)
    if path == "torch.device":
        return alone and bool(node.args) and _is_device(node.args[0], names)
    return path == "collections.namedtuple" and not node.keywords and _is_named_tuple(node.args)


def is_layer(node: ast.expr, names: Names) -> bool:
    """Whether it makes a layer or a loss without weights, or a generator: none of them draws from the common random numbers."""
    path = path_of(node.func, names) if isinstance(node, ast.Call) else None
    if not isinstance(node, ast.Call):
        return False
    given = [*node.args, *(each.value for each in node.keywords)]
    if path == "torch.nn.Dropout":
        rate = number(given[0], names) if len(given) == 1 and all(each.arg == "p" for each in node.keywords) else None
        return rate is not None and 0 <= rate <= 1
    if isinstance(node.func, ast.Attribute) and node.func.attr == "manual_seed" and isinstance(node.func.value, ast.Call):
        seed = _whole(node.args[0], names) if len(given) == len(node.args) == 1 else None
        return _is_generator(node.func.value, names) and seed is not None and 0 <= seed < _LARGEST
    if path is None or path not in known.LAYERS or node.args:
        return _is_generator(node, names)
    kinds = {"dim": int, "reduction": str}
    return all(each.arg == known.LAYERS[path] and type(_constant(each.value)) is kinds[each.arg] for each in node.keywords)


def _is_generator(node: ast.Call, names: Names) -> bool:
    return not (node.args or node.keywords) and path_of(node.func, names) == "torch.Generator"


def _constant(node: ast.expr) -> object:
    """What stands there as a constant, perhaps with a sign; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -node.operand.value if isinstance(node.operand.value, int) else None
    return node.value if isinstance(node, ast.Constant) else None


def _is_device(node: ast.expr, names: Names) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_question(node.test, names) and _is_device(node.body, names) and _is_device(node.orelse, names)
    return isinstance(node, ast.Constant) and node.value in _DEVICES


def _is_named_tuple(given: list[ast.expr]) -> bool:
    try:
        name, fields = (ast.literal_eval(each) for each in given)
        collections.namedtuple(name, fields)  # it is made to see whether it can be
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return isinstance(name, str)


# -- annotations and classes ---------------------------------------------------------------------------------------------------


def is_type(node: ast.expr, names: Names) -> bool:
    """Whether an expression is surely a type that others can be made of: a class, one with brackets, a union."""
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.Name) and names.own_class(node.id) is not None:
        return True
    if isinstance(node, (ast.Name, ast.Attribute)):
        path = path_of(node, names)
        return path is not None and known.is_class(path)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        both = (node.left, node.right)
        return all(is_type(each, names) for each in both) and not all(isinstance(each, ast.Constant) for each in both)
    return isinstance(node, ast.Subscript) and _is_generic(node, names)


def _is_generic(node: ast.Subscript, names: Names) -> bool:
    path = path_of(node.value, names)
    given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if path in known.CALLABLES:
        first = given[0] if len(given) == 2 else None
        takes = isinstance(first, ast.List) and all(is_type(each, names) for each in first.elts)
        return (takes or _is_ellipsis(first)) and is_type(given[1], names)
    if path == "typing.Literal":
        return bool(given) and all(isinstance(each, ast.Constant) for each in given)
    if path is None or path not in known.GENERICS:
        return False
    count = known.GENERICS[path]
    if path in ("tuple", "typing.Tuple") and len(given) == 2 and _is_ellipsis(given[1]):
        given = given[:1]
    return bool(given) and count in (None, len(given)) and all(_is_named(each) or is_type(each, names) for each in given)


def _is_named(node: ast.expr) -> bool:
    """The name of a type as a text, for a class that is defined further down."""
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, str) and value.isidentifier() and not keyword.iskeyword(value)


def _is_ellipsis(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
