"""Tells what the imports of a statement make of a name, so that an import that is repeated counts as the one it repeats."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from grader.notebooks.statements import DEFINITIONS, Statement, at_module_level


@dataclass(frozen=True)
class Import:
    """What an import makes of a name.

    Attributes:
        module: the dotted path of the module that is imported, as far as the name stands for it.
        attribute: what is taken from it; empty where the name is the module.
        loads: whether it loads a module of the package besides, as `import a.b` does.
    """

    module: str
    attribute: str = ""
    loads: bool = False

    @property
    def path(self) -> str:
        """Dotted."""
        return f"{self.module}.{self.attribute}" if self.attribute else self.module


def imports_in(statement: Statement) -> dict[str, frozenset[Import]]:
    """The names that a statement binds by imports and in no other way, with what they may be."""
    found: dict[str, set[Import]] = {}
    otherwise: set[str] = set()
    for part in at_module_level(statement.node):
        if isinstance(part, ast.Import):
            for alias in part.names:
                first, _, rest = alias.name.partition(".")
                made = Import(alias.name) if alias.asname else Import(first, loads=bool(rest))
                found.setdefault(alias.asname or first, set()).add(made)
        elif isinstance(part, ast.ImportFrom):
            for alias in part.names:
                made = Import("." * part.level + (part.module or ""), alias.name)
                found.setdefault(alias.asname or alias.name, set()).add(made)
        elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            otherwise.add(part.id)
        elif isinstance(part, (*DEFINITIONS, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and part.name:
            otherwise.add(part.name)
        elif isinstance(part, ast.MatchMapping) and part.rest:
            otherwise.add(part.rest)
    return {name: frozenset(made) for name, made in found.items() if name not in otherwise and name != "*"}
