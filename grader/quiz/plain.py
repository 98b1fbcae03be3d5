"""Reads answers that stand in a notebook's cells as plain Python, by the syntax tree; nothing is executed."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping

from grader.quiz.expressions import ExpressionError, evaluate

NAME = "answers"
_LONGEST_CELL = 200_000
_DEEPEST = 20
_UPDATES = ("update", "setdefault", "pop", "clear")

_TOLD: Mapping[str, Mapping[str, str]] = {
    "computed": {
        "en": "cells: the answer to {} is computed there and not written out, so the cell was not read",
        "ru": "ячейки: ответ на {} там вычисляется, а не записан, поэтому ячейка не прочитана",
        "hi": "cells: {} का उत्तर वहाँ लिखा नहीं, बल्कि निकाला गया है, इसलिए वह cell नहीं पढ़ा गया",
    },
    "nested": {
        "en": "cells: answers inside if, for, with, try, def or class were not read: {}",
        "ru": "ячейки: ответы внутри if, for, with, try, def и class не прочитаны: {}",
        "hi": "cells: if, for, with, try, def या class के भीतर लिखे उत्तर नहीं पढ़े गए: {}",
    },
}


def plain_answers(sources: Iterable[str], bank: str | None = None, language: str = "en") -> tuple[dict[str, object], list[str]]:
    """The answers that a notebook's cells give, and what could not be read.

    Understood are `answers["x"] = "b"`, with a type behind the key too, chained and in tuples; `answers = {…}`, `dict(x="b")`,
    `answers.update(…)`, `|=`, `setdefault`, `pop`, `clear` and `del`; and `quiz("bank").answers` or a name for it in the place of
    `answers`. Values are literals or arithmetic on numbers. What comes later counts.

    Parameters:
        sources: the text of the cells, in order.
        bank: leave out what is said of other banks.
        language: of the notes.
    """
    reader = _Reader(bank, language)
    for source in sources:
        for statement in _statements(source):
            try:
                reader.read(statement)
            except RecursionError:
                continue
    return reader.found, list(dict.fromkeys(reader.notes))


def _statements(source: str) -> list[ast.stmt]:
    """The statements of a cell; of one that is not all Python, of its lines that are."""
    if len(source) > _LONGEST_CELL:
        return []
    tree = _parsed(source)
    if tree is None:
        # Magics and shell lines are no Python; what is left may be.
        kept = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
        tree = _parsed("\n".join(kept))
        if tree is None:
            parts = (_parsed(line) for line in kept if not line[:1].isspace())
            return [statement for part in parts if part is not None for statement in part.body]
    return tree.body


def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\s" in a student's text
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Computed(Exception):
    """A value is neither a literal nor arithmetic on numbers."""


class _Reader:
    def __init__(self, bank: str | None, language: str) -> None:
        self.bank = bank
        self.language = language
        self.found: dict[str, object] = {}
        self.notes: list[str] = []
        self.of_quiz: dict[str, str] = {}  # name of a quiz: its bank
        self.of_answers: dict[str, str | None] = {NAME: None}  # name of answers: their bank, if it is told

    def tell(self, which: str, what: str) -> None:
        words = _TOLD[which]
        self.notes.append(words.get(self.language, words["en"]).format(what[:80]))

    # -- statements ------------------------------------------------------------------------------------------------------------

    def read(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.assign(target, value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.assign(target, value)
            case ast.AugAssign(target=target, op=ast.BitOr(), value=value) if self.ours(target):
                self.update(value)
            case ast.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Subscript) and self.ours(target.value):
                        self.found.pop(self.key(target.slice) or "", None)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=holder, attr=attr)) as call):
                if attr in _UPDATES and self.ours(holder):
                    self.call(attr, call)
            case ast.If() | ast.For() | ast.While() | ast.With() | ast.Try() | ast.FunctionDef() | ast.ClassDef():
                self.look_inside(statement)

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        match target:
            case ast.Tuple(elts=names) | ast.List(elts=names):
                if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(names):
                    for name, part in zip(names, value.elts, strict=True):
                        self.assign(name, part)
            case ast.Subscript(value=holder, slice=part) if self.ours(holder):
                key = self.key(part)
                if key is not None:
                    self.put(key, value)
            case ast.Name(id=name):
                self.bind(name, value)

    def bind(self, name: str, value: ast.expr) -> None:
        quiz = self.quiz_of(value)
        if quiz is not None:
            self.of_quiz[name] = quiz
            self.of_answers.pop(name, None)
        elif isinstance(value, ast.Attribute) and value.attr == "answers" and self.quiz_of(value.value) is not None:
            self.of_answers[name] = self.quiz_of(value.value)
        elif isinstance(value, ast.Name) and value.id in self.of_answers:
            self.of_answers[name] = self.of_answers[value.id]
        elif name in self.of_answers and self.ours(ast.Name(name)):
            if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr) and self.ours(value.left):
                self.update(value.right)
            elif isinstance(value, ast.Dict) or self.is_dict_call(value):
                self.found.clear()
                self.update(value)

    def call(self, attr: str, call: ast.Call) -> None:
        if attr == "update":
            for argument in call.args:
                self.update(argument)
            self.keywords(call)
        elif attr == "clear":
            self.found.clear()
        else:
            key = self.key(call.args[0]) if call.args else None
            if key is not None and attr == "pop":
                self.found.pop(key, None)
            elif key is not None and len(call.args) == 2 and key not in self.found:
                self.put(key, call.args[1])

    def update(self, value: ast.expr) -> None:
        if isinstance(value, ast.Dict):
            for name, part in zip(value.keys, value.values, strict=True):
                if name is None:  # {**more}
                    self.update(part)
                elif (key := self.key(name)) is not None:
                    self.put(key, part)
        elif isinstance(value, ast.Call) and self.is_dict_call(value):
            for argument in value.args:
                self.update(argument)
            self.keywords(value)
        elif isinstance(value, (ast.List, ast.Tuple)):
            for pair in value.elts:
                if isinstance(pair, (ast.Tuple, ast.List)) and len(pair.elts) == 2:
                    key = self.key(pair.elts[0])
                    if key is not None:
                        self.put(key, pair.elts[1])

    def keywords(self, call: ast.Call) -> None:
        for keyword in call.keywords:
            if keyword.arg is not None:
                # A keyword cannot hold the hyphen that ids have.
                self.put(keyword.arg.replace("_", "-"), keyword.value)

    def put(self, key: str, value: ast.expr) -> None:
        try:
            self.found[key] = _literal(value)
        except _Computed:
            self.tell("computed", repr(key))

    def look_inside(self, statement: ast.stmt) -> None:
        for node in ast.walk(statement):
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and self.ours(node.value):
                self.tell("nested", repr(self.key(node.slice) or "?"))

    # -- names -----------------------------------------------------------------------------------------------------------------

    def ours(self, node: ast.expr) -> bool:
        """Whether an expression stands for the answers that are asked for."""
        found: str | None
        if isinstance(node, ast.Name) and node.id in self.of_answers:
            found = self.of_answers[node.id]
        elif isinstance(node, ast.Attribute) and node.attr == "answers":
            found = self.quiz_of(node.value)
            if found is None:
                return False
        else:
            return False
        return self.bank is None or found is None or found == self.bank

    def quiz_of(self, node: ast.expr) -> str | None:
        """The bank of an expression that stands for a quiz."""
        if isinstance(node, ast.Name):
            return self.of_quiz.get(node.id)
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "bank")]
            if name == "quiz" and given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
                return given[0].value
        return None

    @staticmethod
    def is_dict_call(node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict"

    @staticmethod
    def key(node: ast.expr) -> str | None:
        return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _literal(node: ast.expr) -> object:
    if _depth(node) > _DEEPEST:
        raise _Computed
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        try:
            value = evaluate(ast.unparse(node), {})
        except (ExpressionError, RecursionError):
            raise _Computed from None
    if isinstance(value, (bytes, complex)) or value is Ellipsis:
        raise _Computed
    return value


def _depth(node: ast.AST) -> int:
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        at, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(at)]
    return deepest


