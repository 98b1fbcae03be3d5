"""Packs the zip that grades on Gradescope: the engine, exercises with their hidden tests, and the two scripts it asks for."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import grader
from grader.authoring.packing import zip_bytes
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError

SETTINGS = "autograder.json"
_PACKAGE = Path(grader.__file__).parent
_CHECKOUT = _PACKAGE.parent
# What proves a grader is not needed to grade, and what is not there cannot be read.
_LEFT_OUT = {"alternatives", "equivalent.yaml", "__pycache__"}

_SETUP = """#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: system packages, Python 3.11 or later, the kit's packages in /opt/grader.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export DEBIAN_FRONTEND=noninteractive UV_PYTHON_INSTALL_DIR=/opt/python
apt-get update -qq
apt-get install -y -qq bubblewrap libseccomp2 python3 python3-venv
case "$(bwrap --help 2>&1)" in
  *--size*) ;;
  *) echo "warning: this bubblewrap is older than 0.7, so there will be no marks; choose a base image of Ubuntu 24.04 or later" ;;
esac
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  python3 -m venv /opt/uv
  /opt/uv/bin/pip install --quiet uv
  /opt/uv/bin/uv python install 3.12
  python="$(/opt/uv/bin/uv python find 3.12)"
fi
"$python" -m venv /opt/grader
pip() { /opt/grader/bin/pip install --quiet --disable-pip-version-check -c "$here/constraints.txt" "$@"; }
# torch from PyPI brings gigabytes for GPUs along.
pip --index-url https://download.pytorch.org/whl/cpu --extra-index-url https://pypi.org/simple torch
pip -r "$here/requirements.txt"
chmod -R go= "$here"
"""

_RUN = """#!/usr/bin/env bash
# Runs for each submission. Whatever stops it, a results.json without a score is there first.
set -u
root="${AUTOGRADER_ROOT:-/autograder}"
mkdir -p "$root/results"
cp "$root/source/unfinished.json" "$root/results/results.json"
export PYTHONPATH="$root/source/kit" PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 PYDANTIC_DISABLE_PLUGINS=__all__
exec "${AUTOGRADER_PYTHON:-/opt/grader/bin/python}" -P -m grader.cli.gradescope "$root"
"""


def bundle(course: Course, exercises: Sequence[Exercise], files: Mapping[str, str]) -> bytes:
    """The zip's bytes; the same for the same course, engine and versions.

    Parameters:
        course: the instructor's checkout.
        exercises: what the assignment consists of.
        files: further texts by name, at the top: the settings, and the results of a run that did not finish.

    Raises:
        CourseError: an exercise's hidden tests are not here.
    """
    for exercise in exercises:
        if not exercise.hidden_tests.is_file():
            raise CourseError(f"{exercise.hidden_tests}: there is no such file; the zip is made where the hidden tests are")
    texts: dict[str, bytes] = {
        "setup.sh": _SETUP.encode(),
        "run_autograder": _RUN.encode(),
        "requirements.txt": "".join(f"{line}\n" for line in requirements()).encode(),
        "constraints.txt": constraints().encode(),
        **{name: text.encode() for name, text in files.items()},
        **{f"kit/{path.relative_to(_CHECKOUT).as_posix()}": path.read_bytes() for path in _engine()},
        **{f"course/{path.relative_to(course.root).as_posix()}": path.read_bytes() for path in _content(course, exercises)},
    }
    return zip_bytes(texts, ("setup.sh", "run_autograder"))


def _engine() -> Iterator[Path]:
    # All of it, because the hash of what decides about a mark is taken over all of it.
    return (path for path in sorted(_PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts)


def _content(course: Course, exercises: Sequence[Exercise]) -> Iterator[Path]:
    for topic in {exercise.topic for exercise in exercises}:
        yield course.root / "exercises" / topic / "topic.yaml"
    for exercise in exercises:
        for folder in (exercise.public, exercise.private):
            for path in sorted(folder.rglob("*")):
                parts = path.relative_to(folder).parts
                if path.is_file() and not _LEFT_OUT & set(parts) and not any(part.startswith(".") for part in parts):
                    yield path


def requirements() -> list[str]:
    """What the kit needs to grade, torch included, as a requirements file says it."""
    project = _CHECKOUT / "pyproject.toml"
    if project.is_file():
        data = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        return [*data["dependencies"], *data["optional-dependencies"]["torch"]]
    found = importlib.metadata.requires("dl-grader") or []
    wanted = [line for line in found if "extra ==" not in line or re.search(r"extra == ['\"]torch['\"]", line)]
    return [re.sub(r"\s*;?\s*(and )?extra == ['\"]torch['\"]", "", line) for line in wanted]


def constraints() -> str:
    """Exact versions: those that the kit is tested with, or where they are not at hand those installed here."""
    tested = _CHECKOUT / "constraints.txt"
    if tested.is_file():
        return tested.read_text(encoding="utf-8")
    lines = []
    for line in requirements():
        name = re.split(r"[^\w.-]", line, maxsplit=1)[0]
        try:
            lines.append(f"{name}=={importlib.metadata.version(name).partition('+')[0]}\n")
        except importlib.metadata.PackageNotFoundError:
            continue
    return "".join(lines)
