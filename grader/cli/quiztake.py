"""`grader quiz take`: finds the sheet, the key where there may be one, and the student's answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from grader.catalog.place import named_root, nearest_root
from grader.catalog.problems import CourseError
from grader.locales import tr
from grader.quiz.answerfile import AnswerFile, open_answers, who
from grader.quiz.bank import Bank, bank_folder, find_banks, read_bank
from grader.quiz.grading import mark_answers
from grader.quiz.marking import Marked
from grader.quiz.seeds import PRACTICE_SECRET
from grader.quiz.sheet import Sheet, make_sheet, read_sheet
from grader.quiz.terminal.screen import Screen
from grader.quiz.terminal.taking import Taking
from grader.quiz.terminal.words import say


def take(quiz: str, student: str | None, language: str, folder: Path | None, plain: bool, root: Callable[[], Path]) -> int:
    """Take a quiz; the exit code: 0 submitted or paused, 130 after Ctrl-C.

    Parameters:
        quiz: a sheet's file, or a practice bank by name or file.
        root: finds the course's folder, which only a bank needs.

    Raises:
        CourseError: there is no such quiz, it is graded and not a sheet, or the answers cannot be kept.
    """
    path = Path(quiz)
    if quiz.endswith(".json") or (path.exists() and path.suffix not in (".yaml", ".yml") and not _is_bank(quiz, root)):
        sheet = read_sheet(path)
        bank = _key_of(sheet)
        where = folder or path.parent
    else:
        bank = read_bank(find_banks(root(), [quiz])[0])
        if bank.kind == "graded":
            raise CourseError(
                tr(
                    "{file}: this bank is graded; `grader quiz release {bank} --to DIR` writes its sheet",
                    file=bank.path,
                    bank=bank.id,
                )
            )
        sheet = make_sheet(bank, PRACTICE_SECRET, (language,))
        where = folder or Path()
    answers = _answers(where, sheet, student, language)
    screen = Screen(plain)
    if language not in sheet.languages:
        answers.notes.append(say("other-language", language))
    return Taking(sheet, answers, screen, language, _marker(bank, sheet, language)).run()


def _is_bank(name: str, root: Callable[[], Path]) -> bool:
    return (bank_folder(root()) / f"{name}.yaml").is_file()


def _answers(folder: Path, sheet: Sheet, student: str | None, language: str) -> AnswerFile:
    if not folder.is_dir():
        raise CourseError(tr("{folder}: there is no such folder; make it, or choose another with --folder", folder=folder))
    answers = open_answers(folder, sheet, who(student), language)
    if student and answers.student != student.strip():
        told = say("other-student", language, file=answers.path, owner=answers.student, student=student.strip())
        raise CourseError(told)
    # Better to learn now than after ten answers that nothing can be kept.
    answers.save()
    return answers


def _key_of(sheet: Sheet) -> Bank | None:
    """The bank of a practice sheet, where it is at hand and still the one that the sheet was drawn from."""
    root = named_root(None) or nearest_root()
    if sheet.kind != "practice" or root is None:
        return None
    try:
        bank = read_bank(bank_folder(root) / f"{sheet.bank}.yaml")
        fresh = make_sheet(bank, PRACTICE_SECRET, sheet.languages, len(sheet.variants)) if bank.kind == "practice" else None
    except CourseError:
        return None
    return bank if fresh is not None and fresh.variants == sheet.variants else None


def _marker(bank: Bank | None, sheet: Sheet, language: str) -> Callable[[AnswerFile], Sequence[Marked]] | None:
    if bank is None:
        return None

    def marker(answers: AnswerFile) -> Sequence[Marked]:
        data = {**answers.as_dict(), "answers": answers.answers}
        return mark_answers(
            bank, PRACTICE_SECRET, data, student=answers.student, language=language, variants=len(sheet.variants)
        ).marked

    return marker
