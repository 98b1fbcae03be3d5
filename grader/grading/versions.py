"""What a verdict was computed with: versions, and a hash of everything that decides."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import platform
from pathlib import Path

import grader
from grader.catalog.course import Exercise
from grader.record import Versions


@functools.lru_cache(maxsize=1)
def _engine_hash() -> str:
    digest = hashlib.sha256()
    folder = Path(grader.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@functools.lru_cache(maxsize=4096)
def grader_hash(exercise: Exercise, hidden: bool) -> str:
    """Hash of the engine, the manifest, the tests and the probe that decide about an exercise."""
    digest = hashlib.sha256(_engine_hash().encode())
    tests = exercise.hidden_tests if hidden else exercise.public_tests
    for path in (exercise.public / "exercise.yaml", tests, tests.parent / "probe.py"):
        digest.update(path.name.encode() + b"\0" + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()[:16]


@functools.lru_cache(maxsize=4096)
def versions(decisive: str) -> Versions:
    """The versions of this environment with a hash of what decides."""
    return Versions(grader.__version__, platform.python_version(), _version("numpy") or "", _version("torch"), decisive)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
