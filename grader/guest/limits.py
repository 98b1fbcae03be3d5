"""Limits that a submission's process puts on itself before it loads the submission: rlimits and a seccomp filter."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import struct
import sys
import tempfile
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
PR_SET_CHILD_SUBREAPER = 36
PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_CLONE_THREAD = 0x00010000
_FCNTL_SIGNALS = (8, 10, 15, 1026)  # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_NOTIFY
# A lease makes everybody else who opens the file wait for up to 45 s, also outside of the sandbox.
_FCNTL_LEASES = (1024, 1040)  # F_SETLEASE, F_SETDELEG
_IOCTL_SIGNALS = (0x8901, 0x8902, 0x5412)  # FIOSETOWN, SIOCSPGRP, TIOCSTI
# The kernel reads commands as 32 bits, and a filter compares 64.
_COMMAND = 0xFFFFFFFF

_NO_PROCESSES = ("fork", "vfork", "execve", "execveat")
_REFUSED = (
    # other processes and their memory
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
    "kcmp", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "tkill",
    # the network and channels that outlive the process
    "socket", "connect", "bind", "listen", "accept", "accept4", "shmget", "shmat", "msgget", "semget", "mq_open",
    "keyctl", "add_key", "request_key", "memfd_secret",
    # the kernel's wider surface
    "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "fsopen", "open_tree", "move_mount", "bpf",
    "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "open_by_handle_at",
    "name_to_handle_at", "init_module", "finit_module", "delete_module", "kexec_load", "reboot", "swapon", "swapoff",
    "acct", "quotactl", "personality", "fanotify_init", "lookup_dcookie", "iopl", "ioperm", "modify_ldt", "syslog",
    "setpriority", "ioprio_set",
    "settimeofday", "clock_settime", "adjtimex", "sethostname", "setdomainname", "vhangup", "setuid", "setgid", "setreuid",
    "setregid", "setresuid", "setresgid", "setgroups",
)  # fmt: skip


def prctl(option: int, value: int, pointer: int = 0) -> None:
    """The system call of that name; an `OSError` where the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(pointer), ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def set_rlimits(limits: dict[str, Any]) -> None:
    """Put the manifest's limits on this process, as far as the platform has them.

    Parameters:
        limits: cpu_seconds, memory_mb (beyond what the process has now), file_mb, open_files, processes.
    """
    try:
        import resource
    except ImportError:  # Windows has no rlimits
        return
    cpu = int(limits["cpu_seconds"])
    wanted = [
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, int(limits["file_mb"]) << 20, int(limits["file_mb"]) << 20),
        (resource.RLIMIT_NOFILE, int(limits["open_files"]), int(limits["open_files"])),
        (resource.RLIMIT_CORE, 0, 0),
    ]
    if limits["processes"] and hasattr(resource, "RLIMIT_NPROC"):
        wanted.append((resource.RLIMIT_NPROC, int(limits["processes"]) + 1, int(limits["processes"]) + 1))
    size = _address_space()
    if size is not None:
        room = size + (int(limits["memory_mb"]) << 20)
        wanted.append((resource.RLIMIT_AS, room, room))
    for which, soft, hard in wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS knows fewer limits and refuses some values
            resource.setrlimit(which, (soft, hard))


def _address_space() -> int | None:
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


class SystemCallFilter:
    """The seccomp programs, compiled once in the warm process and loaded in each fork.

    Refused calls fail with EPERM, so that Python code sees an ordinary `PermissionError`. Compiling costs milliseconds and wants
    a temporary folder; loading the finished program costs neither. The only part that differs between forks is the process's
    own number, which stands in the program as a placeholder.
    """

    _OWN_PID = 0x5EC0FFEE

    def __init__(self) -> None:
        self._programs = {threads_only: self._compile(threads_only) for threads_only in (True, False)}

    def _compile(self, threads_only: bool) -> bytes:
        import pyseccomp as seccomp

        refuse = seccomp.ERRNO(errno.EPERM)
        rules = seccomp.SyscallFilter(seccomp.ALLOW)
        for name in (*_REFUSED, *_NO_PROCESSES) if threads_only else _REFUSED:
            with contextlib.suppress(ValueError, OSError, RuntimeError):  # a name that this libseccomp does not know
                rules.add_rule(refuse, name)
        # Signals only to itself: an honest abort stays an abort, neighbours and the warm process are out of reach.
        rules.add_rule(refuse, "kill", seccomp.Arg(0, seccomp.NE, self._OWN_PID))
        rules.add_rule(refuse, "tgkill", seccomp.Arg(0, seccomp.NE, self._OWN_PID))
        # Limits and scheduling only of itself, and no descriptor that signals somebody else or keeps a file from them.
        for name in ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"):
            rules.add_rule(refuse, name, seccomp.Arg(0, seccomp.NE, 0))
        for command in (*_FCNTL_SIGNALS, *_FCNTL_LEASES):
            rules.add_rule(refuse, "fcntl", seccomp.Arg(1, seccomp.MASKED_EQ, _COMMAND, command))
        for command in _IOCTL_SIGNALS:
            rules.add_rule(refuse, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, _COMMAND, command))
        if threads_only:
            # glibc falls back from clone3, whose flags a filter cannot see, to clone, whose flags it can.
            rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
            rules.add_rule(refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_THREAD, 0))
        with tempfile.TemporaryFile() as file:
            rules.export_bpf(file)
            file.seek(0)
            program = file.read()
        if self._placeholder() not in program:
            raise OSError(errno.ENOSYS, "libseccomp compiled the filter in an unknown way")
        return program

    def _placeholder(self) -> bytes:
        return struct.pack("=I", self._OWN_PID)

    def load(self, processes: int) -> None:
        """Put the filter on this process.

        Parameters:
            processes: how many processes it may start; with 0 it may start threads only.
        """
        program = self._programs[processes == 0].replace(self._placeholder(), struct.pack("=I", os.getpid()))
        buffer = ctypes.create_string_buffer(program, len(program))
        header = _Program(len(program) // 8, ctypes.addressof(buffer))
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        prctl(PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def is_linux() -> bool:
    """Whether seccomp, prctl and /proc are to be expected."""
    return sys.platform.startswith("linux")
