"""`grader quiz release` and `grader quiz mark`: sheets for students, and marks for what they answered."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.catalog.problems import CourseError
from grader.cli.notices import warn_of_practice
from grader.grading.versions import versions
from grader.quiz.answerfile import MOST_BYTES
from grader.quiz.bank import Bank, find_banks, read_bank
from grader.quiz.grading import QuizResult, mark_answers, to_record
from grader.quiz.jsonfile import Unusable, read_json, write_whole
from grader.quiz.marking import Marked
from grader.quiz.sheet import make_sheet
from grader.record import Record, clean, to_json
from grader.report.marks import summary_line

_SIGNS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "not_started": ("–", "dim"), "grader_error": ("?", "yellow")}


def release_sheets(banks: Sequence[Bank], folder: Path, languages: Sequence[str], variants: int, secret: str) -> int:
    """Write the sheets and their images; the exit code is 0.

    Raises:
        CourseError: a bank cannot be drawn, or the folder cannot be written.
    """
    if any(bank.kind == "graded" for bank in banks):
        warn_of_practice(secret)
    sheets = [make_sheet(bank, secret, languages, variants) for bank in banks]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for bank, sheet in zip(banks, sheets, strict=True):
            write_whole(folder / sheet.file_name, sheet.to_json().encode())
            _copy_images(bank, folder)
            held = ", ".join(sheet.languages)
            print(f"{folder / sheet.file_name}: {len(bank.questions)} questions, {variants} variants, {held}, {bank.kind}")
    except OSError as error:
        raise CourseError(f"{error.filename or folder}: cannot be written: {error.strerror}; --to names a folder") from None
    return 0


def _copy_images(bank: Bank, folder: Path) -> None:
    for file in sorted({question.image.file for question in bank.questions if question.image}):
        source, target = bank.path.parent / file, folder / file
        if not source.is_file():
            raise CourseError(f"{bank.path}: there is no image {source}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def mark_files(
    root: Path, files: Sequence[Path], secret: str, student: str | None, variants: int, language: str, as_json: bool
) -> int:
    """Mark and print; the exit code: 0 when every file could be marked, whatever its marks, 3 where a mark says nothing."""
    if student is not None and len(files) != 1:
        raise CourseError("--student names the student of one file; give one file, or leave it out")
    chosen = [_bank_of(root, file) for file in files]
    banks = {path: read_bank(path) for path in dict.fromkeys(chosen)}
    if any(bank.kind == "graded" for bank in banks.values()):
        warn_of_practice(secret)
    names = [student or _student_of(file) for file in files]
    width = max(len(name) for name in names)
    out = Console(highlight=False, soft_wrap=True)
    ours = 0
    for file, path, name in zip(files, chosen, names, strict=True):
        bank = banks[path]
        result = mark_answers(bank, secret, file, student=name, language=language, variants=variants)
        record = to_record(result, language=language, versions=versions(bank.fingerprint))
        ours += record.outcome == "grader_error"
        if as_json:
            print(to_json(record), flush=True)
            continue
        line = summary_line(record, width)
        out.print(line.append(f"   {file}", style="dim"))
        for text in _lines(record, result):
            out.print(text)
    return 3 if ours else 0


def _bank_of(root: Path, file: Path) -> Path:
    """The bank that a file of answers belongs to: by its content, and where that says nothing by its name."""
    try:
        data = read_json(file, MOST_BYTES)
    except Unusable as problem:
        if not problem.broken:
            raise CourseError(f"{file}: {problem}; name the students' answers_….json") from None
        data = None
    named = data.get("bank") if isinstance(data, dict) else None
    from_file = file.stem.removeprefix("answers_")
    known = {path.stem: path for path in find_banks(root)}
    # A file that claims another bank than its name is marked as what it was handed in for, and told so.
    for name in (from_file, named):
        if isinstance(name, str) and name in known:
            return known[name]
    told = f"{file}: there is no bank {clean(str(named or from_file)[:60])!r}; there are {', '.join(known)}"
    raise CourseError(f"{told}; a file of answers is called answers_BANK.json")


def _student_of(file: Path) -> str:
    """The student as recorded, else by the folder of the file."""
    try:
        data = read_json(file, MOST_BYTES)
    except Unusable:
        data = None
    name = data.get("student") if isinstance(data, dict) else None
    if isinstance(name, str) and name.strip():
        return clean(" ".join(name.split()))[:100]
    return file.resolve().parent.name


def _lines(record: Record, result: QuizResult) -> list[Text]:
    lines = []
    width = max(len(test.name) for test in record.tests)
    for test, item in zip(record.tests, result.marked, strict=True):
        sign, style = _SIGNS.get(test.outcome, ("?", "yellow"))
        line = Text("  ").append(sign, style=style)
        line.append(f" {test.points:>5.3g}/{test.max_points:<4g} {test.name:<{width}}  ").append(_told(item), style="dim")
        lines.append(line)
    return lines + [Text(f"  note: {note}", style="dim") for note in record.notes]


def _told(item: Marked) -> str:
    """What was answered, in ids, and why where that could not be read."""
    if item.status != "answered":
        return item.reason or "not answered"
    answer = item.answer
    if isinstance(answer, dict):
        text = ", ".join(f"{left}: {right}" for left, right in answer.items())
    else:
        text = ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)
    return clean(" ".join(text.split()))[:120]
