"""Compiles statements and tells from their code which global names they read and set; `dis` tells the same, much slower."""

from __future__ import annotations

import ast
import dis
import types
import warnings
from collections.abc import Iterator

_COMPREHENSION_CODE = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_LOADS = frozenset({"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"})
_NAMED = {number: name for name, number in dis.opmap.items() if name in _LOADS or name in ("STORE_NAME", "STORE_GLOBAL")}
_EXTENDED = dis.opmap["EXTENDED_ARG"]
_LOAD_GLOBAL = dis.opmap["LOAD_GLOBAL"]
_OPTIMIZED = 0x1  # code of a function, in the terms of inspect.CO_OPTIMIZED


def compiled(nodes: list[ast.stmt], future: bool, await_too: bool = False) -> types.CodeType:
    """Statements as code, without a word about what Python only warns of; `SyntaxError` where they cannot be."""
    flags = 0x1000000 if future else 0  # __future__.annotations.compiler_flag
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if await_too else 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code: types.CodeType = compile(ast.Module(nodes, []), "<cell>", "exec", flags=flags, dont_inherit=True)
        return code


def names_of(code: types.CodeType) -> Iterator[tuple[str, str]]:
    """The operations of code on global names, or on those of a class, in order, without those of the code in it."""
    names, extended = code.co_names, 0
    if not names:
        return
    raw = code.co_code
    for operation, argument in zip(raw[::2], raw[1::2], strict=True):
        argument |= extended
        extended = argument << 8 if operation == _EXTENDED else 0
        if operation in _NAMED:
            # The lowest bit of a load of a global name tells whether a call follows.
            yield _NAMED[operation], names[argument >> 1 if operation == _LOAD_GLOBAL else argument]


def code_reads(code: types.CodeType) -> tuple[set[str], set[str]]:
    """Global names that code reads at once, and those that functions in it read when they are called."""
    at_once: set[str] = set()
    later: set[str] = set()
    stack = [(code, True)]
    while stack:
        code, now = stack.pop()
        now = now and (not code.co_flags & _OPTIMIZED or code.co_name in _COMPREHENSION_CODE)
        stored: set[str] = set()
        for operation, name in names_of(code):
            if operation == "STORE_NAME":
                stored.add(name)
            elif operation in _LOADS and name not in stored:
                (at_once if now else later).add(name)
        stack += [(inner, now) for inner in code.co_consts if isinstance(inner, types.CodeType)]
    return at_once, later


def globals_set(code: types.CodeType) -> tuple[set[str], set[str]]:
    """Global names that functions in code set, and all their local names."""
    found: set[str] = set()
    local: set[str] = set()
    stack = [code]
    while stack:
        code = stack.pop()
        found.update(name for operation, name in names_of(code) if operation == "STORE_GLOBAL")
        local.update(code.co_varnames, code.co_cellvars, code.co_freevars)
        stack += [inner for inner in code.co_consts if isinstance(inner, types.CodeType)]
    return found, local
