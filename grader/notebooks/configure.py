"""What `nbgrader_config.py` calls: the judge in the place of the kernel, submissions made readable before nbgrader lists them."""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment

from grader.notebooks.prepare import blocked_files, odd_files, prepare_submissions

_HERE = "grader.notebooks"
_NBGRADER = "nbgrader.preprocessors"


def configure(c: Any, kit: str | Path, language: str = "en", allow_unsandboxed: bool = False) -> None:
    """Set up autograding for a course folder.

    Parameters:
        c: the configuration object of `nbgrader_config.py`.
        kit: the folder with `exercises/` and `solutions/`.
        language: of feedback: en, ru or hi.
        allow_unsandboxed: give marks without the sandbox; see the threat model before you do.
    """
    c.JudgeCells.kit = str(Path(kit).resolve())
    c.JudgeCells.language = language
    c.JudgeCells.allow_unsandboxed = allow_unsandboxed
    c.Autograde.exporter_class = f"{_HERE}.exporter.RestoringExporter"
    c.Autograde.autograde_preprocessors = [
        f"{_HERE}.preprocess.JudgeCells",
        f"{_NBGRADER}.LimitOutput",
        f"{_HERE}.preprocess.SaveMarks",
        f"{_NBGRADER}.AssignLatePenalties",
        f"{_NBGRADER}.CheckCellMetadata",
    ]
    c.GenerateAssignment.preprocessors = [
        f"{_HERE}.preprocess.ClearAnswers" if getattr(each, "__name__", each) == "ClearSolutions" else each
        for each in GenerateAssignment.preprocessors.make_dynamic_default()
    ]
    _prepare_before_listing()


def _prepare_before_listing() -> None:
    """Let nbgrader's autograding see every submission.

    nbgrader passes over a folder without a notebook of the assignment's name, takes a half-written result of an interrupted run
    for a finished one, and copies whatever lies in a submission; it offers no setting for what happens before it looks.
    """
    if getattr(Autograde, "_prepared_by_the_kit", False):
        return
    listing, assignment = Autograde.init_notebooks, Autograde.init_assignment

    def init_notebooks(self: Any) -> None:
        prepare_submissions(self.coursedir, self.log)
        listing(self)

    def init_assignment(self: Any, assignment_id: str, student_id: str) -> None:
        with _left_out(self, assignment_id, student_id):
            assignment(self, assignment_id, student_id)

    Autograde.init_notebooks = init_notebooks
    Autograde.init_assignment = init_assignment
    Autograde._prepared_by_the_kit = True


@contextlib.contextmanager
def _left_out(converter: Any, assignment: str, student: str) -> Iterator[None]:
    """Inside the block nbgrader copies no links, which it would follow with the instructor's rights, nor what collides."""
    coursedir = converter.coursedir
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    odd, blocked = odd_files(folder), blocked_files(source, folder)
    for path in odd:
        converter.log.warning("%s: is no ordinary file and is left out", path)
    before = coursedir.ignore, converter.exclude_overwriting
    coursedir.ignore = [*coursedir.ignore, *(glob.escape(path.name) for path in odd)]
    excluded = [*converter.exclude_overwriting.get(assignment, []), *blocked]
    converter.exclude_overwriting = {**converter.exclude_overwriting, assignment: excluded}
    try:
        yield
    finally:
        coursedir.ignore, converter.exclude_overwriting = before
