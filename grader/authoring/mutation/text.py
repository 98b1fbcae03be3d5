"""How a change is told: the smallest piece of code around it that a reader recognises."""

import ast

from .literals import value_of
from .sites import Site, called

_LONGEST_CALL = 60
_TOO_SMALL = (ast.Name, ast.Tuple, ast.List, ast.Slice, ast.Starred, ast.Constant)


def telling_site(site: Site, replacement: ast.AST) -> Site:
    """Where the text is taken; the node itself when it says enough."""
    if site.parent is not None and _is_forced(site, replacement):
        return site.parent
    chosen = site
    while chosen.parent is not None and _says_too_little(chosen):
        chosen = chosen.parent
    call = chosen.parent
    if isinstance(chosen.node, ast.keyword) and call is not None and isinstance(call.node, ast.Call):
        return call if len(ast.unparse(call.node)) <= _LONGEST_CALL else chosen
    return chosen


def told(node: ast.AST, site: Site) -> str:
    """`node` on one line, as it would stand at `site`."""
    parent = site.parent.node if site.parent else None
    if isinstance(parent, ast.arguments):
        return f"{_argument(parent, site)}={ast.unparse(node)}"
    if isinstance(node, ast.keyword):
        return ast.unparse(ast.Call(ast.Name("_"), [], [node]))[2:-1]
    return ast.unparse(_without_body(node)).strip().splitlines()[0]


def _says_too_little(site: Site) -> bool:
    parent = site.parent.node if site.parent else None
    if isinstance(parent, ast.arguments):
        return False
    if isinstance(site.node, ast.Attribute | ast.Call | ast.Subscript) and _is_bound(parent):
        return True
    return isinstance(site.node, _TOO_SMALL) or value_of(site.node) is not None


def _is_bound(parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.Slice) or (isinstance(parent, ast.Call) and called(parent) == "range")


def _is_forced(site: Site, replacement: ast.AST) -> bool:
    is_switch = isinstance(replacement, ast.Constant) and isinstance(replacement.value, bool)
    return is_switch and site.field in {"test", "ifs"} and not isinstance(site.parent and site.parent.node, ast.IfExp)


def _argument(arguments: ast.arguments, site: Site) -> str:
    index = site.index or 0
    if site.field == "kw_defaults":
        return arguments.kwonlyargs[index].arg
    positional = [*arguments.posonlyargs, *arguments.args]
    return positional[len(positional) - len(arguments.defaults) + index].arg


def _without_body(node: ast.AST) -> ast.AST:
    match node:
        case ast.If(test=test) | ast.While(test=test):
            return type(node)(test, [ast.Pass()], [])
        case _:
            return node
