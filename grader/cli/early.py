"""Starts the sandbox of `grader check` beside the imports of the judge, so that both load their libraries at the same time.

This only saves time: it guesses what will be checked from the words of the command line and the text of the manifests, and
what was guessed wrong is thrown away.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalog.place import named_root, nearest_root
from grader.cli.arguments import option_of
from grader.sandbox.bubblewrap import Launched, find, launch

_TORCH = re.compile(r"^library:\s*[\"']?torch", re.MULTILINE)
_WITHOUT = {"--in-process", "--pdb", "--help", "-h"}


@dataclass(frozen=True)
class Early:
    """A sandbox that is on its way: for which course, with which libraries."""

    root: Path
    libraries: list[str]
    launched: Launched


def launch_for_check(arguments: Sequence[str]) -> Early | None:
    """The sandbox that `grader check` or `grader hint` will want; None for other commands and wherever anything is unclear."""
    program = find()
    if not arguments or arguments[0] not in ("check", "hint") or program is None or _WITHOUT & set(arguments):
        return None
    with contextlib.suppress(OSError, ValueError, RuntimeError):  # the command itself will say what is wrong
        course = option_of(arguments, "--course")
        root = named_root(Path(course) if course is not None else None) or nearest_root()
        if root is not None:
            libraries = ["numpy", "torch"] if _needs_torch(root, arguments[1:]) else ["numpy"]
            return Early(root, libraries, launch(program, libraries, [root], eager=False))
    return None


def _needs_torch(root: Path, words: Sequence[str]) -> bool:
    asked = {word.removesuffix(".py").rstrip("/").rpartition("/")[2] for word in words}
    manifests = list((root / "exercises").glob("*/*/exercise.yaml"))
    chosen = [path for path in manifests if asked & {path.parent.name, path.parent.parent.name}] or manifests
    return any(_TORCH.search(path.read_text(encoding="utf-8", errors="replace")) for path in chosen)
