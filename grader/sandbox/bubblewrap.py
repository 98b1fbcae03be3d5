"""Starts the warm process inside bubblewrap, with nothing of the course in sight.

Imports nothing slow: a check starts this before anything else.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import grader.guest

WORK_FOLDER = "/submission"
WORK_MB = 64
_KIT = "/kit"
_BOOT = f"import sys; sys.path.insert(0, {_KIT!r}); from guest.warm import main; main()"
_SYSTEM = ("/lib", "/lib64", "/lib32", "/bin", "/sbin")
_FILES = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime")


def find() -> str | None:
    """The bubblewrap program, or None."""
    return shutil.which("bwrap")


def _python_folders() -> list[Path]:
    """Where this Python lives: the virtual environment, the base installation and what their links point to."""
    folders = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent]
    found: list[Path] = []
    for folder in folders:
        for path in (folder, folder.resolve()):
            if path not in found and path != Path("/usr") and Path("/usr") not in path.parents:
                found.append(path)
    return found


@dataclass(frozen=True)
class Launched:
    """A warm process on its way: its process, our end of its control socket, and what it says on stderr."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    errors: IO[bytes]

    def end(self) -> None:
        """End it; the kernel takes everything inside its namespace along."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        self.errors.close()


def launch(program: str, libraries: Sequence[str], hidden: Sequence[Path], eager: bool) -> Launched:
    """Start the warm process, without waiting for it.

    Parameters:
        program: path of bubblewrap.
        libraries: what it imports.
        hidden: folders that must not be seen even if they lie inside the Python installation.
        eager: go through a submission before the first fork, which pays where there will be many.
    """
    errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process, closed in `end`
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            _command(program, theirs.fileno(), libraries, hidden, eager),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            env={"PATH": "/usr/bin:/bin"},
        )
    return Launched(process, control, errors)


def _command(program: str, control: int, libraries: Sequence[str], hidden: Sequence[Path], eager: bool) -> list[str]:
    line = [program, "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"]
    # The warm process is process 1 itself: bubblewrap's own would be dumpable and without a filter.
    line += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--clearenv"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": WORK_FOLDER,
        "TMPDIR": WORK_FOLDER,
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for key, value in environment.items():
        line += ["--setenv", key, value]
    line += ["--ro-bind", "/usr", "/usr"]
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            line += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            line += ["--ro-bind", str(path), str(path)]
    for name in _FILES:
        line += ["--ro-bind-try", name, name]
    folders = _python_folders()
    for folder in folders:
        line += ["--ro-bind", str(folder), str(folder)]
    for folder in hidden:
        if any(base in folder.parents for base in [*folders, Path("/usr")]):
            line += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    line += ["--ro-bind", str(Path(grader.guest.__file__).parent), f"{_KIT}/guest"]
    line += ["--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    line += ["--size", str(WORK_MB << 20), "--perms", "0700", "--tmpfs", WORK_FOLDER]
    if not any(Path("/tmp") in folder.parents for folder in folders):
        line += ["--symlink", WORK_FOLDER, "/tmp"]
    line += ["--chdir", WORK_FOLDER, "--remount-ro", "/"]
    return [*line, "--", sys.executable, "-I", "-c", _BOOT, str(control), ",".join(libraries), str(int(eager))]
