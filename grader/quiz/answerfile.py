"""The file of a student's answers: saved at every change, and never at the price of what somebody wrote before."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.catalog.problems import CourseError
from grader.quiz.filenotes import note
from grader.quiz.jsonfile import Unusable, brief, json_bytes, parse_json, read_bytes, write_whole
from grader.quiz.model import LANGUAGES
from grader.quiz.sheet import Sheet, own_variant
from grader.record import clean

FORMAT = 1
# A student's answers take some KB; nobody types this much.
MOST_BYTES = 4 * 1024 * 1024
_OURS = ("format", "bank", "variant", "student", "language", "answers", "layouts", "submitted", "at")


def answers_name(bank: str) -> str:
    """What the file of a bank's answers is called."""
    return f"answers_{bank}.json"


def who(given: str | None = None) -> str:
    """The student: as given, else by `GRADER_STUDENT`, JupyterHub's or the container's user, else the login name."""
    for name in (given, *(os.environ.get(key) for key in ("GRADER_STUDENT", "JUPYTERHUB_USER", "NB_USER"))):
        if name and name.strip():
            return name.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user id without a name
        return "student"


class AnswerFile:
    """A student's answers to a sheet, and the file that holds them.

    Attributes:
        path: the file.
        student, variant, language: as recorded; who began it keeps the variant.
        submitted: whether the student is done.
        at: the id of the question where the student paused; "" at the beginning.
        notes: what the student should know about the file, in the language asked for.
    """

    def __init__(self, path: Path, sheet: Sheet, student: str, language: str) -> None:
        self.path = path
        self.sheet = sheet
        self.student = student
        self.variant = own_variant(sheet, student)
        self.language = language
        self.submitted = False
        self.at = ""
        self.notes: list[str] = []
        self._answers: dict[str, Any] = {}
        self._layouts: dict[str, Any] = {}
        self._more: dict[str, Any] = {}
        self._read: bytes | None = None
        self._unsaved: set[str] = set()
        self._now: dict[str, str] = self._own_layouts()

    @classmethod
    def load(cls, path: Path, sheet: Sheet, student: str, language: str) -> AnswerFile:
        """The answers of a file, none where there is no file; what cannot be read is kept beside under another name.

        Raises:
            CourseError: the file cannot be read or moved for a reason that lies in the system: its rights, a folder in its place.
        """
        found = cls(path, sheet, student, language)
        found._take_from_disk()
        found._tell()
        return found

    def get(self, question: str) -> Any:
        """The answer to a question, None where there is none or the question has changed since."""
        return None if question in self.stale else self._answers.get(question)

    def set(self, question: str, answer: Any) -> None:
        """Write an answer and save; a blank clears it.

        Raises:
            CourseError: there is no such question, the answers are submitted, or the file cannot be written; in the last case
                the answer is kept in memory and saved with the next one.
        """
        if question not in self._now:
            raise CourseError(f"{self.sheet.bank}: there is no question {question!r}")
        self._merge()
        if self.submitted:
            raise CourseError(note("submitted", self.language, file=self.path.name))
        answer = _plain(answer)
        self._unsaved.add(question)
        if answer is None or answer in ("", [], {}) or (isinstance(answer, str) and not answer.strip()):
            self._answers.pop(question, None)
            self._layouts.pop(question, None)
        else:
            self._answers[question] = answer
            self._layouts[question] = self._now[question]
        self.save()

    def clear(self, question: str) -> None:
        """Take an answer back."""
        self.set(question, None)

    def submit(self) -> None:
        """Say that all is done; `reopen` takes it back."""
        self._merge()
        self.submitted = True
        self.save()

    def reopen(self) -> None:
        """Go on answering after all."""
        self._merge()
        self.submitted = False
        self.save()

    def move_to(self, question: str) -> None:
        """Remember the question where the student is."""
        if question != self.at:
            self._merge()
            self.at = question
            self.save()

    @property
    def answers(self) -> dict[str, Any]:
        """The answers to questions of the sheet as it is now."""
        stale = set(self.stale)
        return {name: self._answers[name] for name in self._now if name in self._answers and name not in stale}

    @property
    def stale(self) -> tuple[str, ...]:
        """Questions that were changed since they were answered: letters may mean something else now."""
        known = ((name, self._layouts.get(name)) for name in self._answers if name in self._now)
        return tuple(name for name, layout in known if layout is not None and layout != self._now[name])

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of answers to questions that are not asked; they stay in the file."""
        return tuple(name for name in self._answers if name not in self._now)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as the file holds it."""
        return {
            **self._more,
            "format": FORMAT,
            "bank": self.sheet.bank,
            "variant": self.variant,
            "student": self.student,
            "language": self.language,
            "answers": dict(self._answers),
            "layouts": dict(self._layouts),
            "submitted": self.submitted,
            "at": self.at,
        }

    def save(self) -> None:
        """Write the file, all or nothing.

        Raises:
            CourseError: it cannot be written; the file on disk is as it was.
        """
        content = json_bytes(self.as_dict())
        try:
            if content != self._read:
                write_whole(self.path, content)
        except OSError as error:
            told = note("unwritable", self.language, file=self.path, reason=error.strerror or error)
            raise CourseError(told) from None
        self._read = content
        self._unsaved.clear()

    def _own_layouts(self) -> dict[str, str]:
        return {view.id: view.layout for view in self.sheet.views(self.variant, self.language)}

    def _on_disk(self) -> bytes | None:
        """What the file holds; None where there is none or it had to be put aside."""
        try:
            if not os.path.lexists(self.path):
                return None
            return read_bytes(self.path, MOST_BYTES)
        except OSError as error:
            raise CourseError(f"{self.path}: cannot be read: {error.strerror}") from None
        except Unusable as problem:
            if not problem.broken:
                raise CourseError(note("unreadable", self.language, file=self.path, reason=problem)) from None
            self._put_aside(str(problem))
            return None

    def _take_from_disk(self) -> None:
        content = self._on_disk()
        if content is None:
            return
        try:
            data = parse_json(content)
            problem = problem_of(data, self.sheet.bank)
        except Unusable as error:
            problem = str(error)
        if problem:
            self._put_aside(problem)
            return
        self._read = content
        self._adopt(data)

    def _adopt(self, data: Mapping[str, Any]) -> None:
        variant, student, at = data.get("variant"), data.get("student"), data.get("at")
        self.student = student if isinstance(student, str) and student else self.student
        if type(variant) is int and 0 <= variant < len(self.sheet.variants):
            self.variant = variant
        else:
            self.variant = own_variant(self.sheet, self.student)
        self._now = self._own_layouts()
        self._answers = dict(data["answers"])
        layouts = data.get("layouts")
        self._layouts = dict(layouts) if isinstance(layouts, dict) else {}
        self.submitted = data.get("submitted") is True
        self.at = at if isinstance(at, str) and at in self._now else ""
        self._more = {key: value for key, value in data.items() if key not in _OURS}

    def _merge(self) -> None:
        """Take over what another window wrote meanwhile, so that neither overwrites the other."""
        content = self._on_disk()
        if content is None:
            self._read = None
        if content is None or content == self._read:
            return
        at, answers, layouts = self.at, self._answers, self._layouts
        self._take_from_disk()
        for name in self._unsaved:
            for kept, now in ((answers, self._answers), (layouts, self._layouts)):
                now.pop(name, None)
                if name in kept:
                    now[name] = kept[name]
        self.at = at or self.at

    def _put_aside(self, reason: str) -> None:
        number = 1
        while os.path.lexists(aside := self.path.with_name(f"{self.path.stem}.broken-{number}.json")):
            number += 1
        try:
            os.rename(self.path, aside)
        except OSError as error:
            raise CourseError(note("unwritable", self.language, file=aside, reason=error.strerror or error)) from None
        self._read = None
        self.notes.append(note("put-aside", self.language, file=self.path.name, reason=reason, aside=aside.name))

    def _tell(self) -> None:
        if self.unknown:
            self.notes.append(note("not-asked", self.language, file=self.path.name, ids=_listed(self.unknown)))
        if self.stale:
            self.notes.append(note("changed", self.language, ids=_listed(self.stale)))


