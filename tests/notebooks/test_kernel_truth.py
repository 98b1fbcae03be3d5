"""Random notebooks: what each exercise answers in its module is what it answers in a kernel that ran all cells from the top."""

import ast
import random
from textwrap import indent
from typing import Any

import pytest

from grader.guest import loading
from grader.notebooks.assemble import assemble_submission
from grader.notebooks.cells import CodeCell

ENTRIES = ("f", "g", "e")
BODIES = (
    "return (x, {v}, {n})", "return ({h}(x) if isinstance(x, int) and x < 3 else 0, {v})", "global {v}\n{v} = x\nreturn x",
    "{v}.append(x)\nreturn x", "x.append({n})\nreturn x", "{v}['n'] = x\nreturn x", "return (C.p, x)",
    "y = {v}\ny.append({n})\nreturn x",
)  # fmt: skip
STATEMENTS = (
    "{v} = {n}", "{v} = []", "{v} = [{w}]", "{v} = {{'k': {w}}}", "{v} = {w}", "{v} = {w} = []", "{v} += 1", "{v} += [{n}]",
    "{v}.append({w})", "{v}['q'] = {w}", "{v}.update(z={n})", "{v} = {w}.pop()", "del {v}[0]", "{v}[0].append({n})",
    "{v} = {h}({w})", "{h}({w})", "print({h}({w}))", "print({v} := {w})", "C.p = {v}", "C.m = lambda self, x: {v}",
    "for i in range(3):\n    {v}.append(i)", "for y in [{v}, {w}]:\n    y.append({n})", "for {v} in range(2):\n    {w} = {v}",
    "if {v}:\n    {w} = {n}", "if {v}:\n    {w} = {n}\nelse:\n    {w} = {h}({v})", "if missing:\n    {v} = {n}",
    "try:\n    {v} = missing\nexcept NameError:\n    {v} = {n}", "while len({v}) < 4:\n    {v}.append({n})\n    {w}['a'] = 1",
    "match {v}:\n    case [{w}, *_]:\n        u = 1\n    case _:\n        {w} = 7", "exec('{v} = {n}')",
    "globals().update({v}={n})", "{h} = lambda x: (x, {v})", "class C:\n    p = {v}\n    def m(self, x): return (x, {w})",
    "{h}.own = {v}", "setattr(C, 'p', {v})", "assert {v} == {w}", "with open('nowhere') as {v}:\n    {w} = 3",
    "import math as {v}",
)  # fmt: skip
EXERCISES = (
    "def {f}(x): return ({h}(x), {v})", "def {f}(x, d={v}): return (d, C().m(x))", "{f} = lambda x: ({h}(x), C.p)",
    "class H:\n    s = {v}\n    def __call__(self, x): return (x, self.s, {h}(x))\n{f} = H()",
)  # fmt: skip


def statements_of(dice: random.Random) -> list[str]:
    def filled(text: str, **more: str) -> str:
        names = {"v": dice.choice("abct"), "w": dice.choice("abct"), "h": dice.choice("hk"), "n": str(dice.randrange(1, 9))}
        return text.format(**(names | more))

    def function() -> str:
        return filled("def {h}(x):\n") + indent(filled(dice.choice(BODIES)), "    ")

    first = [f"{name} = {dice.choice(('[]', '{}', '2', '[1]'))}" for name in "abctu"]
    first += ["def h(x): return (x, a)", "def k(x): return (x, b)", "class C:\n    p = 1\n    def m(self, x): return (x, self.p)"]
    rest = [filled(dice.choice(STATEMENTS)) if dice.random() < 0.8 else function() for _ in range(dice.randrange(3, 14))]
    for entry in ENTRIES:
        rest.insert(dice.randrange(len(rest) + 1), filled(dice.choice(EXERCISES), f=entry))
    return first + rest


def kernel(statements: list[str]) -> tuple[dict[str, Any], list[str]]:
    """What a kernel holds afterwards, and which statements bind a name for sure and failed: of these, the last one counts."""
    held: dict[str, Any] = {"__name__": "__main__"}
    failed = []
    for text in statements:
        try:
            exec(compile(text, "cell", "exec", dont_inherit=True), held)
        except Exception:
            if isinstance(ast.parse(text).body[0], (ast.Assign, ast.ClassDef, ast.FunctionDef)):
                failed.append(text)
    return held, failed


def answers(function: Any) -> list[str]:
    found = []
    for value in (1, 4):
        try:
            found.append(repr(function(value)))
        except Exception as error:
            found.append(type(error).__name__)
    return found


@pytest.mark.parametrize("number", range(120))
@pytest.mark.filterwarnings("ignore")
def test_an_exercise_answers_as_in_a_kernel(number: int) -> None:
    texts = statements_of(random.Random(number))
    while failed := kernel(texts)[1]:
        texts = [text for text in texts if text not in failed]
    here = [entry for entry in ENTRIES if entry in kernel(texts)[0]]
    cells = [CodeCell("topic.ipynb", place, text) for place, text in enumerate(texts, 1)]
    for made in assemble_submission([cells], here, "topic.py"):
        for entry in made.entries:
            expected = answers(kernel(texts)[0][entry])
            if not any(each.endswith("Error") for each in expected):
                module = vars(loading.execute(loading.read(made.filename, made.source)))
                assert answers(module[entry]) == expected, made.source.decode()
