"""Makes the modules that a notebook writes with `%%writefile` importable where it is graded, as they are in its kernel."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping

# A module is entered before it is run, as an import does it.
_MAKER = """def _written(name, text):
    import sys, types
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, name + ".py", "exec"), module.__dict__)"""


def preamble(nodes: Iterable[ast.AST], modules: Mapping[str, str]) -> str:
    """Code that makes the modules which statements import, each after those that it imports itself; empty where there are none.

    Parameters:
        nodes: the statements.
        modules: texts by name.
    """
    order: list[str] = []
    if modules:
        _add(nodes, modules, order, set())
    return "\n".join([_MAKER, *(f"_written({name!r}, {modules[name]!r})" for name in order)]) if order else ""


def _add(nodes: Iterable[ast.AST], modules: Mapping[str, str], order: list[str], seen: set[str]) -> None:
    for name in sorted(_imported(nodes) & modules.keys() - seen):
        seen.add(name)
        _add(_tree(modules[name]), modules, order, seen)
        order.append(name)


def _imported(nodes: Iterable[ast.AST]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.Import):
                found.update(alias.name for alias in part.names)
            elif isinstance(part, ast.ImportFrom) and not part.level:
                found.add(part.module or "")
    return found


def _tree(text: str) -> list[ast.AST]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [ast.parse(text)]
    except Exception:  # the parser's own limits end in errors of many kinds; running it tells the student
        return []
