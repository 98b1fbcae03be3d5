"""What an instructor sees of a record in the terminal: the score, and for every lost point which promise was broken."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from grader.record import Record

_STYLES = {"passed": "green", "failed": "red", "error": "red", "not_started": "dim", "grader_error": "yellow"}


def summary_line(record: Record, width: int) -> Text:
    """One submission: student, score, outcome."""
    line = Text(f"{record.submission:<{width}}  {record.score:>4g}/{record.max_score:g}  ")
    line.append(record.outcome, style=_STYLES[record.outcome])
    if record.reason:
        line.append(f"   {record.reason}", style="dim")
    return line


def lost_points(record: Record, only: str | None = None) -> Iterator[Text]:
    """The tests that cost points (or the one asked for), the diagnosis, notes and flags."""
    for test in record.tests:
        wanted = test.name == only if only else test.outcome != "passed" and not record.reason
        if wanted:
            style = _STYLES.get(test.outcome, "dim")
            lost = f"-{test.max_points - test.points:g}"
            line = Text("    ").append(f"{test.outcome:<8}", style=style).append(f" {lost:>5}  {test.title}")
            yield line.append(f"   seed {test.seed}", style="dim")
            for text in test.message.splitlines():
                yield Text(f"                    {text}", style="dim")
    for found in record.diagnosis:
        yield Text(f"    looks like {found.id}: {found.hint}", style="yellow")
    for note in record.notes:
        yield Text(f"    note: {note}", style="dim")
    if record.flags:
        yield Text(f"    worth a look: {'; '.join(record.flags)}", style="dim")
