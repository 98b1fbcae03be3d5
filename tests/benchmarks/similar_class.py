"""Makes classes with known copies: honest students with hands of their own, and copiers who disguise what they took."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.catalog.course import Exercise

SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fi",
    "gul",
    "ha",
    "jin",
    "kel",
    "lo",
    "mur",
    "nas",
    "op",
    "per",
    "qua",
    "rim",
    "sol",
    "tev",
    "ux",
)
PLAIN_NAMES = ("result", "value", "total", "tmp", "data", "item", "current", "part", "index", "rows", "inner", "first", "second")
WORDS = (
    "row", "once", "add", "what", "remains", "shapes", "must", "agree", "before", "divide", "keep", "last", "axis", "here",
    "loop", "steps", "store", "each", "hidden", "part", "return", "both", "end", "check", "sign", "of", "this", "term", "first",
    "because", "the", "a", "we", "then", "careful", "broadcasting", "avoid", "over", "take", "copy",
)  # fmt: skip


@dataclass(frozen=True)
class Student:
    """A student of a generated class.

    Attributes:
        base: the solution that the work goes back to.
        origin: the student it was copied from; empty for honest work.
    """

    name: str
    source: str
    base: str
    origin: str = ""


def bases_of(exercise: Exercise) -> dict[str, str]:
    """The right solutions of an exercise, the reference first."""
    return {path.stem: path.read_text(encoding="utf-8") for path in (exercise.reference, *exercise.alternatives)}


def honest(name: str, base: str, source: str, rng: random.Random) -> Student:
    """Somebody who wrote a solution of this kind: own names, own comments, own ways to say the same."""
    tree = ast.parse(source)
    for change in (_functions_for_methods, _sizes, _products, _powers, _wraps, _divisions):
        change(tree, rng, rng.choice((0.0, 0.15, 0.5)))
    if rng.random() < 0.5:
        _split(tree, rng, 0.25)
    if rng.random() < 0.3:
        _checks(tree, rng)
    return Student(name, _finished(tree, rng, rng.random() < 0.6), base)


def copied(name: str, origin: Student, rng: random.Random) -> Student:
    """Somebody who took another's work and changed its looks: names, comments, order, loops, long expressions."""
    tree = ast.parse(origin.source)
    _strip_docstrings(tree)
    _whiles(tree, rng, 0.5)
    _split(tree, rng, 0.25)
    _products(tree, rng, 0.3)
    _augmented(tree, rng, 0.5)
    _reorder(tree, rng)
    return Student(name, _finished(tree, rng, rng.random() < 0.5), origin.base, origin.origin or origin.name)


