"""What commands say on stderr beside what they do."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from grader.grading.seeds import PRACTICE_SECRET
from grader.locales import tr
from grader.sandbox.contract import Sandbox


def tell_broken(problems: Sequence[str]) -> None:
    """What could not be read while the rest of a student's command went on, and what to do about it."""
    for problem in problems:
        print(f"grader: {problem}", file=sys.stderr)
    remedy = tr("The other exercises are not touched by it. Mend these files, or take them from the course's bundle again.")
    print(f"grader: {remedy}", file=sys.stderr)


def warn_of_practice(secret: str) -> None:
    """Anybody can work out the inputs, where the course has no secret of its own."""
    if secret == PRACTICE_SECRET:
        print("grader: no --course-secret: inputs are the practice ones, which anybody can work out", file=sys.stderr)


def warn_of_weakness(sandbox: Sandbox) -> None:
    """Submissions run with our own rights, where going without the sandbox was allowed and necessary."""
    if not sandbox.isolated:
        print("grader: graded without the sandbox, as allowed: submissions run with your own rights", file=sys.stderr)
