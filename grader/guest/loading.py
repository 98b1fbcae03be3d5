"""Reads a submission's source and executes it as a module."""

from __future__ import annotations
import __future__

import ast
import functools
import io
import linecache
import re
import sys
import tokenize
import types
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from .absent import Absent, told_by
from .hits import ForbiddenCall

MODULE = "submission"

_FLAGGED_CALLS = frozenset({"exec", "eval", "compile", "__import__", "getattr", "setattr", "vars", "globals"})
_FLAGGED_MODULES = frozenset({"subprocess", "ctypes", "gc", "inspect", "socket", "multiprocessing", "importlib", "pickle"})
_FLAGGED = re.compile(rf"\b({'|'.join(sorted(_FLAGGED_CALLS | _FLAGGED_MODULES))})\b")


@dataclass
class Source:
    """A submission that could be read: its text and its code; the syntax tree is made when something asks for it.

    Attributes:
        plain: the text with other letters that Python reads for the plain ones replaced by them.
    """

    filename: str
    text: str
    plain: str
    code: types.CodeType
    skipped: list[tuple[int, str]] = field(default_factory=list)

    @property
    def body(self) -> list[ast.stmt]:
        """The statements of the module."""
        return _tree(self.filename, self.text).body


_FUTURE = functools.reduce(lambda flags, name: flags | getattr(__future__, name).compiler_flag, __future__.all_feature_names, 0)


def read(filename: str, data: bytes) -> Source:
    """Decode and parse a submission as Python itself would.

    Raises:
        SyntaxError: it is not Python, or its bytes are not what its coding line says.
    """
    return Source(filename, *_compiled(filename, data))


# The same known mistakes are compared with one submission after the other.
@functools.lru_cache(maxsize=1024)
def _compiled(filename: str, data: bytes) -> tuple[str, str, types.CodeType]:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    try:
        text = io.TextIOWrapper(io.BytesIO(data), encoding, newline=None).read()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        told = f"byte 0x{data[error.start]:02x} is no {encoding}; save the file as UTF-8"
        raise SyntaxError(told, (filename, line, None, None)) from None
    if "\0" in text:
        raise SyntaxError("the file contains null bytes")
    return text, unicodedata.normalize("NFKC", text), compile(text, filename, "exec", dont_inherit=True)


@functools.lru_cache(maxsize=64)
def _tree(filename: str, text: str) -> ast.Module:
    return ast.parse(text, filename)


def untouched(source: Source, entry: str) -> bool:
    """Whether the entry is still a stub."""
    return "NotImplementedError" in source.plain and is_stub(source.body, entry)


def is_stub(body: list[ast.stmt], entry: str) -> bool:
    """Whether statements leave the entry a stub: every function in its definition only raises NotImplementedError."""
    place, definition = None, None
    for index, statement in enumerate(body):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and statement.name == entry:
            place, definition = index, statement
    if place is None or definition is None:
        return False
    functions = 0
    for node in ast.walk(definition):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            functions += 1
            if not _only_raises(node.body):
                return False
    if not functions:
        return False
    return not any(
        entry in _bound(statement)
        for statement in body[place + 1 :]
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )


def _bound(statement: ast.stmt) -> set[str]:
    """Names that a statement other than a plain definition may bind."""
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
    return names


def _only_raises(body: list[ast.stmt]) -> bool:
    """Whether a body is what stubs have: a docstring, perhaps the call of the base class, and the error."""
    last = body[-1]
    if not isinstance(last, ast.Raise) or not all(_says_nothing(statement) for statement in body[:-1]):
        return False
    raised = last.exc.func if isinstance(last.exc, ast.Call) else last.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _says_nothing(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Expr):
        return False
    return isinstance(statement.value, ast.Constant) or ast.unparse(statement.value) == "super().__init__()"


def flags(source: Source) -> list[tuple[int, str]]:
    """What an instructor may want to look at: line and what stands there. Flags never cost a point."""
    found: list[tuple[int, str]] = []
    if not _FLAGGED.search(source.plain):
        return found
    for node in ast.walk(_tree(source.filename, source.text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FLAGGED_CALLS:
            computed = len(node.args) > 1 and not isinstance(node.args[1], ast.Constant)
            if node.func.id not in ("getattr", "setattr") or computed:
                found.append((node.lineno, f"{node.func.id}()"))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [(node.lineno, f"import {n}") for n in names if n.partition(".")[0] in _FLAGGED_MODULES]
    return sorted(set(found))[:20]


def execute(source: Source) -> types.ModuleType:
    """Run a submission as the module `submission`.

    A top-level statement that reaches a forbidden call is no part of a graded call (a self-check, say), so it is skipped,
    noted in `source.skipped`, and the rest runs. So is an import of what is not installed here, with what uses it at once: who
    only drew a plot needs no library for plots to be graded. A graded call that does need it ends in the import's error.
    """
    module = types.ModuleType(MODULE)
    module.__file__ = source.filename
    sys.modules[MODULE] = module
    linecache.cache[source.filename] = (len(source.text), None, source.text.splitlines(True), source.filename)
    code, body = source.code, None
    # What `from __future__` asks for holds for the rest as well.
    future = code.co_flags & _FUTURE
    missing: set[str] = set()
    absent: list[ImportError] = []
    while True:
        try:
            exec(code, module.__dict__)
            break
        except ForbiddenCall as error:
            body = source.body if body is None else body
            done = _statement_index(error, body, source.filename)
            if done is None:
                raise
            source.skipped.append((body[done].lineno, str(error)))
        except ImportError as error:
            body = source.body if body is None else body
            done = _statement_index(error, body, source.filename)
            if done is None or not (_is_import(body[done]) or told_by(error, absent)):
                raise
            source.skipped.append((body[done].lineno, str(error)))
            absent.append(error.with_traceback(None))
            for name in _bound(body[done]) - module.__dict__.keys():
                module.__dict__[name] = Absent(error)
        except NameError as error:
            # What only follows from a skipped statement is skipped with it.
            body = source.body if body is None else body
            done = _statement_index(error, body, source.filename) if error.name in missing else None
            if done is None:
                raise
            source.skipped.append((body[done].lineno, f"it needs {error.name}, which was skipped"))
        missing |= _bound(body[done])
        body = body[done + 1 :]
        code = compile(ast.Module(body, []), source.filename, "exec", flags=future, dont_inherit=True)
    return module


def _is_import(statement: ast.stmt) -> bool:
    """Whether a statement imports names that it tells."""
    return isinstance(statement, (ast.Import, ast.ImportFrom)) and all(alias.name != "*" for alias in statement.names)


def _statement_index(error: BaseException, body: list[ast.stmt], filename: str) -> int | None:
    trace: Any = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == filename and code.co_name == "<module>":
            for index, statement in enumerate(body):
                first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
                if first <= trace.tb_lineno <= (statement.end_lineno or statement.lineno):
                    return index
        trace = trace.tb_next
    return None
