"""Marks the quizzes of a submission: its answer files and what its cells say, by the banks of the kit."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.batch.store import Kept
from grader.catalog.problems import CourseError
from grader.grading.versions import versions
from grader.notebooks.cells import Unreadable, read_cells
from grader.notebooks.quizcells import bank_of_cell
from grader.notebooks.settings import Settings
from grader.notebooks.submitted import submission_files
from grader.quiz.answerfile import MOST_BYTES, answers_name, problem_of
from grader.quiz.bank import Bank, bank_folder, read_bank
from grader.quiz.grading import QuizResult, mark_answers, to_record
from grader.quiz.jsonfile import Unusable, parse_json, read_bytes
from grader.quiz.plain import plain_answers
from grader.record import Record, to_json

_TOLD: Mapping[str, Mapping[str, str]] = {
    "no-file": {
        "en": "there is no file {} in what was handed in, and no answer in the cells",
        "ru": "в сданном нет файла {}, и в ячейках ответов нет",
        "hi": "सौंपे गए काम में फ़ाइल {} नहीं है, और cells में भी कोई उत्तर नहीं है",
    },
    "damaged": {
        "en": "{}: cannot be read ({}); only answers in cells were marked",
        "ru": "{}: файл не читается ({}); оценены только ответы в ячейках",
        "hi": "{}: पढ़ी नहीं जा सकती ({}); केवल cells के उत्तर जाँचे गए",
    },
    "cell-wins": {
        "en": "the answers in cells counted before others in {}: {}",
        "ru": "ответы в ячейках засчитаны вместо других из файла {}: {}",
        "hi": "{} के दूसरे उत्तरों की जगह cells के उत्तर माने गए: {}",
    },
}


@dataclass(frozen=True)
class Quizzes:
    """The quizzes among an assignment's graded cells.

    Attributes:
        settings: of the course folder.
        worth: points by grade id.
        explanations: whether feedback explains answers.
    """

    settings: Settings
    worth: Mapping[str, float]
    explanations: bool = True

    @cached_property
    def banks(self) -> dict[str, Bank | str]:
        """By grade id the bank, or what is wrong with it on our side."""
        found: dict[str, Bank | str] = {}
        for grade_id in self.worth:
            name = bank_of_cell(grade_id)
            path = bank_folder(self.settings.kit) / f"{name}.yaml"
            if name is None or Path(name).name != name:
                continue
            try:
                found[grade_id] = read_bank(path)
            except CourseError as error:
                # A cell of the instructor's own may be called so; a sheet beside the notebook says that it is a quiz of ours.
                if path.exists() or list(self.settings.root.glob(f"source/*/quiz_{name}.json")):
                    found[grade_id] = str(error)
        return found

    def mark(self, folder: Path, assignment: str, student: str) -> dict[str, tuple[Record, str]]:
        """The records of a student's quizzes by grade id, each with a key that changes with anything that decides about it.

        Nothing that was handed in makes this fail; what is missing on our side becomes a failure of ours.
        """
        if not self.banks:
            return {}
        sources = _sources(folder, assignment)
        found: dict[str, tuple[Record, str]] = {}
        for grade_id, bank in self.banks.items():
            try:
                if isinstance(bank, Bank):
                    record = self._marked(bank, folder, sources, student)
                else:
                    record = self._ours(grade_id, student, bank)
            except (CourseError, OSError) as error:
                record = self._ours(grade_id, student, str(error))
            found[grade_id] = record, hashlib.sha256(to_json(record).encode()).hexdigest()
        self._keep(assignment, student, found)
        return found

    def _keep(self, assignment: str, student: str, found: Mapping[str, tuple[Record, str]]) -> None:
        """Put the records beside those of exercises; a failure of ours replaces no earlier one."""
        store = self.settings.store
        kept = store.read(assignment, student)
        new = {record.exercise: Kept(key, record) for record, key in found.values() if record.outcome != "grader_error"}
        if any(kept.get(name) != one for name, one in new.items()):
            store.keep(assignment, student, new)

    def _ours(self, grade_id: str, student: str, reason: str) -> Record:
        name = f"quiz:{bank_of_cell(grade_id)}"
        return Record(name, student, "grader_error", 0, self.worth[grade_id], reason=reason)

    def _marked(self, bank: Bank, folder: Path, sources: Iterable[list[str]], student: str) -> Record:
        language = self.settings.language
        data, problem = _file_of(folder, bank.id)
        cells, notes = _cells_of(sources, bank, self._ids_of_others(bank), language)
        name = answers_name(bank.id)
        reason = None
        if data is None and not cells:
            reason = problem or _say("no-file", language, name)
        elif data is None and problem:
            notes.append(_say("damaged", language, name, problem))
        data = data if data is not None else {"bank": bank.id, "answers": {}}
        before = data["answers"]
        beaten = [key for key, value in cells.items() if key in before and before[key] != value]
        if beaten:
            notes.append(_say("cell-wins", language, name, ", ".join(beaten[:10])))
        together = {**data, "answers": {**before, **cells}}
        result = mark_answers(bank, self.settings.secret, together, student=student, language=language)
        if reason and problem:
            # Read once more by the marker, whose words for a damaged file are the student's.
            reason = _unusable(bank, self.settings.secret, folder, student, language)
        result = replace(result, reason=reason or result.reason, notes=(*notes, *result.notes))
        told = result if self.explanations else _unexplained(result)
        return to_record(told, language=language, versions=versions(bank.fingerprint))

    def _ids_of_others(self, bank: Bank) -> set[str]:
        """Questions of the assignment's other quizzes: an answer to them in a cell is no slip."""
        others = (other for other in self.banks.values() if isinstance(other, Bank) and other.id != bank.id)
        return {question.id for other in others for question in other.questions} - {q.id for q in bank.questions}


