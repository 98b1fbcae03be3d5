"""Makes a student's own modules importable where work is graded: those of `%%writefile`, and files beside the notebook."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

_MOST_TEXT = 500_000  # characters of all modules that one source brings along
# What the judge and the sandbox themselves work with keeps its name, as in a kernel that has loaded it before.
_TAKEN = frozenset({*sys.stdlib_module_names, "grader", "numpy", "scipy", "torch"})
# A module runs when it is imported, and before those that are installed, as in the folder of a kernel. What an earlier
# submission in the same process has brought along goes.
_MAKER = """def _own_modules(texts, packages):
    import sys
    from importlib.machinery import ModuleSpec, PathFinder
    class Own:
        beside = True
        @staticmethod
        def find_spec(name, path=None, target=None):
            return ModuleSpec(name, Own, is_package=name in packages) if name in texts else None
        @staticmethod
        def create_module(spec):
            return None
        @staticmethod
        def exec_module(module):
            name = module.__name__
            exec(compile(texts[name], name.rpartition(".")[2] + ".py", "exec"), module.__dict__)
    for name in texts:
        if getattr(getattr(sys.modules.get(name), "__loader__", None), "beside", False):
            del sys.modules[name]
    finders = sys.meta_path
    finders[:] = [each for each in finders if not getattr(each, "beside", False)]
    finders.insert(finders.index(PathFinder) if PathFinder in finders else len(finders), Own)"""


def preamble(nodes: Iterable[ast.AST], files: Mapping[str, str]) -> str:
    """Code that makes the modules which statements import importable, and those that these import; empty where there are none.

    Parameters:
        nodes: the statements.
        files: texts by path, `helper.py` or `lib/helper.py`; of two that one name may mean, the first counts.
    """
    texts, packages = _by_name(files) if files else ({}, frozenset())
    wanted: dict[str, str] = {}
    waiting = [_mentioned(nodes)] if texts else []
    left = _MOST_TEXT
    while waiting:
        parts = waiting.pop()
        for name in sorted(texts.keys() - wanted.keys()):
            if name.rpartition(".")[2] in parts and left >= len(texts[name]):
                wanted[name] = texts[name]
                left -= len(texts[name])
                waiting.append(_mentioned(_tree(texts[name])))
    for name in list(wanted):
        while name := name.rpartition(".")[0]:
            wanted.setdefault(name, texts[name])
    inner = sorted(packages & wanted.keys())
    return f"{_MAKER}\n_own_modules({wanted!r}, {inner!r})" if wanted else ""


def _by_name(files: Mapping[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    """Texts by every dotted name that may lead to a file, whichever folder is on the path; and which of these are packages."""
    texts: dict[str, str] = {}
    packages: set[str] = set()
    for path, text in files.items():
        parts = PurePosixPath(path).with_suffix("").parts
        package = parts[-1:] == ("__init__",)
        parts = parts[:-1] if package else parts
        for first in range(len(parts)):
            name = ".".join(parts[first:])
            if all(part.isidentifier() for part in parts[first:]) and parts[first] not in _TAKEN and name not in texts:
                texts[name] = text
                packages.update({name} if package else ())
    for name in list(texts):
        while name := name.rpartition(".")[0]:
            texts.setdefault(name, "")
            packages.add(name)
    return texts, frozenset(packages)


def _mentioned(nodes: Iterable[ast.AST]) -> set[str]:
    """The parts of all names that stand in imports."""
    found: set[str] = set()
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, (ast.Import, ast.ImportFrom)):
                found.update(piece for alias in part.names for piece in alias.name.split("."))
                found.update((getattr(part, "module", "") or "").split("."))
    return found


def _tree(text: str) -> list[ast.AST]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [ast.parse(text)]
    except Exception:  # the parser's own limits end in errors of many kinds; running it tells the student
        return []
