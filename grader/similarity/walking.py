"""Walks through statements and expressions and notes which operation takes which value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.similarity.flow import Flow

_OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "MatMult": "@",
    "LShift": "<<", "RShift": ">>", "BitOr": "|", "BitAnd": "&", "BitXor": "^", "And": "and", "Or": "or",
    "Lt": "<", "Gt": "<", "LtE": "<=", "GtE": "<=", "Eq": "==", "NotEq": "!=", "Is": "is", "IsNot": "is", "In": "in",
    "NotIn": "in", "UAdd": "", "USub": "neg", "Not": "not", "Invert": "not",
}  # fmt: skip
_SAME = {
    "add": "+", "add_": "+", "sub": "-", "sub_": "-", "subtract": "-", "mul": "*", "mul_": "*", "multiply": "*", "div": "/",
    "div_": "/", "divide": "/", "true_divide": "/", "matmul": "@", "pow": "**", "power": "**", "neg": "neg", "negative": "neg",
    "view": "reshape", "permute": "transpose", "array": "asarray", "amax": "max", "amin": "min",
}  # fmt: skip
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Environment = dict[str, list[int]]


class Walker:
    """Fills a flow."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.modules: set[str] = set()
        self.imported: dict[str, str] = {}
        self.results: dict[str, int] = {}
        self.parameters: dict[str, list[tuple[str, int]]] = {}
        self.attributes: dict[str, int] = {}
        self.classes: set[str] = set()
        self.env: _Environment = {}
        self.result: int | None = None
        self.loops = 0
        flow.add("none", 1)  # number 0 stands for what is not known

    def module(self, body: list[ast.stmt]) -> None:
        """Walk through a module."""
        for node in body:
            for inner in ast.walk(node):
                self._announce(inner)
        self.statements(body)
        for parameters in self.parameters.values():
            for _, number in parameters:
                if not self.flow.operations[number].uses:
                    self.flow.operations[number].label = "given"

    def _announce(self, node: ast.AST) -> None:
        """Names that may be used above the place where they are bound."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            self.results[node.name] = self.flow.add("", node.lineno)
            self.parameters[node.name] = [(one.arg, self.flow.add("", node.lineno)) for one in named if one]
        elif isinstance(node, ast.ClassDef):
            self.classes.add(node.name)
        elif isinstance(node, ast.Import):
            self.modules |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in ("nn", "functional"):
                    self.modules.add(alias.asname or alias.name)
                else:
                    self.imported[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            self.attributes.setdefault(node.attr, self.flow.add("", node.lineno))

    # -- statements ------------------------------------------------------------------------------------------------------------

    def statements(self, body: Iterable[ast.stmt]) -> None:
        """Walk through statements in their order."""
        for node in body:
            handler: Callable[[ast.stmt], None] = getattr(self, f"_on_{type(node).__name__}", self._on_other)
            handler(node)

    def _on_other(self, node: ast.stmt) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)

    def _on_Import(self, node: ast.stmt) -> None:
        pass

    _on_ImportFrom = _on_Import

    def _on_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.value(node.value)

    def _on_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._bind(target, node.value, None)

    def _on_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, node.value, None)

    def _on_AugAssign(self, node: ast.AugAssign) -> None:
        label = _OPERATORS[type(node.op).__name__]
        made = self.flow.add(label, node.lineno, [*self.value(node.target), *self.value(node.value)])
        self._bind(node.target, None, [made])

    def _on_Return(self, node: ast.Return) -> None:
        values = self.value(node.value) if node.value is not None else []
        if self.result is not None:
            self.flow.operations[self.result].uses += values
        self.flow.add("return", node.lineno, values)

    def _on_Raise(self, node: ast.Raise) -> None:
        self.flow.add("raise", node.lineno, self.value(node.exc) if node.exc else [])

    def _on_Assert(self, node: ast.Assert) -> None:
        self.flow.add("assert", node.lineno, self.value(node.test))

    def _on_If(self, node: ast.If) -> None:
        self.flow.add("if", node.lineno, self.value(node.test))
        self._branches([node.body, node.orelse])

    def _on_For(self, node: ast.For) -> None:
        each = self.flow.add("each", node.lineno, self.value(node.iter))
        self._loop(node, lambda: self._bind(node.target, None, [each]), node.body, node.orelse)

    _on_AsyncFor = _on_For

    def _on_While(self, node: ast.While) -> None:
        self._loop(node, lambda: self.flow.add("if", node.lineno, self.value(node.test)), node.body, node.orelse)

    def _on_With(self, node: ast.With) -> None:
        for item in node.items:
            made = self.value(item.context_expr)
            if item.optional_vars is not None:
                self._bind(item.optional_vars, None, made)
        self.statements(node.body)

    _on_AsyncWith = _on_With

    def _on_Try(self, node: ast.Try) -> None:
        self._branches([node.body, *(handler.body for handler in node.handlers), node.orelse])
        self.statements(node.finalbody)

    _on_TryStar = _on_Try

    def _on_Match(self, node: ast.Match) -> None:
        self.flow.add("if", node.lineno, self.value(node.subject))
        self._branches([case.body for case in node.cases])

    def _on_ClassDef(self, node: ast.ClassDef) -> None:
        before = dict(self.env)
        self.flow.add("class", node.lineno, [number for base in node.bases for number in self.value(base)])
        self.statements(node.body)
        self.env = before

    def _on_FunctionDef(self, node: _Function) -> None:
        for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one)):
            self.value(default)
        env, result, loops = self.env, self.result, self.loops
        self.env, self.result, self.loops = dict(env), self.results[node.name], 0
        self.env.update({name: [number] for name, number in self.parameters[node.name]})
        self.statements(node.body)
        self.env, self.result, self.loops = env, result, loops

    _on_AsyncFunctionDef = _on_FunctionDef

    def _branches(self, bodies: Sequence[Sequence[ast.stmt]]) -> None:
        before, after = self.env, []
        for body in bodies:
            self.env = dict(before)
            self.statements(body)
            after.append(self.env)
        self.env = {
            name: list(dict.fromkeys(number for env in after for number in env.get(name, ())))
            for name in dict.fromkeys(name for env in after for name in env)
        }

    def _loop(self, node: ast.stmt, begin: Callable[[], object], body: Sequence[ast.stmt], orelse: Sequence[ast.stmt]) -> None:
        """What a loop changes may come from before it or from its own last round."""
        names = [inner for part in body for inner in ast.walk(part) if isinstance(inner, ast.Name)]
        changed = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        meets = {name: self.flow.add("", node.lineno, list(self.env.get(name, ()))) for name in sorted(changed)}
        self.env.update({name: [number] for name, number in meets.items()})
        self.loops += 1
        begin()
        self.statements(body)
        self.loops -= 1
        for name, number in meets.items():
            self.flow.operations[number].uses += [one for one in self.env.get(name, ()) if one != number]
            self.env[name] = [number]
        self.statements(orelse)

    def _bind(self, target: ast.expr, value: ast.expr | None, made: list[int] | None) -> None:
        """Give a value, still to be read or already made, to a target."""
        if isinstance(target, (ast.Tuple, ast.List)):
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                read = [self.value(part) for part in value.elts]
                for inner, part in zip(target.elts, read, strict=True):
                    self._bind(inner, None, part)
                return
            whole = made if made is not None else self.value(value)
            for inner in target.elts:
                self._bind(inner, None, [self.flow.add("part", target.lineno, whole)])
            return
        values = made if made is not None else self.value(value)
        if isinstance(target, ast.Name):
            self.env[target.id] = values
        elif isinstance(target, ast.Starred):
            self._bind(target.value, None, values)
        elif isinstance(target, ast.Attribute) and target.attr in self.attributes:
            self.flow.operations[self.attributes[target.attr]].uses += values
        elif isinstance(target, ast.Subscript):
            self.flow.add("store", target.lineno, [*self.value(target.value), *self.value(target.slice), *values])

    # -- expressions -----------------------------------------------------------------------------------------------------------

    def value(self, node: ast.expr | None) -> list[int]:
        """The operations that an expression's value may come from."""
        if node is None:
            return []
        handler: Callable[[ast.expr], list[int]] = getattr(self, f"_of_{type(node).__name__}", self._of_other)
        return handler(node)

    def _made(self, label: str, node: ast.expr, *parts: ast.expr | None) -> list[int]:
        uses = [number for part in parts for number in self.value(part)]
        return [self.flow.add(label, node.lineno, uses)] if label else uses

    def _of_other(self, node: ast.expr) -> list[int]:
        parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return self._made(type(node).__name__.lower(), node, *parts)

    def _of_Name(self, node: ast.Name) -> list[int]:
        if node.id in self.env:
            return self.env[node.id]
        if node.id in self.modules or node.id in self.results or node.id in self.classes:
            return []
        return [self.flow.add(self.imported.get(node.id, node.id), node.lineno)]

    def _of_Constant(self, node: ast.Constant) -> list[int]:
        value = node.value
        # Other numbers and all texts count by their kind alone.
        telling = value is None or value is ... or isinstance(value, bool) or value in (0, 1, 2)
        return [self.flow.add(str(value) if telling else type(value).__name__, node.lineno)]

    def _of_JoinedStr(self, node: ast.JoinedStr) -> list[int]:
        return [self.flow.add("str", node.lineno)]

    def _of_Attribute(self, node: ast.Attribute) -> list[int]:
        if node.attr in self.attributes:
            return [self.attributes[node.attr]]
        if self._is_module(node.value):
            return [self.flow.add(node.attr, node.lineno)]
        return self._made(f".{node.attr}", node, node.value)

    def _of_BinOp(self, node: ast.BinOp) -> list[int]:
        return self._made(_OPERATORS[type(node.op).__name__], node, node.left, node.right)

    def _of_UnaryOp(self, node: ast.UnaryOp) -> list[int]:
        return self._made(_OPERATORS[type(node.op).__name__], node, node.operand)

    def _of_BoolOp(self, node: ast.BoolOp) -> list[int]:
        return self._made(_OPERATORS[type(node.op).__name__], node, *node.values)

    def _of_Compare(self, node: ast.Compare) -> list[int]:
        return self._made(_OPERATORS[type(node.ops[0]).__name__], node, node.left, *node.comparators)

    def _of_Starred(self, node: ast.Starred) -> list[int]:
        return self.value(node.value)

    def _of_Await(self, node: ast.Await) -> list[int]:
        return self.value(node.value)

    def _of_Tuple(self, node: ast.Tuple | ast.List | ast.Set) -> list[int]:
        return self._made("several", node, *node.elts)

    _of_List = _of_Set = _of_Tuple

    def _of_IfExp(self, node: ast.IfExp) -> list[int]:
        self.flow.add("if", node.lineno, self.value(node.test))
        return [*self.value(node.body), *self.value(node.orelse)]

    def _of_NamedExpr(self, node: ast.NamedExpr) -> list[int]:
        self.env[node.target.id] = self.value(node.value)
        return self.env[node.target.id]

    def _of_Lambda(self, node: ast.Lambda) -> list[int]:
        before = dict(self.env)
        for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self.env[one.arg] = [0]
        made = self.value(node.body)
        self.env = before
        return made

    def _of_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> list[int]:
        return self._comprehension(node, node.generators, [node.elt])

    _of_SetComp = _of_GeneratorExp = _of_ListComp

    def _of_DictComp(self, node: ast.DictComp) -> list[int]:
        return self._comprehension(node, node.generators, [node.key, node.value])

    def _comprehension(self, node: ast.expr, generators: list[ast.comprehension], results: list[ast.expr]) -> list[int]:
        before = dict(self.env)
        for generator in generators:
            each = self.flow.add("each", node.lineno, self.value(generator.iter))
            self._bind(generator.target, None, [each])
            for condition in generator.ifs:
                self.flow.add("if", node.lineno, self.value(condition))
        made = self._made("several", node, *results)
        self.env = before
        return made

    # -- calls -----------------------------------------------------------------------------------------------------------------

    def _of_Call(self, node: ast.Call) -> list[int]:
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        function = node.func
        if isinstance(function, ast.Name):
            if function.id in self.results:
                return self._own(function.id, node, 0)
            if function.id in self.classes:
                if "__init__" in self.results:
                    self._own("__init__", node, 1)
                return self._made("new", node, *given)
            if function.id in self.env:
                return self._made("apply", node, function, *given)
            name = self.imported.get(function.id, function.id)
            return self._made(_SAME.get(name, name), node, *given)
        if isinstance(function, ast.Attribute):
            if function.attr in self.results:
                return self._own(function.attr, node, 1)
            if function.attr in self.attributes:
                return self._made("apply", node, function, *given)
            receiver = [] if self._is_module(function.value) else [function.value]
            return self._made(_SAME.get(function.attr, function.attr), node, *receiver, *given)
        return self._made("apply", node, function, *given)

    def _own(self, name: str, node: ast.Call, skipped: int) -> list[int]:
        """A call of the student's own function is seen through: its parameters are what was given, its value what it returns."""
        parameters = self.parameters[name]
        by_name = dict(parameters)
        for (_, number), argument in zip(parameters[skipped:], node.args, strict=False):
            self.flow.operations[number].uses += self.value(argument)
        for keyword in node.keywords:
            values = self.value(keyword.value)
            if keyword.arg in by_name:
                self.flow.operations[by_name[keyword.arg]].uses += values
        return [self.results[name]]

    def _is_module(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.modules and node.id not in self.env
