"""What a statement at the top level of a notebook binds, changes and reads; nothing is executed to find out."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from grader.notebooks.bytecode import code_reads, compiled
from grader.notebooks.cells import CodeCell

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
# The last are asked for by code with annotations.
_OF_MODULES = {"__name__", "__file__", "__doc__", "__builtins__", "__annotations__", "__conditional_annotations__"}
BUILTINS = frozenset(dir(builtins)) | _OF_MODULES
BY_TEXT = frozenset({"exec", "eval", "globals"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINED_IN_TEXT = re.compile(r"^\s*(?:(?:async\s+)?def|class)\s+([^\W\d]\w*)|^([^\W\d]\w*)\s*=(?!=)", re.MULTILINE)
# Methods that change what they are called on; others are mostly there to show or to compute something.
_CHANGING = re.compile(
    r"(?:add|append|extend|update|insert|set|register|load|init|build|put|push|pop|remove|clear|sort|reverse|discard|fill)"
    r"(?:_?\w*)$|\w+[^_]_$"
)
# Of these, the ones that are called for what they return.
_TAKING = frozenset({"pop", "popitem", "popleft", "setdefault"})
# Functions of libraries that change what they are given first.
_CHANGERS = frozenset(
    {
        "setattr", "delattr", "next", "shuffle", "fill_diagonal", "copyto", "put", "place", "at", "heapify", "heappush",
        "heappop", "heapreplace", "heappushpop", "insort", "insort_left", "insort_right",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Reads:
    """Names that a statement reads from the module: at once, and when what it defines is called."""

    at_once: frozenset[str]
    when_called: frozenset[str]


@dataclass(eq=False)
class Statement:
    """One statement at the top level of a cell.

    Attributes:
        node: its syntax tree; line numbers are those of the cell.
        cell: where it stands.
        lines: of the cell.
        binds: names that it may bind.
        kills: names that it surely binds, so that earlier values are gone.
        stores: names whose attributes or items it sets.
        calls_on: names of which it calls a method that changes them.
        asks: names of which it calls another method, and does nothing else.
        calls: names that it calls, with the names among the arguments by position or keyword.
        alias: the name whose value, or a part of it, it gives another name.
        shared: names that it gives one value, as in `a = b = []`.
        awaits: whether it can only run where one may wait at the top level, as in a notebook.
    """

    node: ast.stmt
    cell: CodeCell
    lines: list[str]
    binds: set[str] = field(default_factory=set)
    kills: frozenset[str] = frozenset()
    stores: set[str] = field(default_factory=set)
    calls_on: set[str] = field(default_factory=set)
    asks: set[str] = field(default_factory=set)
    calls: list[tuple[str, dict[int | str, str]]] = field(default_factory=list)
    alias: str | None = None
    shared: frozenset[str] = frozenset()
    deletes: set[str] = field(default_factory=set)
    star: str | None = None
    future: bool = False
    awaits: bool = False

    def __post_init__(self) -> None:
        _look_at(self)

    @cached_property
    def reads(self) -> Reads:
        """What it reads; everything it mentions where that is too deep to be told apart."""
        try:
            at_once, when_called, _ = _reads([self.node], frozenset(), self.future)
        except (RecursionError, MemoryError, SyntaxError, ValueError):
            at_once, when_called = {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)}, set()
        return Reads(frozenset(at_once | self.deletes), frozenset(when_called))

    @cached_property
    def texts(self) -> list[str]:
        """Texts that stand in it."""
        return [node.value for node in ast.walk(self.node) if isinstance(node, ast.Constant) and isinstance(node.value, str)]

    @cached_property
    def acts_by_text(self) -> bool:
        """Whether it may bind names that are told by texts, now."""
        names = {node.id for node in at_module_level(self.node) if isinstance(node, ast.Name)}
        return bool(names & (BY_TEXT | {"locals", "vars", "setattr", "__import__"}))

    @cached_property
    def keywords(self) -> set[str]:
        """Keywords of what it calls now, as in `globals().update(size=3)`."""
        return {node.arg for node in at_module_level(self.node) if isinstance(node, ast.keyword) and node.arg}

    @property
    def first_line(self) -> int:
        """Its first line in the cell, decorators included."""
        decorators: list[ast.expr] = getattr(self.node, "decorator_list", [])
        return min([self.node.lineno, *(each.lineno for each in decorators)])

    @property
    def text(self) -> str:
        """As it stands in the cell."""
        node = self.node
        last = node.end_lineno or node.lineno
        if isinstance(node, (*DEFINITIONS, *BLOCKS)):
            return "\n".join(self.lines[self.first_line - 1 : last])
        rows = [line.encode() for line in self.lines[node.lineno - 1 : last]]
        rows[-1] = rows[-1][: node.end_col_offset]
        rows[0] = rows[0][node.col_offset :]
        return b"\n".join(rows).decode()


def names_in_text(texts: Iterable[str]) -> set[str]:
    """Names that texts are, or define as Python."""
    found: set[str] = set()
    for text in texts:
        if text.isidentifier():
            found.add(text)
        else:
            found.update(name for pair in _DEFINED_IN_TEXT.findall(text[:1_000_000]) for name in pair if name)
    return found


def root(node: ast.AST) -> str | None:
    """The name at the beginning of `name.a[0].method().b`; None where there is none, or where it is a call of the name."""
    while True:
        if isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func
        else:
            return node.id if isinstance(node, ast.Name) else None


def at_module_level(node: ast.AST, in_classes: bool = False) -> Iterator[ast.AST]:
    """The nodes that run when a statement runs: not the bodies of functions; those of classes where asked for."""
    stack: list[ast.AST] = [node]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, FUNCTIONS):
            stack += [*node.decorator_list, node.args, *([node.returns] if node.returns else [])]
        elif isinstance(node, ast.Lambda):
            stack += [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
        elif isinstance(node, ast.ClassDef) and not in_classes:
            stack += [*node.decorator_list, *node.bases, *node.keywords]
        else:
            stack.extend(ast.iter_child_nodes(node))


# -- what it binds and changes -------------------------------------------------------------------------------------------------


def _look_at(statement: Statement) -> None:
    node = statement.node
    statement.kills = frozenset(_surely_bound(node))
    if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call):
        statement.alias = root(node.value)
    if isinstance(node, ast.Assign) and len(node.targets) > 1:
        statement.shared = frozenset(target.id for target in node.targets if isinstance(target, ast.Name))
    inner: set[int] = set()
    for part in at_module_level(node):
        if isinstance(part, _COMPREHENSIONS):
            inner.update(id(target) for each in part.generators for target in ast.walk(each.target))
        if id(part) not in inner:
            _note(statement, part)


def _note(statement: Statement, part: ast.AST) -> None:
    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
        statement.binds.add(part.id)
    elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del):
        statement.binds.add(part.id)
        statement.deletes.add(part.id)
    elif isinstance(part, DEFINITIONS):
        statement.binds.add(part.name)
        for each in part.decorator_list:
            function = called(each)
            if isinstance(function, ast.Attribute):
                _add(statement.stores, root(function))
            elif isinstance(function, ast.Name):
                # It may enter what it decorates in a table.
                statement.calls.append((function.id, _arguments(each) if isinstance(each, ast.Call) else {}))
    elif isinstance(part, ast.alias):
        if part.name != "*":
            statement.binds.add(part.asname or part.name.partition(".")[0])
    elif isinstance(part, ast.ImportFrom) and part.names[0].name == "*":
        statement.star = part.module or ""
    elif isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
        statement.binds.add(part.name)
    elif isinstance(part, ast.MatchMapping) and part.rest:
        statement.binds.add(part.rest)
    else:
        _note_change(statement, part)


def _note_change(statement: Statement, part: ast.AST) -> None:
    whole = part is statement.node
    if isinstance(part, (ast.Attribute, ast.Subscript)) and not isinstance(part.ctx, ast.Load):
        _add(statement.stores, root(part))
    elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
        function = part.value.func
        if isinstance(function, ast.Attribute):
            changing = _CHANGING.match(function.attr)
            _add(statement.calls_on if changing else statement.asks if whole else set(), root(function))
    elif isinstance(part, (ast.For, ast.AsyncFor)):
        changed = changed_in(part.body)
        for items, source in _drawn(part.target, part.iter):
            if changed & {name.id for name in _targets(items)}:
                statement.stores.update(each.id for each in ast.walk(source) if isinstance(each, ast.Name))
    elif isinstance(part, ast.AugAssign):
        # Other names may stand for the same list or array.
        _add(statement.stores, root(part.target))
    elif isinstance(part, ast.Call):
        statement.stores |= _given_to_change(part)
        if isinstance(part.func, ast.Name):
            # What it returns may be kept or shown; what it changes is changed all the same.
            statement.calls.append((part.func.id, _arguments(part)))
        elif isinstance(part.func, ast.Attribute) and part.func.attr in _TAKING:
            _add(statement.calls_on, root(part.func))


def _given_to_change(call: ast.Call) -> set[str]:
    """Names that are given to a function of a library which changes them."""
    found: set[str] = set()
    name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if call.args and (name in _CHANGERS or (name.endswith("_") and not name.endswith("__"))):
        _add(found, root(call.args[0]))
    for each in call.keywords:
        if each.arg == "out":
            _add(found, root(each.value))
    return found


def _arguments(call: ast.Call) -> dict[int | str, str]:
    given: list[tuple[int | str, ast.expr]] = [
        *enumerate(call.args),
        *((each.arg, each.value) for each in call.keywords if each.arg),
    ]
    return {key: name for key, value in given if (name := root(value))}


def _drawn(target: ast.expr, source: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What a loop's variables are drawn from, told apart for `zip` and `enumerate`."""
    parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    name = source.func.id if isinstance(source, ast.Call) and isinstance(source.func, ast.Name) else ""
    if isinstance(source, ast.Call) and name == "zip" and len(parts) == len(source.args):
        for item, each in zip(parts, source.args, strict=True):
            yield from _drawn(item, each)
    elif isinstance(source, ast.Call) and name == "enumerate" and len(parts) == 2 and source.args:
        yield from _drawn(parts[1], source.args[0])
    else:
        yield target, source


