"""Slips in indices: a bound of a slice or a range, two axes in the wrong order, an axis that is not added."""

import ast
from collections.abc import Iterator

from .context import Context
from .literals import value_of
from .sites import Site, called


def bound_dropped(site: Site, context: Context) -> Iterator[ast.AST]:
    node = site.node
    if not isinstance(node, ast.Slice):
        return
    if node.lower is not None and value_of(node.lower) != 0:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)
    if node.step is not None and value_of(node.step) != 1:
        yield ast.Slice(node.lower, node.upper, None)


def bound_shifted(site: Site, context: Context) -> Iterator[ast.AST]:
    """A named bound, one off; numbers and formulas are changed from within."""
    if not isinstance(site.node, ast.expr) or not _is_named(site.node) or site.parent is None:
        return
    match site.parent.node:
        case ast.Slice() if site.field == "lower":
            yield _plus(site.node, 1)
        case ast.Slice() if site.field == "upper":
            yield _plus(site.node, -1)
        case ast.Call(func=ast.Name(id="range"), args=args) if site.field == "args" and site.index != 2:
            if len(args) > 1 and site.index == 0:
                yield _plus(site.node, 1)
            else:
                yield _plus(site.node, -1)
                yield _plus(site.node, 1)


def range_start_moved(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.Call(func=ast.Name(id="range") as func, args=[stop], keywords=[]):
            yield ast.Call(func, [ast.Constant(1), stop], [])
        case ast.Call(func=ast.Name(id="range") as func, args=[start, stop, _], keywords=[]):
            yield ast.Call(func, [start, stop], [])
        case ast.Call(func=ast.Name(id="enumerate") as func, args=[items], keywords=[]):
            yield ast.Call(func, [items, ast.Constant(1)], [])


def indices_swapped(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node, site.parent:
        case ast.Tuple(elts=indices, ctx=use), Site(node=ast.Subscript()):
            for index in range(len(indices) - 1):
                yield ast.Tuple(neighbours_swapped(indices, index), use)


def new_axis_dropped(site: Site, context: Context) -> Iterator[ast.AST]:
    """x[:, None] as x: broadcasting goes along another axis and often says nothing."""
    match site.node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=indices), ctx=ast.Load()):
            # Broadcasting puts the axis of a row, x[None, :], back by itself.
            if len(indices) == 2 and _is_new_axis(indices[0]):
                return
            if any(map(_is_new_axis, indices)) and all(_is_new_axis(part) or _is_whole(part) for part in indices):
                yield value
        case ast.Subscript(value=value, slice=ast.Constant(value=None), ctx=ast.Load()):
            yield value


def neighbours_swapped(items: list[ast.expr], index: int) -> list[ast.expr]:
    """The items with one exchanged for its right neighbour."""
    return [*items[:index], items[index + 1], items[index], *items[index + 2 :]]


def _plus(bound: ast.expr, step: int) -> ast.expr:
    return ast.BinOp(bound, ast.Add() if step > 0 else ast.Sub(), ast.Constant(1))


def _is_named(node: ast.expr) -> bool:
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript():
            return True
        case ast.Call():
            return called(node) in {"len", "size", "numel", "dim"}
        case _:
            return False


def _is_new_axis(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None) | ast.Name(id="newaxis") | ast.Attribute(attr="newaxis"):
            return True
        case _:
            return False


def _is_whole(node: ast.expr) -> bool:
    match node:
        case ast.Slice(lower=None, upper=None, step=None):
            return True
        case ast.Constant(value=value):
            return value is Ellipsis
        case _:
            return False
