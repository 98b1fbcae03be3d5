"""Numbers in a syntax tree, where -1 is an operator on 1."""

import ast


def value_of(node: ast.AST) -> int | float | None:
    """The number that a literal stands for; None for all else, True and False included."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return None if isinstance(value, bool) else -value
        case ast.Constant(value=int() | float() as value):
            return None if isinstance(value, bool) else value
        case _:
            return None


def number(value: int | float) -> ast.expr:
    """The literal of a number."""
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)
