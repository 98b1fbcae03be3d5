"""Looks at the machine for `grader doctor`; packages are looked up and not imported, for a broken one must not stop this."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.text import Text

import grader
from grader.catalog.course import Course, find_course
from grader.catalog.extras import DISTRIBUTION, install
from grader.catalog.place import named_root, nearest_root
from grader.catalog.problems import CourseError
from grader.locales import tr
from grader.progress.state import FOLDER
from grader.quiz.terminal.screen import wrapped
from grader.sandbox.protection import Protection, protection

State = Literal["ok", "weak", "absent", "missing"]
_SIGNS = {"ok": ("✓", "green"), "weak": ("!", "yellow"), "absent": ("·", "dim"), "missing": ("✗", "red")}
_PYTHON = (3, 11)
_ALWAYS = ("numpy", "pytest", "pydantic", "PyYAML", "rich", "typer", "pylatexenc", "unicodeit")
# Distributions by the extra that brings them.
_EXTRAS = {
    "notebooks": ("jupyterlab", "nbgrader", "anywidget"),
    "plots": ("matplotlib",),
    "class": ("SQLAlchemy", "dask", "distributed"),
    "postgres": ("psycopg",),
    "exchange": ("lxml", "latex2mathml", "markdown-it-py", "markdownify", "mdit-py-plugins"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what it is called.
        state: `missing` is needed here and lacking, `absent` is lacking and not needed, `weak` works, but less well.
        found: its version, or what is in force.
        why: what it is for, or what is wrong.
        remedy: the command that helps; "" where there is none.
    """

    name: str
    state: State
    found: str = ""
    why: str = ""
    remedy: str = ""


def examine(folder: Path | None) -> list[Finding]:
    """Everything that `grader doctor` tells.

    Parameters:
        folder: of the course, as the option names it.
    """
    course, finding = _course(folder)
    findings = [_python(), Finding("grader", "ok", grader.__version__), *finding]
    findings += [_package(name, "", True, course, tr("the kit needs it")) for name in _ALWAYS]
    findings.append(_torch(course))
    findings += list(_extras(course))
    findings.append(_kernel(course))
    findings.append(_protection(protection()))
    return findings


def _python() -> Finding:
    enough = sys.version_info >= _PYTHON
    why = "" if enough else tr("Python {version} or later is needed", version=".".join(map(str, _PYTHON)))
    return Finding("python", "ok" if enough else "missing", platform.python_version(), why)


def _course(folder: Path | None) -> tuple[Course | None, list[Finding]]:
    try:
        course = find_course(folder)
        count = len(course.exercises)
        _ = [exercise.manifest for exercise in course.exercises]
    except CourseError as error:
        nowhere = named_root(folder) is None and nearest_root() is None
        return None, [Finding("course", "absent" if nowhere else "missing", tr("none here") if nowhere else "", str(error))]
    if not count:
        why = tr("{folder}: there are no exercises in it", folder=course.root)
        return course, [Finding("course", "missing", why=why)]
    found = [Finding("course", "ok", str(course.root), tr("exercises in it: {count}", count=count))]
    return course, [*found, *_memory(course.root / FOLDER)]


def _memory(folder: Path) -> list[Finding]:
    """Whether the folder for what is remembered can be used, if there is one."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file():
                    with open(entry.path, "rb"):
                        pass
    except FileNotFoundError:
        return []
    except OSError as error:
        why = tr("{file}: cannot be read: {why}", file=error.filename or folder, why=error.strerror)
        return [Finding(FOLDER, "missing", why=why)]
    return []


def _package(name: str, extra: str, needed: bool, course: Course | None, why: str) -> Finding:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "missing" if needed else "absent", why=why, remedy=_install(extra, course))
    asked = _asked(name)
    if asked and version not in asked:
        told = tr("{range} is asked for", range=asked)
        return Finding(name, "missing" if needed else "weak", version, told, _install(extra, course))
    return Finding(name, "ok", version)


class _Range:
    """The versions of a package that the kit asks for."""

    def __init__(self, text: str) -> None:
        from packaging.specifiers import SpecifierSet

        self.specifiers = SpecifierSet(text)

    def __contains__(self, version: str) -> bool:
        return self.specifiers.contains(version, prereleases=True)

    def __str__(self) -> str:
        return str(self.specifiers)


def _asked(name: str) -> _Range | None:
    """The range for a package; None where the kit itself is not installed, as in a checkout."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    for line in lines:
        requirement = Requirement(line)
        if canonicalize_name(requirement.name) == canonicalize_name(name):
            return _Range(str(requirement.specifier))
    return None


