"""Chooses the statements of a notebook that some names need, as a kernel that ran it from top to bottom would have them."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from grader.notebooks.effects import Calls
from grader.notebooks.imports import Import, imports_in
from grader.notebooks.known import is_module
from grader.notebooks.sight import is_risky
from grader.notebooks.slices import Slice
from grader.notebooks.statements import (
    BUILTINS,
    BY_TEXT,
    DEFINITIONS,
    IMPORTS,
    Statement,
    at_module_level,
    names_in_text,
)

_MOST_CALLED = 500
_MOST_LISTED = 50
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
_SETTINGS = frozenset({"setrecursionlimit", "set_default_dtype", "set_default_tensor_type"})
_LIBRARIES = ("numpy", "torch", "math", "typing", "collections", "functools", "itertools")


class Program:
    """The statements of one file in order, and who binds and who changes which name.

    Parameters:
        statements: of the submission.
        given: that stand before them for names that the submission does not bind.
        entries: names of the exercises; calling one is a demo, whatever it keeps in mind.
    """

    def __init__(self, statements: Sequence[Statement], given: Sequence[Statement] = (), entries: Iterable[str] = ()) -> None:
        self.entries = frozenset(entries)
        self.statements = [*given, *statements]
        self.end = len(self.statements)
        self.own = range(len(given), self.end)
        self.binders: dict[str, list[int]] = defaultdict(list)
        self.changers: dict[str, list[int]] = defaultdict(list)
        self.askers: dict[str, list[int]] = defaultdict(list)
        self.stars: list[int] = []
        self.set_by_call: dict[int, set[str]] = {}
        self._paths: dict[str, str | None] = {}
        self._touching: dict[str, list[int]] = {}
        self._imports: dict[int, dict[str, frozenset[Import]]] = {}
        for number in self.own:
            for name in self.statements[number].binds:
                self.binders[name].append(number)
        self.given: dict[str, list[int]] = defaultdict(list)
        for number in range(len(given)):
            for name in self.statements[number].binds - self.binders.keys():
                self.given[name].append(number)
        for number, statement in enumerate(self.statements):
            if statement.star is not None:
                self.stars.append(number)
        self._find_changes()

    def _find_changes(self) -> None:
        bound: dict[str, list[int]] = defaultdict(list)
        calls = Calls(self.statements, self.binders, self.entries, self.is_imported)
        for number in self.own:
            statement = self.statements[number]
            changed: set[str] = set(statement.stores)
            set_by_call: set[str] = set()
            changed |= {name for name in statement.calls_on if not self.is_imported(name)}
            changed |= {original for name in changed for original in self._originals(name)}
            for name in statement.asks:
                if not self.is_imported(name):
                    self.askers[name].append(number)
            for name, arguments in statement.calls:
                effects = calls.of(name)
                set_by_call |= effects.sets
                changed |= effects.changes | {arguments[key] for key in effects.arguments & arguments.keys()}
            if statement.acts_by_text:
                set_by_call |= names_in_text([*statement.texts, *self._texts_of(statement)]) | statement.keywords
            for name in changed:
                self.changers[name].append(number)
            self.set_by_call[number] = set_by_call - statement.binds
            for name in self.set_by_call[number]:
                bound[name].append(number)
        for name, numbers in bound.items():
            self.binders[name] = sorted({*self.binders[name], *numbers})

    def _originals(self, name: str) -> set[str]:
        """Names that share their value with a name, as far as plain assignments tell."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for number in self.binders.get(waiting.pop(), ())[:_MOST_CALLED]:
                statement = self.statements[number]
                for original in {statement.alias, *statement.shared} - found:
                    if original and not self.is_imported(original):
                        found.add(original)
                        waiting.append(original)
        return found

    def _texts_of(self, statement: Statement) -> Iterator[str]:
        for part in at_module_level(statement.node):
            if isinstance(part, ast.Name):
                for number in self.binders.get(part.id, ()):
                    yield from self.statements[number].texts

    def is_bound_by(self, name: str, number: int) -> bool:
        """Whether a statement may bind a name, and not only change its value."""
        return name in self.statements[number].binds or name in self.set_by_call.get(number, ())

    def is_imported(self, name: str) -> bool:
        """Whether a name can only be what an import gives."""
        numbers = self.binders.get(name) or self.given.get(name, [])
        return bool(numbers) and all(name in self.imports_of(number) for number in numbers)

    def imports_of(self, number: int) -> dict[str, frozenset[Import]]:
        """The names that a statement binds by imports only."""
        if number not in self._imports:
            self._imports[number] = imports_in(self.statements[number])
        return self._imports[number]

    def path(self, name: str) -> str | None:
        """The dotted path of what a name is, where every binding of it imports the same."""
        if name not in self._paths:
            numbers = self.binders.get(name) or self.given.get(name, [])
            paths = {made.path for number in numbers for made in self.imports_of(number).get(name, [Import("")])}
            self._paths[name] = paths.pop() if len(paths) == 1 else None
        return self._paths[name]

    # -- slices ----------------------------------------------------------------------------------------------------------------

    def live(self, name: str, at: int) -> list[int]:
        """The statements that decide what a name is when the statement `at` begins: the last sure binding, and what follows."""
        numbers = self.binders.get(name) or self.given.get(name, [])
        numbers = numbers[: bisect_left(numbers, at)]
        for place in range(len(numbers) - 1, -1, -1):
            if name in self.statements[numbers[place]].kills:
                numbers = numbers[place:]
                break
        if not numbers:
            return []
        kept = self._without_repeated(name, numbers)
        if kept is numbers:
            touching = self._touched(name)
            return touching[bisect_left(touching, numbers[0]) : bisect_left(touching, at)]
        changes = [_between(found.get(name, []), numbers[0], at) for found in (self.changers, self.askers)]
        return sorted({*kept, *changes[0], *changes[1]})

    def _touched(self, name: str) -> list[int]:
        """All statements that bind or change a name, in order."""
        if name not in self._touching:
            numbers = self.binders.get(name) or self.given.get(name, [])
            self._touching[name] = sorted({*numbers, *self.changers.get(name, ()), *self.askers.get(name, ())})
        return self._touching[name]

    def is_all_that_touches(self, name: str, numbers: list[int]) -> bool:
        """Whether no other statement between the first and the last of these binds or changes a name."""
        touching = self._touched(name)
        return numbers == touching[bisect_left(touching, numbers[0]) : bisect_right(touching, numbers[-1])]

    def _without_repeated(self, name: str, numbers: Sequence[int]) -> Sequence[int]:
        """Without demos that only import a module once more which an import of the notebook gives the name anyway.

        A block such as `if __name__ == "__main__": import torch; ...` decides nothing where each binding of the name is the same
        module. What is taken from a module may have been replaced in it, and `import a.b` loads more, so these stay.
        """
        if len(numbers) == 1:
            return numbers
        found = [self.imports_of(number).get(name) for number in numbers]
        whole = {made.module for each in found for made in each or ()}
        plain = all(each is not None and not any(made.attribute for made in each) for each in found)
        if len(whole) != 1 or not plain or not any(self._is_import(number) for number in numbers):
            return numbers
        changing = self.changers.get(name, ())
        return [
            number
            for number, each in zip(numbers, found, strict=True)
            if self._is_import(number) or number in changing or any(made.loads for made in each or ())
        ]

    def _is_import(self, number: int) -> bool:
        return isinstance(self.statements[number].node, IMPORTS)

    def changes_after(self, name: str, at: int) -> list[int]:
        """The statements that change a name's value after `at`, until it is bound anew; who holds the value sees them too."""
        bound = self.binders.get(name, [])
        following = (number for number in bound[bisect_left(bound, at) :] if self._binds_anew(name, number))
        # The statement that binds it anew may change the value before, as in `last = last.pop()`.
        return _between(self.changers.get(name, []), at, next(following, self.end) + 1)

    def _binds_anew(self, name: str, number: int) -> bool:
        statement = self.statements[number]
        return name in statement.kills and not isinstance(statement.node, ast.AugAssign)

    def slice(self, names: Iterable[str]) -> Slice:
        """What names need at the end of the notebook."""
        return _Slicer(self).run(names)


