"""Watches what a submission's process loads, so that no forbidden call comes back by loading its code once more.

An audit hook sees all code of modules that is executed and all compiled modules that are loaded, whatever importer, path or link
leads there, and it cannot be taken out again.
"""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Iterable
from typing import Any

from .hits import ForbiddenCall

# The exit status of a process that was about to load a closed package: nothing of its code may go on without.
CLOSED = 87

# ".so" alone is what ordinary libraries are called too.
_COMPILED = tuple(suffix for suffix in importlib.machinery.EXTENSION_SUFFIXES if suffix.count(".") > 1)
_SYSTEM = ("/usr", "/lib", "/lib64", "/opt", os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix))


class Loads:
    """The hook."""

    def __init__(self) -> None:
        self._protected: set[str] = set()
        self.closed: list[str] = []
        self.compiled: set[str] = set()
        self.roots: frozenset[str] = frozenset()

    def protect(self, file: str) -> None:
        """The file of a function that was taken away is not executed a second time."""
        self._protected.add(_remembered(file))

    def close(self, packages: Iterable[str]) -> None:
        """Who loads anything of these packages ends with the status `CLOSED`, and starts again with them in place."""
        self.closed = [place for package in packages for place in _places(package)]

    def watch(self) -> None:
        """Begin; there is no end."""
        self.roots = frozenset(_real(folder) for folder in sys.path if folder)
        files = [str(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())]
        self.compiled = {_real(file) for file in files if file.endswith(_COMPILED)}
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "exec":
            code = arguments[0]
            if getattr(code, "co_name", "") == "<module>":
                self._executed(code.co_filename)
        elif event == "import" and arguments[1]:
            self._loaded(str(arguments[0]), os.fsdecode(arguments[1]))
        elif event == "ctypes.dlopen" and arguments[0]:
            self._opened(os.fsdecode(arguments[0]))

    def _executed(self, name: str) -> None:
        file = _real(name)
        self._end_if_closed(file)
        if file in self._protected:
            raise ForbiddenCall(f"{name} cannot be loaded a second time")

    def _loaded(self, name: str, file: str) -> None:
        """A compiled module: once, and under the name by which it is installed; anything else would be a second copy."""
        real = _real(file)
        self._end_if_closed(real)
        stems = [os.path.join(root, *name.split(".")) for root in self.roots]
        installed = {_real(stem + suffix) for stem in stems for suffix in importlib.machinery.EXTENSION_SUFFIXES}
        if real in self.compiled or real not in installed:
            raise ForbiddenCall(f"{file} cannot be loaded as {name}")
        self.compiled.add(real)

    def _opened(self, file: str) -> None:
        """A library by its path: not a compiled module, around the import, and not what was written here."""
        real = _real(file)
        self._end_if_closed(real)
        installed = any(real.startswith(root + os.sep) for root in (*self.roots, *_SYSTEM))
        if os.sep in file and (real.endswith(_COMPILED) or not installed):
            raise ForbiddenCall(f"{file} cannot be loaded as a library")

    def _end_if_closed(self, file: str) -> None:
        if any(file == place or file.startswith(place + os.sep) for place in self.closed):
            os._exit(CLOSED)


def _real(file: str) -> str:
    try:
        return os.path.realpath(file)
    except OSError:  # a relative name, where the working folder has been removed: nothing can be loaded from there
        return file


_remembered = functools.lru_cache(maxsize=1024)(_real)


def _places(package: str) -> list[str]:
    """Where a package is installed: its folders, or its file; nothing where it is not."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    places = list(spec.submodule_search_locations or ([spec.origin] if spec.has_location and spec.origin else []))
    return [os.path.realpath(place) for place in places]
