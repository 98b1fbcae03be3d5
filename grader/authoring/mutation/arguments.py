"""Slips in the arguments of a call: two in the wrong order, one left out, an axis kept that should go."""

import ast
from collections.abc import Iterator

from .context import Context, is_own_method
from .indexing import neighbours_swapped
from .sites import Site, called
from .vocabulary import AXIS_KEYWORDS, CREATION, INERT_KEYWORDS, NATIVE_TYPES, REDUCTIONS, SYMMETRIC

_LONGEST_SEQUENCE = 6


def neighbours_exchanged(site: Site, context: Context) -> Iterator[ast.AST]:
    call = site.node
    if not isinstance(call, ast.Call) or called(call) in SYMMETRIC | {"cast", "range", "getattr", "einsum"}:
        return
    for index in range(len(call.args) - 1):
        pair = call.args[index : index + 2]
        if not any(_is_word(argument) for argument in pair):
            yield ast.Call(call.func, neighbours_swapped(call.args, index), call.keywords)


def elements_exchanged(site: Site, context: Context) -> Iterator[ast.AST]:
    """Neighbours in a sequence that is passed on: a shape, a permutation, the parts of a concatenation."""
    node = site.node
    if not isinstance(node, ast.Tuple | ast.List) or site.parent is None or len(node.elts) > _LONGEST_SEQUENCE:
        return
    match site.parent.node:
        case ast.Call() as call if called(call) not in SYMMETRIC | REDUCTIONS:
            pass
        case ast.keyword(arg=name) if name not in AXIS_KEYWORDS:
            pass
        case _:
            return
    for index in range(len(node.elts) - 1):
        yield type(node)(neighbours_swapped(node.elts, index), node.ctx)


def axis_left_out(site: Site, context: Context) -> Iterator[ast.AST]:
    """One axis fewer of several."""
    match site.node, site.parent:
        case ast.Tuple(elts=axes, ctx=use), Site(node=ast.keyword(arg=name)) if name in AXIS_KEYWORDS:
            for index in range(len(axes)):
                yield ast.Tuple(axes[:index] + axes[index + 1 :], use)


def keyword_left_out(site: Site, context: Context) -> Iterator[ast.AST]:
    call = site.node
    if not isinstance(call, ast.Call):
        return
    for index, keyword in enumerate(call.keywords):
        if keyword.arg is not None and not _says_nothing(call, keyword):
            yield ast.Call(call.func, call.args, call.keywords[:index] + call.keywords[index + 1 :])


def axis_argument_left_out(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.Call(func=ast.Attribute() as func, args=args) as call if called(call) in REDUCTIONS:
            on_function = context.is_imported(func)
            if len(args) == (2 if on_function else 1) and not is_own_method(call):
                yield ast.Call(func, args[:-1], call.keywords)


def axis_kept(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.Call(func=ast.Attribute(), keywords=keywords) as call if called(call) in REDUCTIONS:
            names = {keyword.arg for keyword in keywords}
            if names & {"axis", "dim"} and not names & {"keepdim", "keepdims", None}:
                name = "keepdims" if "axis" in names else "keepdim"
                yield ast.Call(call.func, call.args, [*keywords, ast.keyword(name, ast.Constant(True))])


def _says_nothing(call: ast.Call, keyword: ast.keyword) -> bool:
    """Whether a keyword repeats what the callee does anyway."""
    if keyword.arg in INERT_KEYWORDS:
        return True
    if keyword.arg in {"keepdim", "keepdims", "inplace"}:
        return isinstance(keyword.value, ast.Constant) and keyword.value.value is False
    return keyword.arg == "dtype" and called(call) in CREATION and ast.unparse(keyword.value) in NATIVE_TYPES


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
