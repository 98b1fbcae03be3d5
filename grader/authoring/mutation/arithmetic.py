"""Slips in formulas: the operator, the order of its operands, a forgotten term, a sign."""

import ast
from collections.abc import Iterator
from typing import Final

from .context import Context
from .literals import number, value_of
from .sites import Site, called

_SWAPPED: Final[dict[type[ast.operator], tuple[type[ast.operator], ...]]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitOr,),
}
_ORDERED: Final = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
_KEEPS_LEFT: Final = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.BitAnd, ast.BitOr)
_KEEPS_RIGHT: Final = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)
_FAMILIES: Final = ((ast.Add, ast.Sub), (ast.Mult, ast.Div))


def swapped(operator: ast.operator) -> list[ast.operator]:
    """What a person may write in its place."""
    return [kind() for kind in _SWAPPED.get(type(operator), ())]


def operator_swapped(site: Site, context: Context) -> Iterator[ast.AST]:
    node = site.node
    if not isinstance(node, ast.BinOp) or is_text(node):
        return
    for operator in swapped(node.op):
        yield ast.BinOp(node.left, operator, node.right)
    if isinstance(node.op, ast.FloorDiv):
        below = ast.BinOp(ast.UnaryOp(ast.USub(), node.left), ast.FloorDiv(), node.right)
        yield ast.UnaryOp(ast.USub(), below)


def operands_swapped(site: Site, context: Context) -> Iterator[ast.AST]:
    node = site.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, _ORDERED) or is_text(node):
        return
    # 1 / x becomes x / 1, which is what the swapped operator gives already.
    if isinstance(node.op, ast.Div) and value_of(node.left) == 1:
        return
    if isinstance(node.op, ast.Sub) and _loses_sign(site):
        return
    yield ast.BinOp(node.right, node.op, node.left)


def operand_dropped(site: Site, context: Context) -> Iterator[ast.AST]:
    node = site.node
    if not isinstance(node, ast.BinOp) or is_text(node):
        return
    # A number alone in the place of a formula is noticed by any test.
    if isinstance(node.op, _KEEPS_LEFT) and value_of(node.left) is None and not _is_identity(node.op, node.right):
        yield node.left
    # The left of a + b + c is dropped within it, one term at a time.
    if value_of(node.right) is None and not _is_chain(node):
        if isinstance(node.op, _KEEPS_RIGHT) and not _is_identity(node.op, node.left):
            yield node.right
        elif isinstance(node.op, ast.Sub) and value_of(node.left) != 0:
            yield ast.UnaryOp(ast.USub(), node.right)


def sign_flipped(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.UnaryOp(op=ast.USub(), operand=operand) if value_of(operand) is None:
            yield operand
        case ast.Attribute(attr="inf") as infinity if not _is_negated(site):
            yield ast.UnaryOp(ast.USub(), infinity)
        case ast.Call(func=func, args=[argument], keywords=[]) as call if called(call) == "exp":
            if context.subject(call) is argument and not _is_minus(argument):
                yield ast.Call(func, [ast.UnaryOp(ast.USub(), argument)], [])


def is_text(node: ast.BinOp) -> bool:
    """Whether `+`, `*` or `%` works on a string here."""
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        or (isinstance(side, ast.BinOp) and is_text(side))
        for side in (node.left, node.right)
    )


def makes_identity(site: Site, value: float) -> bool:
    """Whether `value` at this site leaves the other operand as it is, which dropping the operand covers."""
    parent = site.parent.node if site.parent else None
    if isinstance(parent, ast.AugAssign):
        return _is_identity(parent.op, number(value))
    if not isinstance(parent, ast.BinOp):
        return False
    if site.field == "left" and not isinstance(parent.op, _KEEPS_RIGHT):
        return isinstance(parent.op, ast.Sub) and value == 0
    return _is_identity(parent.op, number(value))


def _is_chain(node: ast.BinOp) -> bool:
    left = node.left
    return isinstance(left, ast.BinOp) and any(
        isinstance(node.op, family) and isinstance(left.op, family) for family in _FAMILIES
    )


def _is_identity(operator: ast.operator, operand: ast.expr) -> bool:
    value = value_of(operand)
    match operator:
        case ast.Add() | ast.Sub():
            return value == 0
        case ast.Mult() | ast.Div() | ast.Pow():
            return value == 1
        case _:
            return False


def _loses_sign(site: Site) -> bool:
    """Whether what is around a difference makes a - b and b - a alike."""
    parent = site.parent.node if site.parent else None
    match parent:
        case ast.BinOp(op=ast.Pow(), left=base, right=exponent):
            power = value_of(exponent)
            return base is site.node and power is not None and power % 2 == 0
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            return ast.dump(left) == ast.dump(right)
        case ast.Call():
            return called(parent) in {"abs", "fabs", "square", "absolute"} and site.field == "args"
        case ast.Attribute(attr="abs" | "square"):
            return True
        case _:
            return False


def _is_negated(site: Site) -> bool:
    return site.parent is not None and _is_minus(site.parent.node)


def _is_minus(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
