"""The places of a module that may change, each with the way up to the module."""

import ast
import builtins
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from .vocabulary import INERT_KEYWORDS, OPAQUE, TEXTUAL_METHODS

# Not every supported version of Python has these.
_NEWER: Final[tuple[type, ...]] = tuple(
    getattr(ast, name) for name in ("TypeAlias", "TemplateStr") if hasattr(ast, name)
)

_SKIPPED: Final[tuple[type, ...]] = (
    ast.Import,
    ast.ImportFrom,
    ast.Raise,
    ast.Global,
    ast.Nonlocal,
    ast.Delete,
    ast.JoinedStr,
    ast.pattern,
    ast.expr_context,
    ast.operator,
    ast.cmpop,
    ast.boolop,
    ast.unaryop,
    *_NEWER,
)

_SKIPPED_FIELDS: Final[tuple[tuple[type | tuple[type, ...], frozenset[str]], ...]] = (
    ((ast.FunctionDef, ast.AsyncFunctionDef), frozenset({"decorator_list", "returns", "type_params"})),
    (ast.ClassDef, frozenset({"decorator_list", "bases", "keywords", "type_params"})),
    (ast.arguments, frozenset({"posonlyargs", "args", "vararg", "kwonlyargs", "kwarg"})),
    (ast.AnnAssign, frozenset({"annotation"})),
    (ast.Assert, frozenset({"msg"})),
    (ast.ExceptHandler, frozenset({"type"})),
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False, slots=True)
class Site:
    """A node, and the field of its parent that holds it."""

    node: ast.AST
    parent: "Site | None" = None
    field: str = ""
    index: int | None = None

    @contextmanager
    def holding(self, replacement: ast.AST) -> Iterator[None]:
        """The tree with `replacement` in the place of the node; the tree is as before afterwards."""
        self._put(replacement)
        try:
            yield
        finally:
            self._put(self.node)

    def _put(self, node: ast.AST) -> None:
        if self.parent is None:
            raise ValueError("the root of a tree cannot be replaced")
        if self.index is None:
            setattr(self.parent.node, self.field, node)
        else:
            getattr(self.parent.node, self.field)[self.index] = node

    def ancestors(self) -> Iterator["Site"]:
        site = self.parent
        while site is not None:
            yield site
            site = site.parent

    def function(self) -> Function | None:
        """The innermost function around the node."""
        for site in self.ancestors():
            if isinstance(site.node, Function):
                return site.node
        return None

    def children(self) -> Iterator["Site"]:
        for field, value in ast.iter_fields(self.node):
            if isinstance(value, ast.AST):
                yield Site(value, self, field)
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.AST):
                        yield Site(item, self, field, index)


def sites(tree: ast.Module) -> Iterator[Site]:
    """Every changeable node of the functions, methods and constants of a module, outermost first."""
    for statement in Site(tree).children():
        yield from _of_definition(statement)


def _of_definition(site: Site) -> Iterator[Site]:
    match site.node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _inside(site)
        case ast.Assign() | ast.AnnAssign() as assignment:
            if _is_constant(assignment):
                yield from _inside(next(child for child in site.children() if child.field == "value"))
        case ast.If(test=test) if "__name__" in ast.unparse(test) or "TYPE_CHECKING" in ast.unparse(test):
            return
        case ast.ClassDef() | ast.If() | ast.Try() | ast.With():
            for child in site.children():
                if child.field in ("body", "orelse", "finalbody"):
                    yield from _of_definition(child)


def _is_constant(assignment: ast.Assign | ast.AnnAssign) -> bool:
    targets = assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]
    if any(isinstance(target, ast.Name) and target.id.startswith("__") for target in targets):
        return False
    if isinstance(assignment, ast.AnnAssign) and ast.unparse(assignment.annotation).endswith("TypeAlias"):
        return False
    # `int | float`, `tuple[int, ...]` and `Literal[0, 1]` at this level name types.
    value = assignment.value
    is_type = isinstance(value, ast.Subscript) or (isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr))
    return value is not None and not is_type


def _inside(site: Site) -> Iterator[Site]:
    if _is_left_alone(site.node):
        return
    yield site
    skipped = next((fields for kind, fields in _SKIPPED_FIELDS if isinstance(site.node, kind)), frozenset())
    for child in site.children():
        if child.field not in skipped and not _is_type_of_cast(child):
            yield from _inside(child)


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name in TEXTUAL_METHODS or _is_unwritten(node)
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call() as call):
            return _is_opaque(call)
        case ast.Call():
            return _is_opaque(node)
        case ast.keyword(arg=name):
            return name in INERT_KEYWORDS
        case _:
            return isinstance(node, _SKIPPED)


def _is_unwritten(function: Function) -> bool:
    """Nothing but a docstring and a `raise`, `...` or `pass`: its defaults are never used."""
    return all(
        isinstance(step, ast.Raise | ast.Pass) or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))
        for step in function.body
    )


def _is_opaque(call: ast.Call) -> bool:
    name = called(call)
    builtin = getattr(builtins, name, None)
    return name in OPAQUE or (isinstance(builtin, type) and issubclass(builtin, BaseException))


def _is_type_of_cast(site: Site) -> bool:
    parent = site.parent.node if site.parent else None
    return isinstance(parent, ast.Call) and called(parent) == "cast" and site.index == 0


def called(call: ast.Call) -> str:
    """The last name of what is called: `softmax` for `torch.nn.functional.softmax(x)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