def class_of(bases: dict[str, str], counts: Sequence[tuple[str, int]], copies: int, rng: random.Random) -> list[Student]:
    """A class.

    Parameters:
        counts: how many honest students write each base.
        copies: how many copiers there are; about half take a work whose base nobody else has, and a work may be taken twice.
    """
    names = [f"s{number:03}" for number in range(sum(count for _, count in counts) + copies)]
    rng.shuffle(names)
    students = [honest(names.pop(), base, bases[base], rng) for base, count in counts for _ in range(count)]
    alone = {base for base, count in counts if count == 1}
    rare = [student for student in students if student.base in alone]
    common = [student for student in students if student.base not in alone]
    originals = rng.sample(rare, min(len(rare), copies // 2))
    originals += rng.sample(common, min(len(common), copies - len(originals) - 1))
    taken = originals + [rng.choice(originals) for _ in range(copies - len(originals))]
    students += [copied(names.pop(), origin, rng) for origin in taken]
    return sorted(students, key=lambda student: student.name)


def true_pairs(students: Sequence[Student]) -> set[tuple[str, str]]:
    """Pairs of one work: an original and its copies, and the copies with each other."""
    families: dict[str, list[str]] = {}
    for student in students:
        families.setdefault(student.origin or student.name, []).append(student.name)
    return {(one, other) for family in families.values() for one in sorted(family) for other in sorted(family) if one < other}


# -- changes -------------------------------------------------------------------------------------------------------------------


def _finished(tree: ast.Module, rng: random.Random, comments: bool) -> str:
    _rename(tree, rng)
    lines = []
    for line in ast.unparse(ast.fix_missing_locations(tree)).split("\n"):
        if (
            comments
            and line.strip()
            and rng.random() < 0.15
            and not line.strip().startswith(("@", "el", "except", "finally", '"'))
        ):
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}# {' '.join(rng.choices(WORDS, k=rng.randint(3, 9)))}")
        lines.append(line)
    source = "\n".join(lines) + "\n"
    try:
        ast.parse(source)
    except SyntaxError:  # a comment fell into a text of several lines
        source = ast.unparse(tree) + "\n"
    return source


def _rename(tree: ast.Module, rng: random.Random) -> None:
    """Locals of functions get other names; what callers see stays."""
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        kept = {arg.arg for inner in ast.walk(function) if isinstance(inner, ast.arguments) for arg in _arguments(inner)}
        kept |= {name for inner in ast.walk(function) if isinstance(inner, (ast.Global, ast.Nonlocal)) for name in inner.names}
        stored = [node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | kept
        new: dict[str, str] = {}
        for name in dict.fromkeys(stored):
            if name not in kept and rng.random() < 0.7:
                choice = rng.choice(PLAIN_NAMES) if rng.random() < 0.5 else "".join(rng.choices(SYLLABLES, k=2))
                while choice in used:
                    choice += rng.choice(("_", "2", "s", "x"))
                used.add(choice)
                new[name] = choice
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in new:
                node.id = new[node.id]


def _arguments(node: ast.arguments) -> list[ast.arg]:
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *(one for one in (node.vararg, node.kwarg) if one)]


class _Replace(ast.NodeTransformer):
    def __init__(self, rng: random.Random, rate: float, change: Callable[[ast.expr], ast.expr | None]) -> None:
        self.rng, self.rate, self.change = rng, rate, change

    def visit(self, node: ast.AST) -> ast.AST:
        node = self.generic_visit(node)
        if isinstance(node, ast.expr) and self.rng.random() < self.rate:
            return self.change(node) or node
        return node


def _functions_for_methods(tree: ast.Module, rng: random.Random, rate: float) -> None:
    def change(node: ast.expr) -> ast.expr | None:
        known = ("sigmoid", "tanh", "exp", "relu", "softmax", "sum", "sqrt", "log")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in known and node.args:
            base = node.func.value
            if isinstance(base, ast.Name) and base.id == "torch":
                return ast.Call(ast.Attribute(node.args[0], node.func.attr, ast.Load()), node.args[1:], node.keywords)
        return None

    _Replace(rng, rate, change).visit(tree)


def _sizes(tree: ast.Module, rng: random.Random, rate: float) -> None:
    def change(node: ast.expr) -> ast.expr | None:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "size"
            and len(node.args) == 1
        ):
            return ast.Subscript(ast.Attribute(node.func.value, "shape", ast.Load()), node.args[0], ast.Load())
        return None

    _Replace(rng, rate, change).visit(tree)


def _products(tree: ast.Module, rng: random.Random, rate: float) -> None:
    def change(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Add)):
            return ast.BinOp(node.right, node.op, node.left)
        return None

    _Replace(rng, rate, change).visit(tree)


