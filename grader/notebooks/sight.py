"""What a statement of a notebook sees of the others, for the question whether it can surely be run."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Protocol

from grader.notebooks import known
from grader.notebooks.risk import is_calm, is_instantiated_surely
from grader.notebooks.statements import BUILTINS, Statement


class Program(Protocol):
    """The statements of a file, as slicing.py has them."""

    @property
    def statements(self) -> Sequence[Statement]:
        """All of them."""

    @property
    def binders(self) -> Mapping[str, Sequence[int]]:
        """The statements that bind a name."""

    @property
    def given(self) -> Mapping[str, Sequence[int]]:
        """Those that stand before the file, for names that it does not bind."""

    @property
    def stars(self) -> Sequence[int]:
        """The imports of everything."""

    def path(self, name: str) -> str | None:
        """The dotted path of what every binding of a name imports."""

    def live(self, name: str, at: int) -> list[int]:
        """The statements that decide what a name is when the statement `at` begins."""


class _Sight:
    """The names that one statement sees when it is run."""

    def __init__(self, program: Program, at: int) -> None:
        self.program = program
        self.at = at

    def is_bound(self, name: str) -> bool:
        """Whether a name is surely there: its binding comes along, if need be from below, or it is a builtin."""
        if name in BUILTINS or self.program.live(name, self.at):
            return True
        return not self.program.stars and any(number > self.at for number in self.program.binders.get(name, ()))

    def path(self, name: str) -> str | None:
        """The dotted path of an import, or the name of a builtin."""
        program = self.program
        if program.binders.get(name) or program.given.get(name):
            path = program.path(name)
            there = path and known.is_known(path) and (not program.stars or program.live(name, self.at))
            return path if there else None
        return name if name in BUILTINS and not program.stars else None

    def own_class(self, name: str) -> ast.ClassDef | None:
        """The definition of a class of the notebook that nothing has changed."""
        number = self._class_number(name)
        node = self.program.statements[number].node if number is not None else None
        return node if isinstance(node, ast.ClassDef) else None

    def is_made_surely(self, name: str, call: ast.Call) -> bool:
        """Whether calling the name of a class of the notebook surely makes an instance."""
        number, node = self._class_number(name), self.own_class(name)
        return number is not None and node is not None and is_instantiated_surely(node, call, _Sight(self.program, number))

    def _class_number(self, name: str) -> int | None:
        live = self.program.live(name, self.at)
        single = len(live) == 1 and isinstance(self.program.statements[live[0]].node, ast.ClassDef)
        return live[0] if single else None


def is_risky(program: Program, number: int) -> bool:
    """Whether a statement may fail, or do something that others notice."""
    statement = program.statements[number]
    try:
        return not is_calm(statement.node, _Sight(program, number), statement.future)
    except RecursionError:  # too deep to be looked through
        return True
