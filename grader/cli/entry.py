"""The console script: what must happen before anything slow is imported, and a quick way out."""

from __future__ import annotations

import atexit
import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command of `sys.argv` and leave."""
    # One thread per process: grading runs processes side by side, and sums come out the same on every machine.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Other packages' plugins have no say in manifests, and to look for them takes longer than to read them all.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A shell that asks for completions calls without words, too.
    if not sys.argv[1:] and "_GRADER_COMPLETE" not in os.environ:
        _start()
    from grader.cli.early import launch_for_check

    early = launch_for_check(sys.argv[1:])
    from grader.cli.app import main

    code = 0
    try:
        main(early)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    _leave(code)


def _start() -> None:
    """Where the student stands, without the imports of the commands; in no course the command's help follows."""
    from grader.cli.start import show_standing

    if show_standing():
        _leave(0)
    print(flush=True)
    sys.argv.append("--help")


def _leave(code: int) -> NoReturn:
    """Leave without taking torch apart piece by piece, which takes longer than a check."""
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # whoever read our output has gone
        code = code or 1
    os._exit(code)
