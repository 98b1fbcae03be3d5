"""Chooses the backend: the sandbox for marks, the plain subprocess where it cannot be had, in-process for a quick look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.catalog.course import Exercise
from grader.record.limits import Limits
from grader.sandbox.bubblewrap import Launched, find
from grader.sandbox.contract import Sandbox, Unavailable
from grader.sandbox.fallback import FallbackSandbox
from grader.sandbox.inprocess import InProcessSandbox
from grader.sandbox.plain import PlainSandbox
from grader.sandbox.warm import WarmSandbox

_MOST_BRANCHES = 32  # of 8 MB each, with torch


def libraries_for(exercises: Iterable[Exercise], marks: bool) -> list[str]:
    """What a process imports before it loads a submission.

    For marks torch is always there, so that every forbidden call can be taken away; a check of NumPy exercises does without.
    """
    chosen = list(exercises)
    torch = marks or any(exercise.manifest.library == "torch" for exercise in chosen)
    slow = sorted({name for exercise in chosen for name in exercise.manifest.preload}) if marks else []
    return ["numpy", "torch", *slow] if torch else ["numpy"]


def marking_sandbox(exercises: Sequence[Exercise], root: Path, allow_unsandboxed: bool) -> Sandbox:
    """The backend for marks.

    Raises:
        Unavailable: the sandbox cannot be had, or is refused by the machine, and the weaker backend was not allowed.
    """
    libraries = libraries_for(exercises, marks=True)
    reason = "install bubblewrap (Debian and Ubuntu: apt-get install bubblewrap)"
    if find() is not None:
        sandbox = WarmSandbox(libraries, [root])
        try:
            # Many containers have bubblewrap and do not let it make namespaces, which only shows when it is tried.
            sandbox.start((), Limits()).close()
        except Unavailable as error:
            sandbox.close()
            reason = f"bubblewrap does not work here: {error}; let the container make namespaces"
        else:
            return sandbox
    if allow_unsandboxed:
        return PlainSandbox(libraries)
    raise Unavailable(
        f"marks need the sandbox: {reason}, or accept weaker protection with --allow-unsandboxed; `grader doctor` tells more"
    )


def checking_sandbox(
    exercises: Sequence[Exercise], root: Path, in_process: bool, early: tuple[list[str], Launched] | None = None
) -> Sandbox:
    """The backend for a student's check: the best there is.

    Parameters:
        exercises: that will be checked.
        root: of the course.
        in_process: for a debugger.
        early: the libraries of a warm process that is on its way, and that process; ended here if it does not fit.
    """
    if in_process:
        return InProcessSandbox(show=True)
    libraries = libraries_for(exercises, marks=False)
    if early is not None and early[0] != libraries:
        early[1].end()
        early = None
    if find() is not None:
        warm = WarmSandbox(libraries, [root], eager=False, launched=early[1] if early else None, most=_MOST_BRANCHES)
        return FallbackSandbox(warm, PlainSandbox(libraries, eager=False))
    return PlainSandbox(libraries, eager=False)
