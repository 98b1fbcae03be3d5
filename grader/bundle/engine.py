"""The engine as students install it: the running kit as a wheel, packed without network and without a build.

The kit need not be on a package index, and whoever releases has exactly this engine: so it travels in the bundle. What is in
the wheel is what `pip wheel` puts there; a test compares the two.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grader
from grader.authoring.packing import zip_bytes
from grader.catalog.problems import CourseError

NAME = f"dl_grader-{grader.__version__}-py3-none-any.whl"
_PACKAGE = Path(grader.__file__).parent
CHECKOUT = _PACKAGE.parent
# Of a folder that people work in, only what a package is made of.
_ENDINGS = {".py", ".typed", ".css", ".html", ".js", ".po", ".mo"}
_WHEEL = "Wheel-Version: 1.0\nGenerator: dl-grader\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel() -> bytes:
    """The wheel's bytes; the same for the same engine.

    Raises:
        CourseError: the kit is neither a checkout nor installed, so nobody knows what it needs.
    """
    info = f"dl_grader-{grader.__version__}.dist-info"
    files = {path.relative_to(CHECKOUT).as_posix(): path.read_bytes() for path in _engine()}
    files[f"{info}/METADATA"] = _metadata().encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    files[f"{info}/entry_points.txt"] = b"[console_scripts]\ngrader = grader.cli.entry:run\n"
    if (CHECKOUT / "LICENSE").is_file():
        files[f"{info}/licenses/LICENSE"] = (CHECKOUT / "LICENSE").read_bytes()
    record = [f"{name},sha256={_hash(data)},{len(data)}\n" for name, data in sorted(files.items())]
    files[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"]).encode()
    return zip_bytes(files)


def project() -> dict[str, Any] | None:
    """What pyproject.toml says of the kit; None where the kit is installed and no checkout."""
    path = CHECKOUT / "pyproject.toml"
    if not path.is_file():
        return None
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return data if data["name"] == "dl-grader" else None


def _engine() -> Iterator[Path]:
    for path in sorted(_PACKAGE.rglob("*")):
        parts = path.relative_to(_PACKAGE).parts
        if path.suffix in _ENDINGS and path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
            yield path


def _metadata() -> str:
    told = project()
    if told is None:
        try:
            found = importlib.metadata.distribution("dl-grader").read_text("METADATA")
        except importlib.metadata.PackageNotFoundError:
            found = None
        if found is None:
            raise CourseError(f"{_PACKAGE}: the kit is neither a checkout nor installed; install it with pip, and release again")
        return found
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {told['name']}",
        f"Version: {grader.__version__}",
        f"Summary: {told['description']}",
        f"License-Expression: {told['license']}",
        f"Requires-Python: {told['requires-python']}",
        *(f"Requires-Dist: {line}" for line in told["dependencies"]),
    ]
    for extra, needed in told["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        for line in needed:
            what, _, marker = line.partition(";")
            condition = f"({marker.strip()}) and " if marker else ""
            lines.append(f'Requires-Dist: {what.strip()}; {condition}extra == "{extra}"')
    return "\n".join(lines) + "\n"


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
