"""What runs a command of nbgrader or of ours in a process whose libraries are loaded already; see `Running` of conftest.py."""

import atexit
import os
import sys
from collections.abc import Mapping, Sequence


def command(program: str, arguments: Sequence[str], folder: str, environment: Mapping[str, str], output: str) -> None:
    """Run a command to its end, as if it had been started in a folder with an environment; what it says goes to a file."""
    os.setsid()
    said = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [program, *arguments]
    try:
        if program == "grader":
            from grader.cli.entry import run

            run()
        from nbgrader.apps.nbgraderapp import main

        main()
    finally:
        # Processes of multiprocessing leave by another door.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
