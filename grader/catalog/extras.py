"""The command that brings what an optional part of the kit needs, as it works here: the kit is on no package index."""

from __future__ import annotations

import importlib.metadata
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

DISTRIBUTION = "dl-grader"
_CHECKOUT = Path(__file__).resolve().parents[2]
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w.-]+)['\"]")
_OWN = re.compile(rf"{DISTRIBUTION}\[([\w.,-]+)\]")


def install(extra: str = "", python: str = "") -> str:
    """The command; in a clone it installs the clone, elsewhere the packages by their own names.

    Parameters:
        extra: of pyproject.toml; what the kit always needs where it is empty.
        python: how to call the Python that is meant; pip alone where it is empty.
    """
    pip = f"{python} -m pip" if python else "pip"
    if (_CHECKOUT / "pyproject.toml").is_file():
        name = f"{_CHECKOUT}[{extra}]" if extra else str(_CHECKOUT)
        return f"{pip} install -e {_quoted(name)}"
    found = sorted(set(_needed(extra)))
    return f"{pip} install {' '.join(map(_quoted, found))}" if found else f"install the extra `{extra}` of the kit"


def _needed(extra: str) -> Iterator[str]:
    """The requirements of an extra, and of the extras that it is made of."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return
    for line in lines:
        requirement, _, condition = line.partition(";")
        asked = _EXTRA.search(condition)
        if (asked[1] if asked else "") != extra:
            continue
        own = _OWN.match(requirement.strip())
        if own:
            for name in own[1].split(","):
                yield from _needed(name)
        else:
            yield requirement.replace(" ", "")


def _quoted(word: str) -> str:
    return shlex.quote(word) if re.search(r"[^\w@%+=:,./\[\]<>~-]", word) else f'"{word}"'
