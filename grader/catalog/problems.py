"""Errors in what an author or instructor wrote, told with file, key and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from grader.locales import tr


class CourseError(Exception):
    """Something in the course folder, or in how the command was called, must be mended first."""


def close_to(word: str, known: Iterable[str]) -> str | None:
    """The known word that was perhaps meant."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)), None)


def nearest(word: str, known: Iterable[str]) -> str:
    """A suggestion in the form ", did you mean 'x'?", or nothing."""
    found = close_to(word, known)
    return f", did you mean {found!r}?" if found else ""


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; `CourseError` names file and line where it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise CourseError(tr("{file}: there is no such file", file=path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(tr("{file}: cannot be read: {reason}", file=path, reason=error)) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CourseError(tr("{file}: not valid YAML: {reason}", file=f"{path}:{line}", reason=error.problem)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CourseError(tr("{file}: not valid YAML: {reason}", file=path, reason=error)) from None


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the C loader exists only where libyaml does, so its type is not known
    """A safe loader that refuses a key given twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str) and key in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key!r} is given twice", problem_mark=key_node.start_mark)
            if isinstance(key, str):
                seen.add(key)
        result: dict[Any, Any] = super().construct_mapping(node, deep)
        return result


def explain(path: str, error: ValidationError, known: Mapping[str, Iterable[str]]) -> CourseError:
    """A validation error as one line per problem: file, key, what is wrong, what was perhaps meant.

    Parameters:
        path: the file, and the item in it.
        error: pydantic's account.
        known: allowed keys by the name of the key that holds them ("" for the top).
    """
    lines = []
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"])
        text = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            key = str(problem["loc"][-1])
            holder = next((str(part) for part in reversed(problem["loc"][:-1]) if isinstance(part, str)), "")
            text = "unknown key" + nearest(key, known.get(holder, known.get("", ())))
        elif problem["type"] == "missing":
            text = "this key is missing"
        lines.append(f"{path}: {place}: {text}")
    return CourseError("\n".join(lines))