def _between(numbers: list[int], first: int, last: int) -> list[int]:
    """Of sorted numbers those that lie between two."""
    return numbers[bisect_right(numbers, first) : bisect_left(numbers, last)]


class _Slicer:
    """Follows names to statements and statements to names, each at the moment when it is read.

    What only such a statement needs that may fail without harm may fail itself: that need is not sure.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.statements = program.statements
        self.slice = Slice()
        self.waiting: list[tuple[str, int, bool]] = []
        self.asked: dict[tuple[str, int], bool] = {}
        self.sure: dict[int, bool] = {}
        self.bound_for: dict[int, set[str]] = defaultdict(set)
        self.covered: dict[str, tuple[int, int]] = {}
        self.by_text = False

    def run(self, names: Iterable[str]) -> Slice:
        self.waiting = [(name, self.program.end, True) for name in names]
        self._work()
        if self.slice.chosen:
            self._settings()
        if self.by_text:
            self._everything_that_binds()
        self.slice.attempted = {number for number in self.slice.chosen if self._may_fail(number)}
        self._find_risks()
        self._keep_what_was()
        return self.slice

    def _work(self) -> None:
        while self.waiting:
            name, at, sure = self.waiting.pop()
            if not self.asked.get((name, at), False) and (sure or (name, at) not in self.asked):
                self.asked[name, at] = sure
                self._need(name, at, sure)

    def _need(self, name: str, at: int, sure: bool) -> None:
        found = self.program.live(name, at)
        stars = [number for number in self.program.stars if number < at]
        if not found and at in self.sure and not stars and name not in BUILTINS:
            found = self._below(name, at)
        if not found:
            found = [number for number in stars if name not in BUILTINS or _of_library(self.statements[number])]
            if name not in BUILTINS and not found:
                self.slice.missing.add(name)
        self._choose_all(name, found, sure)
        if at < self.program.end:
            self.slice.before[at].update(self._nearest(name, found))
            self._choose_all(name, self.program.changes_after(name, at) if found else [], sure)
            if any(isinstance(part, ast.Call) or getattr(part, "decorator_list", ()) for part in self._parts(at)):
                # What is called now reads its own names now.
                called: set[str] = set().union(*(self.statements[number].reads.when_called for number in found))
                self.waiting += [(each, at, sure) for each in called]

    def _parts(self, number: int) -> Iterator[ast.AST]:
        return at_module_level(self.statements[number].node, in_classes=True)

    def _below(self, name: str, at: int) -> list[int]:
        """A notebook whose cells stand in another order than they ran in: the first binding below.

        Where the name may not be needed yet, only imports and definitions, which can be moved without harm.
        """
        for number in self.program.binders.get(name, ()):
            movable = isinstance(self.statements[number].node, (*IMPORTS, *DEFINITIONS))
            if number > at and (movable or name in self.statements[at].reads.at_once):
                return [number]
        return []

    def _nearest(self, name: str, found: list[int]) -> list[int]:
        """What decides a name; where that is much, the last that reads it, which needs all before it, and what follows.

        A notebook of thousands of lines that change one name would fill the memory otherwise.
        """
        if len(found) > _MOST_LISTED and not self.program.is_imported(name):
            for place in range(len(found) - 1, 0, -1):
                if name in self.statements[found[place]].reads.at_once:
                    return found[place:]
        return found

    def _choose_all(self, name: str, numbers: list[int], sure: bool) -> None:
        """Choose what binds or changes a name, unless all between the first and the last is chosen already."""
        first, last = self.covered.get(name, (self.program.end, -1))
        if not numbers or (first <= numbers[0] and numbers[-1] <= last):
            return
        for number in numbers:
            binds = self.program.is_bound_by(name, number)
            if binds:
                self.bound_for[number].add(name)
            # What only changes a value may fail, as in a kernel: the value is there all the same.
            self._choose(number, sure and (binds or not isinstance(self.statements[number].node, _SIMPLE)))
        if sure and len(numbers) > _MOST_LISTED and self.program.is_all_that_touches(name, numbers):
            self.covered[name] = numbers[0], numbers[-1]

    def _choose(self, number: int, sure: bool) -> None:
        if self.sure.get(number, False) or (number in self.sure and not sure):
            return
        self.sure[number] = sure
        statement = self.statements[number]
        self.slice.chosen.add(number)
        reads = statement.reads
        self.waiting += [(name, number, sure) for name in reads.at_once]
        self.waiting += [(name, self.program.end, sure) for name in reads.when_called]
        if (reads.at_once | reads.when_called) & BY_TEXT:
            self.by_text = True
            known = names_in_text(statement.texts) & self.program.binders.keys()
            self.waiting += [(name, self.program.end, sure) for name in known]

    def _may_fail(self, number: int) -> bool:
        simple = isinstance(self.statements[number].node, (*IMPORTS, *_SIMPLE))
        unknown_star = self.statements[number].star is not None and not _of_library(self.statements[number])
        return unknown_star or (simple and not self.sure[number])

    def _keep_what_was(self) -> None:
        """A statement that fails leaves its names as they were, as in a kernel, where they had a value before."""
        for number in self.slice.risky - self.slice.attempted:
            statement = self.statements[number]
            if statement.star is not None or isinstance(statement.node, DEFINITIONS):
                continue
            names = self.bound_for[number]
            if not names or any(each < number for name in names for each in self._chosen_binders(name)):
                self.slice.attempted.add(number)
                self.slice.kept[number] |= names

    def _chosen_binders(self, name: str) -> Iterator[int]:
        return (number for number in self.program.binders.get(name, ()) if number in self.slice.chosen)

    def _settings(self) -> None:
        """A solution may need the limit of recursion or the precision that the notebook sets; no name leads there."""
        for number in self.program.own:
            node = self.statements[number].node
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                called = node.value.func
                if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in _SETTINGS:
                    self._choose(number, False)
        self._work()

    def _everything_that_binds(self) -> None:
        """Where code finds names by text, any binding may be meant; but none of these may stop what is known to be needed."""
        for number in self.program.own:
            statement = self.statements[number]
            if number in self.slice.chosen or not statement.binds:
                continue
            if isinstance(statement.node, (*IMPORTS, ast.Assign, ast.AnnAssign, ast.AugAssign)):
                self.slice.chosen.add(number)
                self.sure[number] = False
            elif isinstance(statement.node, DEFINITIONS) and all(
                name in BUILTINS or self._is_library(name) for name in statement.reads.at_once
            ):
                self._choose(number, False)
        self._work()

    def _is_library(self, name: str) -> bool:
        return self.program.is_imported(name) and not any(
            is_risky(self.program, number) for number in self.program.binders.get(name, ())
        )

    def _find_risks(self) -> None:
        for number in self.slice.chosen:
            statement = self.statements[number]
            fails = number not in self.slice.attempted and statement.reads.at_once & self.slice.missing
            if statement.star is not None:
                risky = number not in self.slice.attempted and not is_module(statement.star)
            else:
                risky = is_risky(self.program, number)
            if fails or risky:
                self.slice.risky.add(number)


def _of_library(statement: Statement) -> bool:
    return (statement.star or "").partition(".")[0] in _LIBRARIES