def _powers(tree: ast.Module, rng: random.Random, rate: float) -> None:
    def change(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and isinstance(node.left, ast.Name):
            return ast.BinOp(node.left, ast.Mult(), copy.deepcopy(node.left))
        return None

    _Replace(rng, rate, change).visit(tree)


def _divisions(tree: ast.Module, rng: random.Random, rate: float) -> None:
    def change(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return ast.BinOp(node.left, ast.Mult(), ast.BinOp(ast.Constant(1.0), ast.Div(), node.right))
        return None

    _Replace(rng, rate, change).visit(tree)


def _wraps(tree: ast.Module, rng: random.Random, rate: float) -> None:
    """Habits that do no harm: a needless factor, a zero added, a sign turned twice."""

    def change(node: ast.expr) -> ast.expr | None:
        if not isinstance(node, ast.BinOp):
            return None
        habit = rng.randrange(4)
        if habit == 0:
            return ast.BinOp(ast.Constant(1.0), ast.Mult(), node)
        if habit == 1:
            return ast.BinOp(node, ast.Add(), ast.Constant(0.0))
        if habit == 2 and isinstance(node.op, ast.Sub):
            return ast.UnaryOp(ast.USub(), ast.BinOp(node.right, ast.Sub(), node.left))
        if habit == 3:
            return ast.IfExp(ast.Constant(True), node, node)
        return None

    _Replace(rng, rate / 2, change).visit(tree)


def _checks(tree: ast.Module, rng: random.Random) -> None:
    """A student who is careful asserts what the first parameter is like."""
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        names = [arg.arg for arg in function.args.args if arg.arg != "self"]
        if names and rng.random() < 0.5:
            kind = rng.choice(
                ("{0} is not None", "not isinstance({0}, str)", "{0} is {0}", "id({0}) != 0", "callable(type({0}))")
            )
            function.body.insert(0, ast.parse("assert " + kind.format(rng.choice(names))).body[0])


def _blocks(tree: ast.Module) -> list[list[ast.stmt]]:
    found = []
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if (
                isinstance(block, list)
                and block
                and isinstance(block[0], ast.stmt)
                and not isinstance(node, (ast.Module, ast.ClassDef))
            ):
                found.append(block)
    return found


def _split(tree: ast.Module, rng: random.Random, rate: float) -> None:
    """An operand becomes a variable of its own."""
    number = 0
    for block in _blocks(tree):
        for node in list(block):
            value = getattr(node, "value", None)
            if (
                isinstance(node, (ast.Assign, ast.Return))
                and isinstance(value, (ast.BinOp, ast.Call))
                and rng.random() < rate * 2
            ):
                inner = value.left if isinstance(value, ast.BinOp) else (value.args[0] if value.args else None)
                if isinstance(inner, (ast.BinOp, ast.Call)):
                    number += 1
                    name = f"piece{number}"
                    block.insert(block.index(node), ast.Assign([ast.Name(name, ast.Store())], inner))
                    if isinstance(value, ast.BinOp):
                        value.left = ast.Name(name, ast.Load())
                    else:
                        value.args[0] = ast.Name(name, ast.Load())
    ast.fix_missing_locations(tree)


def _whiles(tree: ast.Module, rng: random.Random, rate: float) -> None:
    """`for i in range(n)` becomes a `while`, where nothing jumps out of the loop."""
    for block in _blocks(tree):
        for node in list(block):
            plain = isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Call)
            if not plain or ast.unparse(node.iter.func) != "range" or len(node.iter.args) != 1 or rng.random() > rate:
                continue
            if any(isinstance(inner, (ast.Continue, ast.Break)) for inner in ast.walk(node)):
                continue
            name = node.target.id
            start = ast.parse(f"{name} = 0").body[0]
            test = ast.Compare(ast.Name(name, ast.Load()), [ast.Lt()], [node.iter.args[0]])
            loop = ast.While(test, [*node.body, ast.parse(f"{name} += 1").body[0]], [])
            block[block.index(node) : block.index(node) + 1] = [start, loop]
    ast.fix_missing_locations(tree)


def _augmented(tree: ast.Module, rng: random.Random, rate: float) -> None:
    for block in _blocks(tree):
        for place, node in enumerate(block):
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and rng.random() < rate:
                value = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
                block[place] = ast.Assign([ast.Name(node.target.id, ast.Store())], value)
    ast.fix_missing_locations(tree)


def _reorder(tree: ast.Module, rng: random.Random) -> None:
    """Functions of the module and methods in any order; assignments that do not touch each other change places."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef)):
            places = [place for place, one in enumerate(node.body) if isinstance(one, ast.FunctionDef) and not one.decorator_list]
            functions = [node.body[place] for place in places]
            rng.shuffle(functions)
            for place, function in zip(places, functions, strict=True):
                node.body[place] = function
    for block in _blocks(tree):
        for place in range(len(block) - 1):
            one, other = block[place], block[place + 1]
            if isinstance(one, ast.Assign) and isinstance(other, ast.Assign) and rng.random() < 0.5:
                sets = [
                    {n.id for n in ast.walk(x) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} for x in (one, other)
                ]
                uses = [{n.id for n in ast.walk(x) if isinstance(n, ast.Name)} for x in (one, other)]
                if not sets[0] & uses[1] and not sets[1] & uses[0]:
                    block[place], block[place + 1] = other, one


def _strip_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if (
            isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module))
            and ast.get_docstring(node) is not None
            and len(node.body) > 1
        ):
            del node.body[0]
