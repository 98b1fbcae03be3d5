"""Slips in conditions: the comparison, the connective, a branch that is always or never taken."""

import ast
from collections.abc import Iterator
from typing import Final

from .context import Context
from .literals import value_of
from .sites import Site

_SWAPPED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def comparison_changed(site: Site, context: Context) -> Iterator[ast.AST]:
    node = site.node
    if not isinstance(node, ast.Compare):
        return
    for index, operator in enumerate(node.ops):
        for kind in _SWAPPED.get(type(operator), ()):
            yield ast.Compare(node.left, [*node.ops[:index], kind(), *node.ops[index + 1 :]], node.comparators)


def connective_changed(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.BoolOp(op=operator, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            for index in range(len(values)):
                rest = values[:index] + values[index + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield operand


def branch_forced(site: Site, context: Context) -> Iterator[ast.AST]:
    """The test of an `if`, always true or always false; a `while` that is always true would not end."""
    parent = site.parent.node if site.parent else None
    if not isinstance(site.node, ast.expr) or isinstance(site.node, ast.Constant):
        return
    match parent:
        case ast.If(body=body) if site.field == "test":
            if not isinstance(body[0], ast.Raise):
                yield ast.Constant(True)
            yield ast.Constant(False)
        case ast.While() if site.field == "test":
            yield ast.Constant(False)
        case ast.comprehension() if site.field == "ifs":
            yield ast.Constant(True)


def choice_forced(site: Site, context: Context) -> Iterator[ast.AST]:
    if isinstance(site.node, ast.IfExp):
        yield site.node.body
        yield site.node.orelse


def default_replaced(site: Site, context: Context) -> Iterator[ast.AST]:
    """The value that stands in for a missing argument, replaced by 1."""
    if isinstance(site.node, ast.expr) and _stands_in_for_none(site) and value_of(site.node) is None:
        yield ast.Constant(1)


def _stands_in_for_none(site: Site) -> bool:
    parent = site.parent
    match parent.node if parent else None:
        case ast.IfExp(test=test):
            return site.field == _branch_for_none(test)
        case ast.Assign() if site.field == "value" and parent and parent.parent:
            branch = parent.parent.node
            return isinstance(branch, ast.If) and parent.field == _branch_for_none(branch.test)
        case _:
            return False


def _branch_for_none(test: ast.expr) -> str | None:
    match test:
        case ast.Compare(ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return "body"
        case ast.Compare(ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return "orelse"
        case _:
            return None
