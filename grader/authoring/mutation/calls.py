"""Slips in the choice of a function: its neighbour in the field, or none at all."""

import ast
import builtins
from collections.abc import Iterator

from .context import Context, is_own_method
from .sites import Site, called
from .vocabulary import (
    BUILTIN_CONFUSED,
    CONFUSED,
    FORGOTTEN,
    FORGOTTEN_ATTRIBUTES,
    NOT_FORGOTTEN_BUILTINS,
)

_WITHOUT_NETWORKS = {"np", "numpy", "math"}
_NETWORK_NAMES = {"sigmoid", "relu", "log_softmax", "softmax"}


def function_confused(site: Site, context: Context) -> Iterator[ast.AST]:
    call = site.node
    if not isinstance(call, ast.Call):
        return
    if isinstance(call.func, ast.Name):
        for name in _names_beside(call.func.id, context):
            yield ast.Call(ast.Name(name, ast.Load()), call.args, call.keywords)
        return
    for name in CONFUSED.get(called(call), ()):
        if isinstance(call.func, ast.Attribute):
            func = _attribute_beside(call.func, name, context)
            if func is not None:
                yield ast.Call(func, call.args, call.keywords)


def function_forgotten(site: Site, context: Context) -> Iterator[ast.AST]:
    call = site.node
    if not isinstance(call, ast.Call):
        return
    name = called(call)
    if is_own_method(call):
        forgettable = len(call.args) == 1 and (name in FORGOTTEN or _is_optional_layer(name))
    elif isinstance(call.func, ast.Name):
        forgettable = name in FORGOTTEN - NOT_FORGOTTEN_BUILTINS
    else:
        forgettable = name in FORGOTTEN and not (name == "to" and "device" in ast.unparse(call))
    subject = context.subject(call)
    if forgettable and subject is not None:
        yield subject


def attribute_forgotten(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.Attribute(value=value, attr=name, ctx=ast.Load()) if name in FORGOTTEN_ATTRIBUTES:
            if not context.is_imported(value):
                yield value


def output_axes_swapped(site: Site, context: Context) -> Iterator[ast.AST]:
    """The last two letters of what an einsum gives."""
    match site.node:
        case ast.Call(func=func, args=[ast.Constant(value=str() as formula), *rest]) as call:
            if called(call) != "einsum":
                return
            inputs, arrow, output = formula.partition("->")
            letters = output.strip()
            if arrow and letters[-2:].isalpha() and len(letters) > 1:
                changed = f"{inputs}->{letters[:-2]}{letters[-1]}{letters[-2]}"
                yield ast.Call(func, [ast.Constant(changed), *rest], call.keywords)


def _names_beside(name: str, context: Context) -> list[str]:
    """Only names that exist: a name error proves nothing about a test."""
    known = context.imported | context.defined
    if name in known:
        return [other for other in CONFUSED.get(name, ()) if other in known]
    return list(BUILTIN_CONFUSED.get(name, ())) if hasattr(builtins, name) else []


def _attribute_beside(func: ast.Attribute, name: str, context: Context) -> ast.expr | None:
    if name in _NETWORK_NAMES and context.is_imported(func) and ast.unparse(func.value) in _WITHOUT_NETWORKS:
        return ast.Name(name, ast.Load()) if name in context.defined else None
    return ast.Attribute(func.value, name, ast.Load())


def _is_optional_layer(name: str) -> bool:
    return "norm" in name or name.startswith("drop") or name in {"activation", "act", "relu"}
