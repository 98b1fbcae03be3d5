"""Watches what a submission's process loads, so that no forbidden call comes back by loading its code once more.

An audit hook sees all code of modules that is executed and all compiled modules that are loaded, whatever importer, path or link
leads there, and it cannot be taken out again. The code under watch runs beside it and may change every module, class and builtin
there is, so the hook looks nothing up: all that it uses stands in its own constants.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

from .hits import ForbiddenCall

# The exit status of a process that was about to load a closed package: nothing of its code may go on without.
CLOSED = 87

# ".so" alone is what ordinary libraries are called too.
_COMPILED = tuple(suffix for suffix in importlib.machinery.EXTENSION_SUFFIXES if suffix.count(".") > 1)
_SYSTEM = ("/usr", "/lib", "/lib64", "/opt", os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix))
_SEALED = "<sealed>"
_MOST_LINKS = 40


class Loads:
    """The hook.

    Parameters:
        final: nothing is protected after `watch`, so that what the hook compares with cannot change any more.
    """

    def __init__(self, final: bool) -> None:
        self.final = final
        self._protected: set[str] = set()
        self.closed: list[str] = []

    def protect(self, file: str) -> None:
        """The file of a function that was taken away is not executed a second time."""
        self._protected.add(_resolved(file))

    def close(self, packages: Iterable[str]) -> None:
        """Who loads anything of these packages ends with the status `CLOSED`, and starts again with them in place."""
        self.closed = [place for package in packages for place in _places(package)]

    def watch(self) -> None:
        """Begin; there is no end."""
        roots = tuple(sorted({_resolved(folder) for folder in sys.path if folder}))
        files = [str(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())]
        compiled = {_resolved(file) for file in files if file.endswith(_COMPILED)}
        hook = _sealed(
            _hook,
            text=_sealed(
                _text, instance=isinstance, str=str, plain=str.__str__, bytes=bytes, decode=bytes.decode, forbidden=ForbiddenCall
            ),
            resolved=_resolved,
            closed=frozenset(self.closed),
            inside_closed=tuple(place + os.sep for place in self.closed),
            leave=os._exit,
            status=CLOSED,
            protected=frozenset(self._protected) if self.final else self._protected,
            compiled=frozenset(compiled) if self.final else compiled,
            # Where closed packages are not waited for, each compiled module counts from its first load on.
            remember=frozenset().__contains__ if self.final else compiled.add,
            roots=roots,
            suffixes=tuple(importlib.machinery.EXTENSION_SUFFIXES),
            libraries=tuple(root + os.sep for root in (*roots, *_SYSTEM)),
            module_suffixes=_COMPILED,
            separator=os.sep,
            forbidden=ForbiddenCall,
        )
        # Not the function itself: an attribute of it could let the submission's trace function in.
        sys.addaudithook(_sealed(_guard, sealed=_SEALED, forbidden=ForbiddenCall).__call__)  # type: ignore[operator]  # as below
        sys.addaudithook(hook.__call__)  # type: ignore[operator]  # of a function it is the slot


# What stands as "$name" in the functions below is replaced by a constant. Each constant is fetched right before its use, because
# between two calls a signal handler may run and see the frame.


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "exec":
        if arguments[0].co_name == "<module>":
            text: Any = "$text"
            name = text(arguments[0].co_filename)
            separator = "$separator"
            if name[:1] == "<" and separator not in name:
                return  # a text that somebody executes, or what is frozen in Python
            resolved: Any = "$resolved"
            file = resolved(name)
            closed, inside, protected = "$closed", "$inside_closed", "$protected"
            if file in closed or file.startswith(inside):
                leave: Any = "$leave"
                leave("$status")
            if file in protected:
                forbidden: Any = "$forbidden"
                raise forbidden(f"{name} cannot be loaded a second time")
    elif event == "import":
        if arguments[1] is None:
            return
        text, resolved = "$text", "$resolved"
        name, module = text(arguments[1]), text(arguments[0])
        file = resolved(name)
        closed, inside = "$closed", "$inside_closed"
        if file in closed or file.startswith(inside):
            leave = "$leave"
            leave("$status")
        # A compiled module: once, and under the name by which it is installed; anything else would be a second copy.
        separator, compiled, known = "$separator", "$compiled", False
        tail = separator + module.replace(".", separator)
        for root in "$roots":
            for suffix in "$suffixes":
                resolved = "$resolved"
                known = known or resolved(root + tail + suffix) == file
        if file in compiled or not known:
            forbidden = "$forbidden"
            raise forbidden(f"{name} cannot be loaded as {module}")
        remember: Any = "$remember"
        remember(file)
    elif event == "ctypes.dlopen":
        if arguments[0] is None:
            return
        text, resolved, separator = "$text", "$resolved", "$separator"
        name = text(arguments[0])
        file = resolved(name)
        closed, inside = "$closed", "$inside_closed"
        if file in closed or file.startswith(inside):
            leave = "$leave"
            leave("$status")
        # A library by its path: not a compiled module, around the import, and not what was written here.
        suffixes, libraries = "$module_suffixes", "$libraries"
        if separator in name and (file.endswith(suffixes) or not file.startswith(libraries)):
            forbidden = "$forbidden"
            raise forbidden(f"{name} cannot be loaded as a library")


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Against what would lead around the hook."""
    if event in ("ctypes.dlsym", "ctypes.dlsym/handle"):
        if arguments[1] in ("dlopen", "dlmopen"):
            forbidden: Any = "$forbidden"
            raise forbidden("libraries are loaded by import or by ctypes.CDLL here")
    elif event == "object.__setattr__":
        sealed = "$sealed"
        if arguments[1] == "__code__" and arguments[0].__code__.co_name == sealed:
            forbidden = "$forbidden"
            raise forbidden("this function cannot be changed")
    elif event == "cpython.PyInterpreterState_New":
        # It would have no hook.
        forbidden = "$forbidden"
        raise forbidden("a second interpreter is not available here")


