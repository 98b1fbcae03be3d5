"""Which notebook a kernel belongs to: its topic and its language, as far as the kernel can know."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from grader.locales import choose, known

_MOST_BYTES = 50 << 20


def notebook_here(held: Mapping[str, Any]) -> Path | None:
    """The notebook that a kernel runs, if it can be told.

    Jupyter's server and VS Code name it; elsewhere it is the one that is called like its folder, or the only one there.
    """
    here = Path.cwd()
    for named in (held.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        if named and (here / Path(str(named)).name).is_file():
            return here / Path(str(named)).name
    own = here / f"{here.name}.ipynb"
    if own.is_file():
        return own
    found = sorted(here.glob("*.ipynb"))
    return found[0] if len(found) == 1 else None


def topic_here(topics: Collection[str], held: Mapping[str, Any]) -> str | None:
    """The topic whose assignment a kernel runs: the notebook's name, its folder's, or the only one there is."""
    notebook = notebook_here(held)
    for name in (notebook.stem if notebook else "", Path.cwd().name):
        if name in topics:
            return name
    return next(iter(topics)) if len(topics) == 1 else None


def language_here(asked: str | None, held: Mapping[str, Any]) -> str:
    """The language asked for, else of `GRADER_LANG`, else of the notebook (`metadata.grader.language`), else the system's.

    What the kit says of its own is told in it from now on.
    """
    return choose(known(asked) or known(os.environ.get("GRADER_LANG")) or _of_notebook(held))


def _of_notebook(held: Mapping[str, Any]) -> str | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        notebook = notebook_here(held)
        if notebook is not None and notebook.stat().st_size <= _MOST_BYTES:
            return known(json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["grader"]["language"])
    return None
