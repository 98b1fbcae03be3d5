"""`grader` without a command: where am I, what is next, how far is each topic; read from what is kept, nothing is run."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.catalog.place import closed, named_root, upward_root
from grader.cli.speaking import begin
from grader.locales import spoken, tr
from grader.progress.outline import outline
from grader.progress.standing import next_place, standing
from grader.progress.state import load
from grader.progress.view import condition, next_line, summary, topic_lines


def show_standing() -> int | None:
    """Print where the student stands; the exit code, None where no course is in sight, and then how to begin is told."""
    begin(())
    language = spoken()
    root = named_root(None) or upward_root()
    if root is not None and (error := closed(root)) is not None:
        told = tr("{file}: cannot be read: {why}", file=error.filename or root, why=error.strerror)
        print(f"grader: {told}", file=sys.stderr)
        return 2
    if root is None or not (sections := outline(root, language)):
        if root is not None:
            print(tr("{folder}: there are no exercises in it (GRADER_COURSE names it)", folder=root))
        print(tr("No course here. To begin, go to the folder of your course, the one that holds `exercises`, and type `grader`."))
        print(tr("Then `grader list` names the exercises, `grader check` runs the tests, `grader watch` does so at every save."))
        return None
    from rich.console import Console

    out = Console(highlight=False, soft_wrap=True)
    found = standing(sections, load(root))
    places = [place for _, group in found for place in group]
    out.print(tr("Course {folder}", folder=root), style="bold", markup=False)
    for line, style in topic_lines(found, out.width if out.is_terminal else 10**4, _only_ascii()):
        out.print(line, style=style, markup=False)
    out.print()
    out.print(summary(places), markup=False)
    following = next_place(places)
    if following is not None:
        out.print(f"  {following.step.title}: {condition(following)}", style="dim", markup=False)
    out.print(next_line(places, Path.cwd()), markup=False)
    if following is not None:
        out.print(tr("`grader watch` checks at every save; `grader --help` names all commands"), style="dim", markup=False)
    return 0


def _only_ascii() -> bool:
    """Whether the output cannot show the blocks of a bar."""
    try:
        "█░".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