def _unusable(bank: Bank, secret: str, folder: Path, student: str, language: str) -> str | None:
    path = _path_of(folder, bank.id)
    if path is None:
        return None
    return mark_answers(bank, secret, path, student=student, language=language).reason


def _unexplained(result: QuizResult) -> QuizResult:
    marked = tuple(replace(one, told=tuple(replace(t, explain="") for t in one.told), explain=()) for one in result.marked)
    return replace(result, marked=marked)


def _path_of(folder: Path, bank: str) -> Path | None:
    """The answer file: beside the notebook, else wherever in the submission it lies."""
    name = answers_name(bank)
    try:
        found = [folder / name, *sorted(folder.rglob(name))]
        return next((path for path in found if stat.S_ISREG(_mode(path))), None)
    except OSError:
        return None


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _file_of(folder: Path, bank: str) -> tuple[dict[Any, Any] | None, str]:
    """What the answer file holds; None where there is none or it is none, in the latter case with the reason."""
    path = _path_of(folder, bank)
    if path is None:
        return None, ""
    try:
        data = parse_json(read_bytes(path, MOST_BYTES))
    except (Unusable, OSError) as error:
        return None, str(error)
    problem = problem_of(data, bank)
    return (None, problem) if problem else (dict(data), "")


def _sources(folder: Path, assignment: str) -> list[list[str]]:
    """The code cells of each file that was handed in, the assignment's notebook first."""
    found: list[list[str]] = []
    for path in submission_files(folder, assignment).code:
        try:
            found.append([cell.source for cell in read_cells(path)])
        except Unreadable:
            continue
    return found


def _cells_of(
    files: Iterable[list[str]], bank: Bank, others: Collection[str], language: str
) -> tuple[dict[str, object], list[str]]:
    """The answers that cells give, of the first file that gives any."""
    for sources in files:
        cells, notes = plain_answers(sources, bank.id, language)
        cells = {key: value for key, value in cells.items() if key not in others}
        if cells or notes:
            return cells, notes
    return {}, []


def _say(which: str, language: str, *values: str) -> str:
    return _TOLD[which].get(language, _TOLD[which]["en"]).format(*values)
