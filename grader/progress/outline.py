"""The outline of a course: topics and exercises by order, read without checking them, for commands that must answer at once.

What is wrong in a course file is told by the commands that work with it; here a title may be missing and nothing stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_LAST = 10**6


@dataclass(frozen=True)
class Step:
    """An exercise: what it is called, where its file lies, what should be done before it."""

    name: str
    topic: str
    title: str
    file: Path
    requires: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A topic and its exercises."""

    name: str
    title: str
    steps: tuple[Step, ...]


def outline(root: Path, language: str) -> list[Section]:
    """The topics of a course in their order; exercises in the order of their names, as everywhere."""
    folders: dict[Path, list[Path]] = {}
    for manifest in sorted((root / "exercises").glob("*/*/exercise.yaml")):
        folders.setdefault(manifest.parent.parent, []).append(manifest)
    sections = []
    for folder, manifests in folders.items():
        topic = _mapping(folder / "topic.yaml")
        steps = tuple(_step(manifest, language) for manifest in manifests)
        order = topic.get("order")
        section = Section(folder.name, _title(topic, language, folder.name), steps)
        sections.append((order if isinstance(order, (int, float)) else _LAST, folder.name, section))
    return [section for *_, section in sorted(sections, key=lambda item: item[:2])]


def _step(manifest: Path, language: str) -> Step:
    data = _mapping(manifest)
    folder = manifest.parent
    requires = data.get("requires")
    names = tuple(map(str, requires)) if isinstance(requires, (list, tuple)) else ()
    title = _title(data, language, folder.name.replace("_", " "))
    return Step(folder.name, folder.parent.name, title, folder / f"{folder.name}.py", names)


def _title(data: Mapping[str, Any], language: str, fallback: str) -> str:
    titles = data.get("title")
    if not isinstance(titles, dict):
        return fallback
    return str(titles.get(language) or titles.get("en") or fallback)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