def called(decorator: ast.expr) -> ast.expr:
    """What a decorator calls."""
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _add(names: set[str], name: str | None) -> None:
    if name:
        names.add(name)


def changed_in(body: Iterable[ast.AST]) -> set[str]:
    """Names whose attributes or items a body sets, of which it calls a method that changes them, or that it has changed."""
    found: set[str] = set()
    for statement in body:
        for part in ast.walk(statement):
            if isinstance(part, (ast.Attribute, ast.Subscript)) and not isinstance(part.ctx, ast.Load):
                _add(found, root(part))
            elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
                function = part.value.func
                if isinstance(function, ast.Attribute) and _CHANGING.match(function.attr):
                    _add(found, root(function))
            elif isinstance(part, ast.Call):
                found |= _given_to_change(part)
    return found


def _surely_bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, DEFINITIONS):
        yield node.name
    elif isinstance(node, ast.Import):
        # `import a.b` leaves the name what it was and loads one more module.
        yield from (alias.asname for alias in node.names if alias.asname)
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names if alias.name != "*")
    elif isinstance(node, (ast.Assign, ast.AugAssign)) or (isinstance(node, ast.AnnAssign) and node.value is not None):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from (part.id for part in _targets(target))


def _targets(target: ast.AST) -> Iterator[ast.Name]:
    stack = [target]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Name):
            yield part
        elif isinstance(part, (ast.Tuple, ast.List)):
            stack += part.elts
        elif isinstance(part, ast.Starred):
            stack.append(part.value)


# -- what it reads -------------------------------------------------------------------------------------------------------------

_Found = tuple[set[str], set[str], set[str]]


def _captured(parts: Iterable[ast.AST]) -> Iterator[str]:
    """Names that a pattern may bind."""
    for part in parts:
        name = part.rest if isinstance(part, ast.MatchMapping) else getattr(part, "name", None)
        if isinstance(name, str):
            yield name


def _reads(nodes: Iterable[ast.stmt], known: frozenset[str], future: bool) -> _Found:
    """Names read at once and when called, and names surely assigned afterwards, where `known` are assigned already."""
    at_once: set[str] = set()
    later: set[str] = set()
    assigned = set(known)

    def leaf(part: ast.stmt | ast.expr) -> None:
        whole = part if isinstance(part, ast.stmt) else ast.copy_location(ast.Expr(part), part)
        now, then = code_reads(compiled([whole], future))
        at_once.update(now - assigned)
        later.update(then)

    def block(body: Iterable[ast.stmt], more: Iterable[str] = ()) -> set[str]:
        now, then, after = _reads(body, frozenset(assigned.union(more)), future)
        at_once.update(now)
        later.update(then)
        return after

    for node in nodes:
        if isinstance(node, ast.If):
            leaf(node.test)
            assigned = block(node.body) & block(node.orelse)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            leaf(node.iter)
            block(node.body, {name.id for name in _targets(node.target)})
            block(node.orelse)
        elif isinstance(node, ast.While):
            leaf(node.test)
            block(node.body)
            block(node.orelse)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                leaf(item.context_expr)
                assigned.update(name.id for name in _targets(item.optional_vars or ast.Pass()))
            assigned = block(node.body)
        elif isinstance(node, (ast.Try, ast.TryStar)):
            for handler in node.handlers:
                if handler.type:
                    leaf(handler.type)
            whole = block([*node.body, *node.orelse])
            for handler in node.handlers:
                whole &= block(handler.body, [handler.name] if handler.name else [])
            assigned = whole | block(node.finalbody)
        elif isinstance(node, ast.Match):
            leaf(node.subject)
            for case in node.cases:
                parts = list(ast.walk(case.pattern))
                for part in parts:
                    for value in ast.iter_child_nodes(part):
                        if isinstance(value, ast.expr) and not isinstance(part, ast.expr):
                            leaf(value)
                guard: list[ast.stmt] = [ast.copy_location(ast.Expr(case.guard), case.guard)] if case.guard else []
                block([*guard, *case.body], _captured(parts))
        elif not isinstance(node, (ast.Break, ast.Continue, ast.Pass)):
            leaf(node)
            assigned.update(_surely_bound(node))
    return at_once, later, assigned