def _text(name: Any) -> Any:
    """The characters of a path, whatever methods its class gives it."""
    instance: Any = "$instance"
    if instance(name, "$str"):
        plain: Any = "$plain"
        return plain(name)
    if instance(name, "$bytes"):
        decode: Any = "$decode"
        return decode(name, "utf-8", "surrogateescape")
    # An object may give another path each time it is asked.
    forbidden: Any = "$forbidden"
    raise forbidden("a library's path has to be a text here")


def _resolve(name: str) -> str:
    """The path without links, as `os.path.realpath` gives it; of what does not exist, as far as it does."""
    fault, path, links = "$faults", "", 0
    if name[:1] != "/":
        here: Any = "$here"
        try:
            name = here() + "/" + name
        except fault:  # type: ignore[misc]  # replaced
            return name  # the working folder has been removed: nothing can be loaded from there
    rest = name.split("/")
    rest.reverse()
    while rest:
        part = rest.pop()
        if part == "" or part == ".":
            continue
        if part == "..":
            path = path.rpartition("/")[0]
            continue
        link: Any = "$link"
        fault = "$faults"
        try:
            target = link(path + "/" + part)
        except fault:  # type: ignore[misc]  # replaced
            path = path + "/" + part
            continue
        links += 1
        if links > "$most":  # type: ignore[operator]  # replaced
            return path
        if target[:1] == "/":
            path = ""
        found = target.split("/")
        found.reverse()
        rest.extend(found)
    return path or "/"


def _sealed(template: Callable[..., Any], **parts: Any) -> Callable[..., Any]:
    """A function like a template, whose texts "$name" are the parts of these names, and which sees no globals."""

    def filled(constant: Any) -> Any:
        if type(constant) is tuple:  # several names that are fetched in one line
            return tuple(map(filled, constant))
        return parts[constant[1:]] if type(constant) is str and constant[:1] == "$" else constant

    code = template.__code__.replace(co_consts=filled(template.__code__.co_consts), co_name=_SEALED)
    return types.FunctionType(code, {"__builtins__": {}})


_resolved: Callable[[str], str] = (
    _sealed(_resolve, faults=(OSError, ValueError), here=os.getcwd, link=os.readlink, most=_MOST_LINKS)
    if os.name == "posix"
    else os.path.realpath
)


def _places(package: str) -> list[str]:
    """Where a package is installed: its folders, or its file; nothing where it is not."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    places = list(spec.submodule_search_locations or ([spec.origin] if spec.has_location and spec.origin else []))
    return [_resolved(place) for place in places]
