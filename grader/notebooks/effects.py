"""Finds what calling a function of a notebook changes besides its own names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.notebooks.bytecode import compiled, globals_set
from grader.notebooks.statements import FUNCTIONS, Statement, changed_in

_MOST_CALLED = 500


@dataclass(frozen=True)
class Effects:
    """Globals that a call sets, globals that it changes, and arguments that it changes, by position and keyword."""

    sets: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    arguments: frozenset[int | str] = frozenset()


class Calls:
    """The effects of calls of a notebook's functions, each found once.

    Parameters:
        statements: of the notebook.
        binders: the statements that bind a name.
        entries: names of the exercises; calling one is a demo, whatever it keeps in mind.
        imported: whether a name can only be what an import gives.
    """

    def __init__(
        self,
        statements: Sequence[Statement],
        binders: Mapping[str, Sequence[int]],
        entries: frozenset[str],
        imported: Callable[[str], bool],
    ) -> None:
        self.statements = statements
        self.binders = binders
        self.entries = entries
        self.imported = imported
        self._each: dict[str, Effects] = {}
        self._all: dict[str, Effects] = {}

    def of(self, name: str) -> Effects:
        """Of a call of the function and of all that it calls."""
        if name in self._all or name not in self.binders or name in self.entries:
            return self._all.get(name, Effects())
        found = Effects()
        seen: set[str] = set()
        waiting = [name]
        while waiting and len(seen) < _MOST_CALLED:
            each = waiting.pop()
            if each in seen:
                continue
            seen.add(each)
            own = self._own(each)
            arguments = own.arguments if each == name else found.arguments
            found = Effects(found.sets | own.sets, found.changes | own.changes, arguments)
            for number in self.binders[each]:
                if isinstance(self.statements[number].node, FUNCTIONS):
                    waiting += [called for called in self.statements[number].reads.when_called if called in self.binders]
        self._all[name] = found
        return found

    def _own(self, name: str) -> Effects:
        if name not in self._each:
            sets: set[str] = set()
            changes: set[str] = set()
            arguments: set[int | str] = set()
            for number in self.binders[name]:
                node = self.statements[number].node
                if not isinstance(node, FUNCTIONS):
                    continue
                bound, local = _globals_set(node)
                touched = changed_in(node.body)
                parameters = [each.arg for each in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]]
                sets |= bound
                changes |= {each for each in touched - local if not self.imported(each)}
                arguments.update(key for pair in enumerate(parameters) if pair[1] in touched for key in pair)
            self._each[name] = Effects(frozenset(sets), frozenset(changes), frozenset(arguments))
        return self._each[name]


def _globals_set(node: ast.stmt) -> tuple[set[str], set[str]]:
    try:
        return globals_set(compiled([node], False))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set()
