"""Slips in the order of work: a step left out, a sum overwritten, an input changed in place, a graph cut."""

import ast
from collections.abc import Iterator
from typing import Final

from .arithmetic import is_text, swapped
from .context import Context
from .indexing import neighbours_swapped
from .literals import value_of
from .sites import Function, Site

_PLAIN_TYPES: Final = frozenset({"int", "float", "bool", "str", "None"})


def step_left_out(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.Expr(value=ast.Call() | ast.Await() as work) if ast.unparse(work) != "super().__init__()":
            yield ast.Pass()
        case ast.AugAssign(target=target) if not _drives_loop(site, target):
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript()]):
            yield ast.Pass()
        case ast.Assign(targets=[target], value=value) if _mentions(value, target) and not _drives_loop(site, target):
            yield ast.Assign([target], _loaded(target), lineno=0)
        case ast.Continue():
            yield ast.Pass()
        case ast.Break() if not _is_in_while(site):
            yield ast.Pass()


def accumulation_changed(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.AugAssign(target=target, op=operator, value=value) as node if not _drives_loop(site, target):
            if is_text(ast.BinOp(_loaded(target), operator, value)):
                return
            for other in swapped(operator):
                yield ast.AugAssign(target, other, value)
            yield ast.Assign([target], value, lineno=node.lineno)


def input_overwritten(site: Site, context: Context) -> Iterator[ast.AST]:
    """x = x - m as x -= m, which changes the caller's array."""
    function = site.function()
    match site.node:
        case ast.Assign(
            targets=[ast.Name(id=name) as target], value=ast.BinOp(left=ast.Name(id=left), op=operator, right=right)
        ) if name == left and function is not None and _is_array_parameter(function, name):
            yield ast.AugAssign(target, operator, right)


def targets_swapped(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.Assign(targets=[ast.Tuple(elts=names, ctx=use)], value=value) as node:
            for index in range(len(names) - 1):
                if _starts_alike(value, index):
                    continue
                swapped_names = ast.Tuple(neighbours_swapped(names, index), use)
                yield ast.Assign([swapped_names], value, lineno=node.lineno)


def results_swapped(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.Tuple(elts=values, ctx=use) if _is_returned(site):
            for index in range(len(values) - 1):
                yield ast.Tuple(neighbours_swapped(values, index), use)


def graph_cut(site: Site, context: Context) -> Iterator[ast.AST]:
    """A returned tensor without its gradient."""
    if not context.torch or not isinstance(site.node, ast.Name | ast.BinOp | ast.Call | ast.Subscript):
        return
    function = site.function()
    if function and _is_returned(site) and not _returns_plain_value(function, site.node):
        yield ast.Call(ast.Attribute(site.node, "detach", ast.Load()), [], [])


def _starts_alike(value: ast.expr, index: int) -> bool:
    """Whether two neighbours get the same number, as in `total, count = 0.0, 0`."""
    if not isinstance(value, ast.Tuple) or index + 1 >= len(value.elts):
        return False
    first, second = (value_of(element) for element in value.elts[index : index + 2])
    return first is not None and first == second


def _is_returned(site: Site) -> bool:
    """Whether a value is what a function returns, or one of several."""
    holder = site.parent
    while holder and isinstance(holder.node, ast.Tuple):
        holder = holder.parent
    return holder is not None and isinstance(holder.node, ast.Return)


def _returns_plain_value(function: Function, value: ast.expr) -> bool:
    if function.returns is not None and ast.unparse(function.returns) in _PLAIN_TYPES:
        return True
    if isinstance(value, ast.Name):
        return value.id == "self" or _holds_no_gradient(function, value.id)
    return ast.unparse(value).endswith((".item()", ".detach()"))


def _holds_no_gradient(function: Function, name: str) -> bool:
    """Whether a name is bound to what has no `detach`, or to a comparison, which has no gradient."""
    return any(
        isinstance(node.value, ast.List | ast.ListComp | ast.Dict | ast.Tuple | ast.Constant | ast.Compare)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == name for target in node.targets)
    )


def _is_array_parameter(function: Function, name: str) -> bool:
    parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    annotations = [parameter.annotation for parameter in parameters if parameter.arg == name]
    return any(kind is None or ast.unparse(kind) not in _PLAIN_TYPES for kind in annotations)


def _loops(site: Site) -> Iterator[ast.For | ast.AsyncFor | ast.While]:
    """The loops around a statement within its function, innermost first."""
    for ancestor in site.ancestors():
        if isinstance(ancestor.node, Function | ast.Lambda):
            return
        if isinstance(ancestor.node, ast.For | ast.AsyncFor | ast.While):
            yield ancestor.node


def _is_in_while(site: Site) -> bool:
    return isinstance(next(_loops(site), None), ast.While)


def _drives_loop(site: Site, target: ast.expr) -> bool:
    """Whether a `while` waits for this assignment, so that without it the loop would not end."""
    return any(isinstance(loop, ast.While) and _mentions(loop.test, target) for loop in _loops(site))


def _mentions(value: ast.expr, target: ast.expr) -> bool:
    text = ast.dump(_loaded(target))
    return any(isinstance(node, type(target)) and ast.dump(node) == text for node in ast.walk(value))


def _loaded(target: ast.expr) -> ast.expr:
    """The target as a value."""
    return ast.parse(ast.unparse(target), mode="eval").body