def open_answers(folder: Path, sheet: Sheet, student: str, language: str) -> AnswerFile:
    """The answers of a student in a folder; what should be told is in `notes`.

    Raises:
        CourseError: see `AnswerFile.load`.
    """
    language = language if language in LANGUAGES else "en"
    return AnswerFile.load(folder / answers_name(sheet.bank), sheet, student, language)


def problem_of(data: object, bank: str) -> str:
    """Why data are not answers to a bank; empty where they are."""
    if not isinstance(data, Mapping):
        return "not an object with answers"
    if data.get("format", FORMAT) != FORMAT:
        return f"format {brief(data.get('format'))} is not {FORMAT}"
    if data.get("bank") != bank:
        return f"answers to {brief(data.get('bank'))}, not to {bank!r}"
    return "" if isinstance(data.get("answers", {}), Mapping) and "answers" in data else "`answers` is not an object"


def _listed(ids: tuple[str, ...]) -> str:
    shown = [clean(name[:60]) for name in ids[:10]]
    return ", ".join(shown) + (f" … ({len(ids)})" if len(ids) > len(shown) else "")


def _plain(answer: Any) -> Any:
    """The answer as JSON holds it; sets become lists."""
    if isinstance(answer, (set, frozenset)):
        return sorted(answer, key=str)
    if isinstance(answer, tuple):
        return list(answer)
    if isinstance(answer, Mapping):
        return {str(key): _plain(value) for key, value in answer.items()}
    return answer
