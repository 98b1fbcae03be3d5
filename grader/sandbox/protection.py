"""Which protection this machine gives a submission, found out by trying, and what stands in the way of a better one."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.record.limits import Limits
from grader.sandbox.bubblewrap import find
from grader.sandbox.contract import Unavailable
from grader.sandbox.plain import PlainSandbox
from grader.sandbox.warm import WarmSandbox

Obstacle = Literal["none", "system", "not_installed", "namespaces", "broken"]
# Switches of the kernel that forbid an unprivileged user namespaces of its own, and the value that does.
_SWITCHES = (
    ("/proc/sys/user/max_user_namespaces", "user.max_user_namespaces", "0", "15000"),
    ("/proc/sys/kernel/unprivileged_userns_clone", "kernel.unprivileged_userns_clone", "0", "1"),
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
)


@dataclass(frozen=True)
class Protection:
    """What is in force.

    Attributes:
        name: of the backend, as records call it.
        isolated: whether it is good enough for marks.
        obstacle: why it is no better.
        detail: what the sandbox said when it failed.
        remedy: a command that helps, where one is known.
    """

    name: str
    isolated: bool
    obstacle: Obstacle = "none"
    detail: str = ""
    remedy: str = ""


def protection() -> Protection:
    """Try the sandbox as a check would start it, with NumPy alone."""
    if sys.platform != "linux":
        return Protection(PlainSandbox.name, False, "system")
    if find() is None:
        return Protection(PlainSandbox.name, False, "not_installed", remedy="sudo apt-get install bubblewrap libseccomp2")
    try:
        sandbox = WarmSandbox(["numpy"], eager=False)
        try:
            sandbox.start((), Limits()).close()
        finally:
            sandbox.close()
    except Unavailable as error:
        switch = _forbidding_switch()
        if switch is not None:
            return Protection(PlainSandbox.name, False, "namespaces", str(error), f"sudo sysctl -w {switch}")
        forbidden = any(word in str(error).lower() for word in ("namespace", "permission denied", "not permitted"))
        return Protection(PlainSandbox.name, False, "namespaces" if forbidden else "broken", str(error))
    return Protection(WarmSandbox.name, True)


def _forbidding_switch() -> str | None:
    """The setting to change where the kernel forbids namespaces, in the form of sysctl."""
    for path, key, forbids, allows in _SWITCHES:
        try:
            value = Path(path).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
        if value == forbids:
            return f"{key}={allows}"
    return None
