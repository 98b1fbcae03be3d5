"""The console script: what must happen before anything slow is imported, a last word where we break, and a quick way out."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from typing import NoReturn

_USAGE, _OURS, _STOPPED = 2, 3, 130


def run() -> NoReturn:
    """Run the command of `sys.argv` and leave."""
    # One thread per process: grading runs processes side by side, and sums come out the same on every machine.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Other packages' plugins have no say in manifests, and to look for them takes longer than to read them all.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _open_streams()
    try:
        code = _command()
        with contextlib.suppress(BrokenPipeError):  # whoever read our output has gone
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = _STOPPED
    except Exception as error:
        if os.environ.get("GRADER_TRACEBACK"):
            raise
        code = _tell(error)
    _leave(code)


def _open_streams() -> None:
    """Give a command that was started without stdout or stderr one that goes nowhere; files would take their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  # it lives as long as we do


def _command() -> int:
    """Run the command; its exit code."""
    try:
        os.getcwd()
    except OSError as error:
        told = "the folder that you are in is not there any more, or cannot be entered; go to your course's folder again"
        print(f"grader: {told} ({error.strerror})", file=sys.stderr)
        return _USAGE
    # A shell that asks for completions calls without words, too.
    if not sys.argv[1:] and "_GRADER_COMPLETE" not in os.environ and (code := _started()) is not None:
        return code
    from grader.cli.early import launch_for_check

    early = launch_for_check(sys.argv[1:])
    from grader.cli.app import main

    try:
        main(early)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _started() -> int | None:
    """Show where the student stands, without the imports of the commands; None in no course: the command's help follows."""
    from grader.cli.start import show_standing

    try:
        if (code := show_standing()) is not None:
            return code
    except SystemExit:  # rich's answer to a reader that has gone
        return 0
    print(flush=True)
    sys.argv.append("--help")
    return None


def _tell(error: Exception) -> int:
    """One line in the place of a traceback, which tells a student nothing; the exit code."""
    if isinstance(error, BrokenPipeError):
        return 1
    if isinstance(error, OSError) and error.strerror:
        told = ": ".join(str(part) for part in (error.filename, error.strerror) if part)
    else:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        told = _broken(what)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError):
        print(f"grader: {told}", file=sys.stderr)
    return _OURS


def _broken(what: str) -> str:
    try:
        from grader.locales import tr

        return tr(
            "something of ours broke: {what}. Please tell your course; GRADER_TRACEBACK=1 shows where it happened", what=what
        )
    except Exception:  # whatever broke may have broken the catalogues too
        return f"something of ours broke: {what}"


def _leave(code: int) -> NoReturn:
    """Leave without taking torch apart piece by piece, which takes longer than a check."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # whoever read our output has gone
            code = code or 1
    os._exit(code)
