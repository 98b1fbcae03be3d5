"""What stands in the place of the student's kernel when nbgrader autogrades: the judge fills the graded cells, marks are safe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Unicode

from grader.catalog.problems import CourseError
from grader.notebooks.judging import HandedIn, judge_submission, not_judged
from grader.notebooks.kitcell import as_node
from grader.notebooks.prepare import AGAIN, KEY, released_notebook
from grader.notebooks.quizcells import answers_text, bank_of_answers
from grader.notebooks.quizmarking import Quizzes
from grader.notebooks.settings import Settings
from grader.record import Record
from grader.report.feedback import feedback_html, feedback_text
from grader.sandbox.contract import Unavailable


class JudgeCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships without types
    """Writes into each graded cell the feedback on its exercise and, as the cell's result, one number."""

    kit = Unicode("", help="The folder of the kit, with exercises/ and solutions/.").tag(config=True)
    language = Unicode("en", help="Language of feedback: en, ru or hi.").tag(config=True)
    allow_unsandboxed = Bool(False, help="Give marks without the sandbox.").tag(config=True)
    quiz_explanations = Bool(True, help="Explain the answers to quizzes in feedback.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Grade the submission that the notebook belongs to and write the outputs of its graded cells."""
        cells = [cell for cell in nb.cells if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)]
        points = {str(cell.metadata.nbgrader.grade_id): float(cell.metadata.nbgrader.points) for cell in cells}
        handed_in, entries = self._judged(resources["nbgrader"], points)
        unsure = resources.setdefault(KEY, {}).setdefault("unsure", set())
        for cell, name in zip(cells, points, strict=True):
            record = handed_in.records.get(name)
            if record is None:
                cell.outputs = [_output("display_data", {"text/plain": "left for manual grading"})]
                unsure.add(name)
                self.log.warning("Cell %r is no exercise of the kit: it is left for manual grading", name)
            else:
                self._write(cell, record, handed_in, name, entries.get(name, name))
                if record.outcome == "grader_error":
                    unsure.add(name)
                    self.log.error("%s, %s: %s; the mark stays as it was", handed_in.student, name, record.reason)
        return nb, resources

    def _judged(self, names: dict[str, str], points: Mapping[str, float]) -> tuple[HandedIn, dict[str, str]]:
        """The submission with its records, and the entries of exercises; what is missing on our side is a failure of ours."""
        coursedir = self.parent.parent.coursedir
        settings = Settings(Path(coursedir.root), Path(self.kit), self.language, self.allow_unsandboxed)
        folder = Path(coursedir.format_path(coursedir.submitted_directory, names["student"], names["assignment"]))
        released = released_notebook(coursedir, names["assignment"], names["notebook"])
        entries: dict[str, str] = {}
        try:
            entries = {exercise.name: exercise.manifest.entry for exercise in settings.course.exercises}
            exercises = [name for name in points if name in entries]
            found = judge_submission(settings, folder, names["assignment"], names["student"], exercises, released)
        except (CourseError, Unavailable) as error:
            found = not_judged(names["student"], points, str(error))
        found.add_quizzes(Quizzes(settings, points, self.quiz_explanations), folder, names["assignment"])
        return found, entries

    def _write(self, cell: NotebookNode, record: Record, handed_in: HandedIn, name: str, entry: str) -> None:
        notes = handed_in.sentences(entry, self.language)
        data = {
            "text/html": feedback_html(record, self.language, notes),
            "text/plain": feedback_text(record, self.language, notes),
        }
        points = float(cell.metadata.nbgrader.points)
        cell.outputs = [_output("display_data", data)]
        cell.execution_count = 1
        # What tells the next run that this is up to date; a failure of ours never is.
        cell.metadata[KEY] = {"state": AGAIN, "points": points}
        if record.outcome != "grader_error":
            cell.outputs.append(_output("execute_result", {"text/plain": repr(marks(record, points))}, execution_count=1))
            cell.metadata[KEY]["state"] = handed_in.state(name, notes)


def _output(kind: str, data: dict[str, str], **fields: Any) -> NotebookNode:
    return as_node({"output_type": kind, "data": data, "metadata": {}, **fields})


def shown_states(notebook: dict[str, Any], points: Mapping[str, float]) -> dict[str, str]:
    """What an autograded notebook shows, by exercise; nothing of those whose points are others by now."""
    found = {}
    for cell in notebook["cells"]:
        own = cell["metadata"].get("nbgrader", {})
        shown = cell["metadata"].get(KEY)
        if own.get("grade") and shown and cell.get("outputs") and shown["points"] == points.get(own["grade_id"]):
            found[str(own["grade_id"])] = str(shown["state"])
    return found


def marks(record: Record, points: float) -> float:
    """The marks of a record where its cell is worth so many points: a builtin float in [0, points]."""
    share = record.score / record.max_score if record.max_score else 0.0
    return min(max(round(share * points, 6), 0.0), points)


class ClearAnswers(ClearSolutions):  # type: ignore[misc]  # nbgrader ships without types
    """Clears solutions, and gives cells for answers to quizzes the text that students are to find, whatever was tried in them."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """See nbgrader."""
        self._language = str((nb.metadata.get("grader") or {}).get("language") or "en")
        result: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return result

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """See nbgrader."""
        bank = bank_of_answers(str((cell.metadata.get("nbgrader") or {}).get("grade_id") or ""))
        if bank is not None and utils.is_solution(cell):
            cell.source = answers_text(bank, self._language)
            return cell, resources
        result: tuple[NotebookNode, dict[str, Any]] = super().preprocess_cell(cell, resources, cell_index)
        return result


class SaveMarks(SaveAutoGrades):  # type: ignore[misc]  # nbgrader ships without types
    """Saves marks, but where the grader itself failed leaves the old mark alone and asks for a human."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """See nbgrader."""
        self._unsure = resources.get(KEY, {}).get("unsure", set())
        result: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return result

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        if grade_id not in self._unsure:
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
        grade.needs_manual_grade = True
        self.gradebook.db.commit()