def _torch(course: Course | None) -> Finding:
    users = [exercise.name for exercise in course.exercises if exercise.manifest.library == "torch"] if course else []
    why = tr("exercises that need it: {count}", count=len(users)) if users else tr("for exercises with torch")
    return _package("torch", "torch", bool(users), course, why)


def _extras(course: Course | None) -> Iterator[Finding]:
    uses = {
        "notebooks": tr("for working in notebooks, and for nbgrader"),
        "plots": tr("for plots in pages"),
        "class": tr("for instructors: grading a class"),
        "postgres": tr("for instructors: marks in PostgreSQL"),
        "exchange": tr("for instructors: quizzes from and to other systems"),
    }
    for extra, names in _EXTRAS.items():
        for name in names:
            yield _package(name, extra, False, course, uses[extra])


def _kernel(course: Course | None) -> Finding:
    """Whether a notebook finds this Python."""
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix)):
        if (Path(prefix) / "share" / "jupyter" / "kernels" / "python3" / "kernel.json").is_file():
            return Finding("notebook kernel", "ok", prefix)
    return Finding("notebook kernel", "absent", why=tr("for working in notebooks"), remedy=_install("notebooks", course))


def _protection(found: Protection) -> Finding:
    if found.isolated:
        told = tr("code runs in a sandbox without network and without your files; good enough for marks")
        return Finding("protection", "ok", f"{found.name} + seccomp", told)
    reasons = {
        "system": tr("the sandbox needs Linux; on this system code runs with your own rights, which is fine for your own work"),
        "not_installed": tr(
            "bubblewrap is not installed, so code runs with your own rights; fine for your own work, not for marks"
        ),
        "namespaces": tr(
            "this machine forbids user namespaces, as many containers do, so code runs with your own rights; fine for your own "
            "work, not for marks: {detail}",
            detail=found.detail,
        ),
        "broken": tr("the sandbox does not start, so code runs with your own rights: {detail}", detail=found.detail),
    }
    return Finding("protection", "weak", found.name, reasons.get(found.obstacle, found.detail), found.remedy)


def _install(extra: str, course: Course | None) -> str:
    """The command that brings a package: a bundle's own list where there is one, for it pins what the course was tried with."""
    own = "requirements-notebooks.txt" if extra == "notebooks" else "requirements.txt" if extra in ("", "torch") else ""
    if own and course is not None and (course.root / ".grader" / "bundle.json").is_file() and (course.root / own).is_file():
        return f"{_interpreter()} -m pip install -r {shlex.quote(str(course.root / own))}"
    return install(extra, _interpreter())


def _interpreter() -> str:
    """How to call this Python."""
    for name in ("python", "python3"):
        found = shutil.which(name)
        if found is not None and Path(found).parent == Path(sys.executable).parent:
            return name
    return shlex.quote(sys.executable)


def print_json(findings: list[Finding]) -> None:
    """All of it for a program."""
    data = {"ok": not any(finding.state == "missing" for finding in findings), "findings": [asdict(one) for one in findings]}
    print(json.dumps(data, ensure_ascii=False))


def print_findings(findings: list[Finding]) -> None:
    """All of it for a reader: a line each, with the remedy below; what only instructors need is told briefly."""
    out = Console(highlight=False, soft_wrap=True)
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        sign, style = _SIGNS[finding.state]
        found = finding.found or (tr("missing") if finding.state == "missing" else tr("not installed"))
        line = Text(f"{sign} ", style=style).append(f"{finding.name:<{width}}  ", style="not dim")
        out.print(line.append(found, style="" if finding.found else "dim"))
        indent = " " * (width + 4)
        for part in wrapped(finding.why, min(out.width, 96) - len(indent)) if finding.why else []:
            out.print(Text(indent + part, style="dim"))
        if finding.remedy and finding.state != "ok":
            out.print(Text(indent + finding.remedy, style="cyan"))
    out.print()
    missing = [finding.name for finding in findings if finding.state == "missing"]
    if missing:
        out.print(tr("Missing and needed: {names}", names=", ".join(missing)), markup=False)
    else:
        out.print(tr("Everything that is needed is here."), markup=False)
