"""Exact versions of what a student installs: the kit's tested pins, cut down to what is needed."""

from __future__ import annotations

import importlib.metadata
import re
from collections import deque
from collections.abc import Iterable, Sequence

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.bundle.engine import CHECKOUT, project

# torch from PyPI brings gigabytes for GPUs along on Linux.
_TORCH_INDEX = "https://download.pytorch.org/whl/cpu"


def requirements_text(name: str, wheel: str, extras: Sequence[str]) -> str:
    """A requirements file that installs the engine from the bundle and everything it needs, each at one version.

    Parameters:
        name: of the file.
        wheel: path of the engine's wheel in the bundle.
        extras: of the kit: torch, jupyter.
    """
    lines = [f"# In this folder: python -m pip install -r {name}"]
    if "torch" in extras:
        lines += ["# The torch for processors; leave the next line out for the one for GPUs."]
        lines += [f"--extra-index-url {_TORCH_INDEX}"]
    return "\n".join([*lines, f"./{wheel}", *pinned(needed(extras))]) + "\n"


def needed(extras: Sequence[str]) -> list[str]:
    """What the kit needs directly, as requirements; extras on their own hold only what they add."""
    told = project()
    if told is not None:
        return [*told["dependencies"], *(line for extra in extras for line in told["optional-dependencies"][extra])]
    found = []
    for line in importlib.metadata.requires("dl-grader") or []:
        requirement = Requirement(line)
        inside = re.search(r"extra == ['\"]([\w-]+)['\"]", line)
        if inside is None or inside[1] in extras:
            condition = re.sub(r"\s*(and )?extra == ['\"][\w-]+['\"]", "", str(requirement.marker or "")).strip()
            requirement.marker = None
            found.append(f"{requirement}; {condition}" if condition else str(requirement))
    return found


def pinned(requirements: Iterable[str]) -> list[str]:
    """Requirements and all that they need in turn, at the versions that the kit is tested with, else at those installed here.

    What is neither tested nor installed keeps its range; what its parent pins itself is left to the parent.
    """
    tested = _tested()
    found: dict[str, tuple[str, set[str]]] = {}
    waiting = deque((line, "", True) for line in requirements)
    seen: set[tuple[str, str]] = set()
    while waiting:
        line, condition, direct = waiting.popleft()
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        marker = requirement.marker
        if marker is not None and "extra" in str(marker):
            continue
        left_out = any(part.operator == "==" for part in requirement.specifier) or (marker and not marker.evaluate())
        if left_out and not direct:
            continue
        condition = " and ".join(part for part in (condition, f"({marker})" if marker else "") if part)
        if (name, condition) in seen or (name, "") in seen:
            continue
        seen.add((name, condition))
        version = tested.get(name) or _installed(name)
        text = f"{name}=={version}" if version else f"{name}{requirement.specifier}"
        found.setdefault(name, (text, set()))[1].add(condition)
        waiting.extend((below, condition, False) for below in _needs(name))
    return sorted(_line(text, conditions) for text, conditions in found.values())


def _line(text: str, conditions: set[str]) -> str:
    return text if "" in conditions else f"{text}; {' or '.join(sorted(conditions))}"


def _tested() -> dict[str, str]:
    path = CHECKOUT / "constraints.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() and project() is not None else []
    pins = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {canonicalize_name(name.strip()): version.strip() for name, version in pins}


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name).partition("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return None


def _needs(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []
