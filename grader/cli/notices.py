"""What commands that give marks say on stderr beside the marks."""

from __future__ import annotations

import sys

from grader.grading.seeds import PRACTICE_SECRET
from grader.sandbox.contract import Sandbox


def warn_of_practice(secret: str) -> None:
    """Anybody can work out the inputs, where the course has no secret of its own."""
    if secret == PRACTICE_SECRET:
        print("grader: no --course-secret: inputs are the practice ones, which anybody can work out", file=sys.stderr)


def warn_of_weakness(sandbox: Sandbox) -> None:
    """Submissions run with our own rights, where going without the sandbox was allowed and necessary."""
    if not sandbox.isolated:
        print("grader: graded without the sandbox, as allowed: submissions run with your own rights", file=sys.stderr)
