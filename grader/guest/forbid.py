"""Takes forbidden calls away from this process before a submission is loaded.

Operators of torch are overridden at the dispatcher, where every alias, module, pickled reference and compiled graph ends.
Python functions get another body in place, so that references taken earlier end there too. Both record the call and raise
`ForbiddenCall`. There is no way back inside the process; what this can and cannot prove is told in docs/threat-model.md.
"""

from __future__ import annotations

import contextlib
import ctypes
import fnmatch
import importlib
import importlib.abc
import importlib.machinery
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .hits import Record
from .loads import Loads

# Composite operators are decided at the backend and autograd keys before their decomposition is looked at.
_DISPATCH_KEYS = (
    "CPU", "AutogradCPU", "MkldnnCPU", "QuantizedCPU", "SparseCPU", "SparseCsrCPU", "NestedTensorCPU", "AutogradNestedTensor",
    "FuncTorchBatched", "CompositeImplicitAutograd", "CompositeExplicitAutograd",
)  # fmt: skip


@dataclass(frozen=True)
class Ban:
    """One entry of a manifest's `forbidden`: dispatcher globs, dotted Python names, and packages of theirs that stay closed."""

    operators: tuple[str, ...]
    functions: tuple[str, ...]
    closed: tuple[str, ...] = ()

    @staticmethod
    def of(data: Mapping[str, Any]) -> Ban:
        """From what the judge sends."""
        return Ban(tuple(data["operators"]), tuple(data["functions"]), tuple(data["closed"]))


def take_away(bans: Sequence[Ban], record: Record, eager: bool) -> None:
    """Take every ban's calls away.

    Parameters:
        bans: what to take away; a hit tells the index in this sequence.
        record: where hits are noted.
        eager: import the modules concerned now, or close their packages (what marks need); otherwise wait until something
            imports them.
    """
    wanted: dict[str, list[Callable[[], None]]] = {}
    loads = Loads(final=eager)
    if eager:
        bring_in(bans)
        loads.close(_closed(bans))
    for index, ban in enumerate(bans):
        if ban.operators:
            wanted.setdefault("torch", []).append(_operators_action(ban.operators, index, record))
        for name in ban.functions:
            for module in _modules_of(name):
                wanted.setdefault(module, []).append(_function_action(name, module, index, record, loads.protect))
    if not wanted:
        return
    waiting: dict[str, list[Callable[[], None]]] = {}
    for module, actions in sorted(wanted.items()):
        if module in sys.modules:
            for action in actions:
                action()
        else:
            waiting[module] = actions
    loads.watch()
    if waiting and not eager:
        sys.meta_path.insert(0, _AfterImport(waiting))


def bring_in(bans: Sequence[Ban]) -> None:
    """Import the modules that bans concern, unless they stay closed; what is imported before a fork, the fork need not."""
    closed = _closed(bans)
    for module in sorted({module for ban in bans for name in ban.functions for module in _modules_of(name)}):
        if module.partition(".")[0] not in closed:
            # An optional library that is absent or broken has nothing to take away.
            with contextlib.suppress(Exception):
                importlib.import_module(module)


def _closed(bans: Sequence[Ban]) -> set[str]:
    """The packages that stay closed: what this process has imported already cannot."""
    return {package for ban in bans for package in ban.closed} - sys.modules.keys()


def _modules_of(name: str) -> list[str]:
    """The modules whose import can bring a dotted name about, longest first."""
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]


def _operators_action(globs: Sequence[str], ban: int, record: Record) -> Callable[[], None]:
    wanted = re.compile("|".join(map(fnmatch.translate, globs)))

    def act() -> None:
        torch: Any = sys.modules["torch"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for qualified in filter(wanted.match, torch._C._dispatch_get_all_op_names()):
                _override(torch, qualified, ban, record)
        # Through these objects the kernels could be given back.
        _libraries.clear()

    return act


_libraries: dict[str, Any] = {}


def _override(torch: Any, qualified: str, ban: int, record: Record) -> None:
    namespace, _, operator = qualified.partition("::")
    label = f"torch's {operator.partition('.')[0]}"

    def taken(*_args: object, **_kwargs: object) -> None:
        record.reach(ban, label)

    if namespace not in _libraries:
        library = torch._C._dispatch_library("IMPL", namespace, "", __file__, 0)
        _libraries[namespace] = library
        _keep_for_ever(library)
    for key in _DISPATCH_KEYS:
        try:
            _libraries[namespace].impl(operator, key, taken, False)
        except RuntimeError:  # this operator has no such key, so there is nothing to take
            continue


def _keep_for_ever(thing: object) -> None:
    """Hold a reference that no Python code can find and drop: the kernels go when their library object goes."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))


def _function_action(
    name: str, module: str, ban: int, record: Record, protect: Callable[[str], None]
) -> Callable[[], None]:
    def act() -> None:
        holder: Any = sys.modules.get(module)
        *path, last = name[len(module) + 1 :].split(".") if len(name) > len(module) else [""]
        for part in path:
            holder = getattr(holder, part, None)
        if holder is None:
            return
        target = getattr(holder, last, None) if last else holder
        for function, owner, attribute in _functions_in(target, holder, last, name):
            _replace(function, owner, attribute, name, ban, record, protect)

    return act


def _functions_in(target: Any, owner: Any, attribute: str, name: str) -> Iterator[tuple[Any, Any, str]]:
    if isinstance(target, types.ModuleType):
        for key, member in list(vars(target).items()):
            if getattr(member, "__module__", "").startswith(target.__name__):
                yield from _functions_in(member, target, key, name)
    elif isinstance(target, type):
        for key, member in list(vars(target).items()):
            member = getattr(member, "__func__", member)
            if isinstance(member, types.FunctionType) and (key == "__call__" or not key.startswith("__")):
                yield member, target, key
    elif callable(target):
        yield target, owner, attribute


def _replace(
    function: Any, owner: Any, attribute: str, name: str, ban: int, record: Record, protect: Callable[[str], None]
) -> None:
    def taken(*_args: object, **_kwargs: object) -> None:
        record.reach(ban, name)

    inner = function
    while isinstance(inner, types.FunctionType):
        protect(inner.__code__.co_filename)
        inner.__code__ = _raising_code(inner.__code__, taken)
        inner = getattr(inner, "__wrapped__", None)
    if not isinstance(function, types.FunctionType):
        try:
            setattr(owner, attribute, taken)
        except (AttributeError, TypeError):
            return


def _raising_code(original: types.CodeType, taken: Callable[..., None]) -> types.CodeType:
    """A body that calls `taken` whatever the arguments, and fits the closure of the original."""

    def template(*args: object, **kwargs: object) -> object:
        call: Any = "taken"
        return call()

    code = template.__code__
    constants = tuple(taken if constant == "taken" else constant for constant in code.co_consts)
    return code.replace(co_consts=constants, co_freevars=original.co_freevars, co_name=original.co_name)


class _AfterImport(importlib.abc.MetaPathFinder):
    """Runs the waiting actions right after a module has been imported."""

    def __init__(self, waiting: dict[str, list[Callable[[], None]]]) -> None:
        self.waiting = waiting

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        actions = self.waiting.pop(fullname, None)
        if actions is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    _run_after(spec.loader, actions)
                return spec
        return None


def _run_after(loader: Any, actions: list[Callable[[], None]]) -> None:
    execute = loader.exec_module

    def exec_module(module: types.ModuleType) -> None:
        execute(module)
        for action in actions:
            action()

    loader.exec_module = exec_module
