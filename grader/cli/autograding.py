"""`grader nbgrader autograde`: the quick way to marks, with progress and a summary."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

from rich.console import Console

from grader.cli.progress import Watch

# Starting a worker costs as much as judging some dozens of submissions.
_WORTH_A_WORKER = 40


def autograde_assignment(folder: Path, assignment: str, student: str, jobs: int | None, force: bool) -> int:
    """Autograde and print; the exit code: 0 all is graded, 3 where something of ours broke."""
    # A syntax of web addresses that jsonschema builds a parser for at import, which takes longer than nbgrader itself.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None stands for what cannot be imported
    from grader.notebooks.autograding import autograde, open_course, waiting

    app = open_course(folder, assignment, student)
    count = jobs or max(1, min(os.cpu_count() or 1, math.ceil(waiting(app) / _WORTH_A_WORKER)))
    out = Console(highlight=False, soft_wrap=True)
    with Watch() as watch:
        try:
            result = autograde(app, count, force, watch)
        except KeyboardInterrupt:
            watch.note("grader: stopped; what was judged and written is kept, the same command goes on from there")
            raise
    ours = [record for record in result.records if record.outcome == "grader_error"]
    out.print(f"{assignment}: {len(result.graded)} graded, {len(result.unchanged)} up to date", markup=False)
    for record in ours:
        out.print(f"  {record.submission}, {record.exercise}: not graded, the mark stays: {record.reason}", markup=False)
    for name in result.failed:
        out.print(f"  {name}: nbgrader could not write this one, see its messages above", markup=False)
    return 3 if ours or result.failed else 0
