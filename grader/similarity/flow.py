"""Reads a program as the flow of values between its operations, which names, order and line breaks do not change."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

_MOST_OPERATIONS = 6_000
_MOST_SOURCES = 6  # of one value that several assignments may have given


@dataclass
class Operation:
    """Something that makes a value of others; one without a label only passes values on.

    Attributes:
        label: what it does, in a spelling that methods, functions and operators of one meaning share.
        line: where it stands.
        uses: the numbers of those whose values it takes.
    """

    label: str
    line: int
    uses: list[int] = field(default_factory=list)


class Flow:
    """The operations of some statements.

    Parameters:
        body: of a module, or a part of one.

    Raises:
        RecursionError: it is nested too deeply.
    """

    def __init__(self, body: list[ast.stmt]) -> None:
        from grader.similarity.walking import Walker

        self.operations: list[Operation] = []
        self._sources: dict[int, tuple[int, ...]] = {}
        Walker(self).module(body)

    def add(self, label: str, line: int, uses: list[int] | None = None) -> int:
        """A new operation's number."""
        if len(self.operations) >= _MOST_OPERATIONS:
            return 0
        self.operations.append(Operation(label, line, uses or []))
        return len(self.operations) - 1

    def taken(self, number: int) -> tuple[int, ...]:
        """The operations whose values one takes, with everything that only passes values on seen through."""
        found: dict[int, None] = {}
        for use in self.operations[number].uses:
            found.update(dict.fromkeys(self._origin(use)))
        return tuple(found)

    def _origin(self, number: int) -> tuple[int, ...]:
        if self.operations[number].label:
            return (number,)
        known = self._sources.get(number)
        if known is None:
            known = self._sources[number] = self._searched(number)
        return known

    def _searched(self, start: int) -> tuple[int, ...]:
        found: list[int] = []
        seen, todo = {start}, [start]
        while todo and len(found) < _MOST_SOURCES:
            operation = self.operations[todo.pop(0)]
            for use in operation.uses:
                if use not in seen:
                    seen.add(use)
                    (found if self.operations[use].label else todo).append(use)
        return tuple(found[:_MOST_SOURCES])
