"""What an instructor sees of a record in the terminal: the score, and for every lost point which promise was broken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.text import Text

from grader.record import Record, TestResult

_STYLES = {"passed": "green", "failed": "red", "error": "red", "not_started": "dim", "grader_error": "yellow"}


def summary_line(record: Record, width: int) -> Text:
    """One submission: student, score, outcome."""
    line = Text(f"{record.submission:<{width}}  {record.score:>4g}/{record.max_score:g}  ")
    line.append(record.outcome, style=_STYLES[record.outcome])
    if record.reason:
        line.append(f"   {record.reason}", style="dim")
    return line


def lost_points(record: Record, only: str | None = None) -> Iterator[Text]:
    """What cost points (or the one test asked for), the diagnosis, notes and flags; tests of one cause share a line."""
    wanted = [t for t in record.tests if (t.name == only if only else t.outcome != "passed" and not record.reason)]
    for (outcome, message), same in _by_cause(wanted).items():
        lost = sum(test.max_points - test.points for test in same)
        titles = same[0].title if len(same) == 1 else f"{same[0].title}, and {len(same) - 1} more"
        line = Text("    ").append(f"{outcome:<8}", style=_STYLES.get(outcome, "dim")).append(f" -{lost:<4g} {titles}")
        yield line.append(f"   {same[0].name}, seed {same[0].seed}" if only else "", style="dim")
        for text in message.splitlines():
            yield Text(f"                   {text}", style="dim")
    for found in record.diagnosis:
        yield Text(f"    looks like {found.id}: {found.hint}", style="yellow")
    for note in record.notes:
        yield Text(f"    note: {note}", style="dim")
    if record.flags:
        yield Text(f"    worth a look: {'; '.join(record.flags)}", style="dim")


def _by_cause(tests: list[TestResult]) -> dict[tuple[str, str], list[TestResult]]:
    """Tests by outcome and message, numbers left out, in order of their first."""
    groups: dict[tuple[str, str], list[TestResult]] = {}
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for test in tests:
        cause = (test.outcome, re.sub(r"[-+]?\d[\d.e+-]*", "#", test.message))
        groups.setdefault(seen.setdefault(cause, (test.outcome, test.message)), []).append(test)
    return groups
