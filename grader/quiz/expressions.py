"""Evaluates the expressions of a bank: arithmetic over named values, and nothing that could reach further."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

Value: TypeAlias = int | float | bool | str | tuple[Any, ...]

_LONGEST_SOURCE = 500
_MOST_NODES = 200
_MOST_ITEMS = 64
_LARGEST = 10**40
_LARGEST_EXPONENT = 1000


class ExpressionError(ValueError):
    """An expression cannot be read, names something unknown, or has no finite value."""


def _sum(*values: Any) -> Any:
    return sum(values[0] if len(values) == 1 and isinstance(values[0], tuple) else values)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "sum": _sum,
}
CONSTANTS: Mapping[str, Value] = {"pi": math.pi}

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@lru_cache(maxsize=4096)
def _parsed(source: str) -> ast.expr:
    if len(source) > _LONGEST_SOURCE:
        raise ExpressionError(f"an expression has at most {_LONGEST_SOURCE} characters")
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"{source.strip()!r} is not an expression") from None
    nodes = list(ast.walk(tree))
    if len(nodes) > _MOST_NODES:
        raise ExpressionError(f"{source.strip()!r} is too long; derive a parameter for a part of it")
    for node in nodes:
        _refuse_foreign(node, source.strip())
    return tree


_ALLOWED = (
    *(ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Tuple, ast.Call, ast.Subscript),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context),
)
_REFUSED_OPERATORS = (
    *(ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift, ast.MatMult, ast.Invert, ast.In, ast.NotIn, ast.Is, ast.IsNot),
)


def _refuse_foreign(node: ast.AST, source: str) -> None:
    if not isinstance(node, _ALLOWED) or isinstance(node, _REFUSED_OPERATORS):
        what = type(node).__name__
        hint = "; a power is written **" if isinstance(node, ast.BitXor) else ""
        raise ExpressionError(f"{source!r} uses {what}, which is no arithmetic{hint}")
    if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float, str)):
        raise ExpressionError(f"{source!r} holds {node.value!r}, which is neither a number nor a text")
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise ExpressionError(f"{source!r} calls what is none of {', '.join(FUNCTIONS)}")
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise ExpressionError(f"{source!r} passes named or starred arguments")


def names_in(source: str) -> set[str]:
    """The names of values that an expression needs.

    Raises:
        ExpressionError: it cannot be read.
    """
    tree = _parsed(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names - FUNCTIONS.keys() - CONSTANTS.keys()


def evaluate(source: str, values: Mapping[str, Value]) -> Value:
    """The value of an expression: a finite number, a truth value, a text or a tuple of them.

    Raises:
        ExpressionError: the message quotes the expression and says what is the matter.
    """
    tree = _parsed(source)
    try:
        return _checked(_value(tree, values))
    except ExpressionError as error:
        raise ExpressionError(f"{source.strip()!r}: {error}") from None
    except ZeroDivisionError:
        raise ExpressionError(f"{source.strip()!r} divides by zero") from None
    except (ValueError, TypeError, ArithmeticError, IndexError, RecursionError) as error:
        raise ExpressionError(f"{source.strip()!r} has no value: {error}") from None


def _checked(value: Any) -> Value:
    if isinstance(value, tuple):
        if len(value) > _MOST_ITEMS:
            raise ExpressionError(f"a tuple has at most {_MOST_ITEMS} items")
        return tuple(_checked(item) for item in value)
    if isinstance(value, str):
        return value
    if not isinstance(value, (int, float)):
        raise ExpressionError("the result is no real number")
    if not math.isfinite(value) if isinstance(value, float) else abs(value) > _LARGEST:
        raise ExpressionError("the result is not finite, or too large")
    return value


def _value(node: ast.expr, values: Mapping[str, Value]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return _named(node.id, values)
        case ast.Tuple():
            return tuple(_value(item, values) for item in node.elts)
        case ast.UnaryOp():
            return _unary(node, values)
        case ast.BinOp():
            return _binary(node, values)
        case ast.BoolOp():
            return _bool(node, values)
        case ast.Compare():
            return _compare(node, values)
        case ast.IfExp():
            return _value(node.body if _value(node.test, values) else node.orelse, values)
        case ast.Subscript():
            return _item(node, values)
        case ast.Call():
            assert isinstance(node.func, ast.Name)  # for the type checker; reading made sure of it
            if node.func.id == "round" and len(node.args) == 2:
                return round(_number(_value(node.args[0], values)), _index(_value(node.args[1], values)))
            return _checked(FUNCTIONS[node.func.id](*(_value(argument, values) for argument in node.args)))
    raise ExpressionError("is no arithmetic")


def _named(name: str, values: Mapping[str, Value]) -> Value:
    if name in values:
        return values[name]
    if name in CONSTANTS:
        return CONSTANTS[name]
    raise ExpressionError(f"there is no parameter {name!r}")


def _number(value: Any) -> Any:
    if isinstance(value, (int, float)):
        return value
    raise ExpressionError(f"{value!r} is no number")


def _index(value: Any) -> int:
    if isinstance(value, int) and abs(value) <= _MOST_ITEMS:
        return value
    raise ExpressionError(f"{value!r} is no small whole number")


def _unary(node: ast.UnaryOp, values: Mapping[str, Value]) -> Any:
    value = _value(node.operand, values)
    return not value if isinstance(node.op, ast.Not) else _UNARY[type(node.op)](_number(value))


def _binary(node: ast.BinOp, values: Mapping[str, Value]) -> Any:
    left, right = _number(_value(node.left, values)), _number(_value(node.right, values))
    if isinstance(node.op, ast.Pow):
        # Checked beforehand: the power itself could take all memory.
        if abs(right) > _LARGEST_EXPONENT or (isinstance(left, int) and abs(left) ** min(abs(right), 140.0) > _LARGEST):
            raise ExpressionError("the power is too large")
        return _checked(left**right)
    return _checked(_BINARY[type(node.op)](left, right))


def _bool(node: ast.BoolOp, values: Mapping[str, Value]) -> bool:
    if isinstance(node.op, ast.And):
        return all(_value(item, values) for item in node.values)
    return any(_value(item, values) for item in node.values)


def _compare(node: ast.Compare, values: Mapping[str, Value]) -> bool:
    left = _value(node.left, values)
    for sign, item in zip(node.ops, node.comparators, strict=True):
        right = _value(item, values)
        if not _COMPARE[type(sign)](left, right):
            return False
        left = right
    return True


def _item(node: ast.Subscript, values: Mapping[str, Value]) -> Any:
    whole, index = _value(node.value, values), _value(node.slice, values)
    if not isinstance(whole, tuple):
        raise ExpressionError("only a tuple has items")
    return whole[_index(index)]
