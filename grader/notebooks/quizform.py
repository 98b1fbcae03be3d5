"""`quiz("…")` in a notebook: the student's own variant as a form, its answers as a dictionary, both in one file."""

from __future__ import annotations

import base64
import mimetypes
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.catalog.problems import CourseError
from grader.notebooks.formwords import form_words
from grader.notebooks.place import language_here
from grader.notebooks.quizanswers import Answers, QuizError
from grader.notebooks.quizfallback import fallback_html, fallback_text
from grader.notebooks.settings import PRIVATE
from grader.quiz.answerfile import AnswerFile, open_answers, who
from grader.quiz.bank import Bank, find_banks, read_bank
from grader.quiz.marking import Marked, marked
from grader.quiz.seeds import PRACTICE_SECRET
from grader.quiz.sheet import Sheet, make_sheet, read_sheet, variant_seed
from grader.quiz.view import PublicView

_LARGEST_IMAGE = 5 << 20


@dataclass(frozen=True)
class _Opened:
    """A quiz as it lies here: what is asked, and of a practice bank the keys, where they are at hand."""

    sheet: Sheet
    bank: Bank | None
    images: Path


class Quiz:
    """A quiz in a notebook: shown as a form where that is possible, else as text.

    Attributes:
        answers: by question; writing to it is the same as answering in the form.
    """


    def __init__(self, opened: _Opened, folder: Path, student: str, language: str) -> None:
        self._opened = opened
        self._folder = folder
        self._student = student
        self._language = language if language in opened.sheet.languages else opened.sheet.languages[0]
        self._words = form_words(self._language)
        self._file = self._open()
        # Who answers in plain Python only needs a file too: it says which variant was seen.
        self._file.save()
        self._widget: Any = None
        self.answers = Answers(lambda: self._file, self._changed)
        _shown.add(self)

    def __repr__(self) -> str:
        file = self._file
        return fallback_text(self._views, self._title, self._words, file.answers, self._sentences())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        file = self._file
        notes = self._sentences()
        shown: dict[str, Any] = {"text/plain": repr(self)}
        try:
            from grader.notebooks.quizwidget import view_of

            self._show()
            shown |= view_of(self._widget)
        except ImportError:
            notes = [*notes, self._words["install"]]
        shown["text/html"] = fallback_html(self._views, self._title, self._words, self._language, file.answers, notes)
        return shown

    # -- what is shown ---------------------------------------------------------------------------------------------------------

    @property
    def _views(self) -> list[PublicView]:
        return self._opened.sheet.views(self._file.variant, self._language)

    @property
    def _title(self) -> str:
        return self._opened.sheet.title.get(self._language) or self._opened.sheet.bank

    def _show(self) -> None:
        from grader.notebooks.quizwidget import make_widget

        if self._widget is None:
            self._widget = make_widget(
                {
                    "title": self._title,
                    "language": self._language,
                    "file": self._file.path.name,
                    "words": self._words,
                    "questions": [self._question(view) for view in self._views],
                },
                self._heard,
            )
        self._refresh()

    def _question(self, view: PublicView) -> dict[str, Any]:
        data = view.as_dict()
        if view.image:
            data["image"] = {"alt": view.image["alt"], "url": _data_url(self._opened.images / view.image["file"])}
        return data

    def _refresh(self) -> None:
        """Show what the file holds."""
        if self._widget is not None:
            file = self._file
            result, feedback = self._told() if file.submitted else ("", {})
            state = {"submitted": file.submitted, "notes": self._sentences(), "result": result, "feedback": feedback}
            with self._widget.hold_sync():
                self._widget.answers, self._widget.state = file.answers, state

    def _sentences(self) -> list[str]:
        return list(dict.fromkeys(self._file.notes))

    def _told(self) -> tuple[str, dict[str, Any]]:
        """What is said after the hand-in: of a practice bank whose keys are at hand also what was right, and why."""
        file, views = self._file, self._views
        words = self._words
        told = words["submitted"].format(len(file.answers), len(views), file.path.name)
        marks = self._marks()
        if not marks:
            return told, {}
        points, worth = (sum(getattr(one, key) for one in marks.values()) for key in ("points", "max_points"))
        score = words["score"].format(f"{points:.4g}", f"{worth:.4g}")
        told = words["answered_of"].format(len(file.answers), len(views)).capitalize()
        return f"{score} {told}.", {name: _feedback(one) for name, one in marks.items()}

    def _marks(self) -> dict[str, Marked]:
        bank = self._opened.bank
        if bank is None:
            return {}
        found: dict[str, Marked] = {}
        questions = {question.id: question for question in bank.questions}
        for view in self._views:
            if view.id in questions:
                seed = variant_seed(bank, PRACTICE_SECRET, self._file.variant, view.id)
                one = marked(questions[view.id], seed, self._file.get(view.id), self._language)
                if one.layout == view.layout:  # else the bank was edited since the sheet was drawn
                    found[view.id] = one
        return found

    # -- what is answered ------------------------------------------------------------------------------------------------------

    def _open(self) -> AnswerFile:
        return open_answers(self._folder, self._opened.sheet, self._student, self._language)

    def _heard(self, message: Mapping[str, Any]) -> str:
        """Do what the form asks for; what went wrong, in words."""
        try:
            match message.get("do"):
                case "answer":
                    question = str(message.get("question"))
                    self._file.at = question
                    self._file.set(question, message.get("answer"))
                case "submit":
                    self._file.submit()
                case "reopen":
                    self._file.reopen()
        except CourseError as error:
            return str(error)
        finally:
            self._changed()
        return ""

    def _changed(self) -> None:
        """Show the change here and wherever else the same file is shown."""
        self._refresh()
        for other in list(_shown):
            if other is not self and other._file.path == self._file.path and other._widget is not None:
                other._file = other._open()
                other._refresh()


_shown: weakref.WeakSet[Quiz] = weakref.WeakSet()


def show_quiz(
    bank: str,
    lang: str | None = None,
    student: str | None = None,
    namespace: Mapping[str, Any] | None = None,
) -> Quiz:
    """A quiz whose sheet lies beside the notebook, or a practice bank of the course around it.

    Parameters:
        bank: its name.
        lang: en, ru or hi; else `GRADER_LANG`, else the notebook's language, else English.
        student: whose variant; else `GRADER_STUDENT`, else JupyterHub's user, else the login name.
        namespace: the notebook's names, which tell where it lies.

    Raises:
        QuizError: there is no such quiz, or a file of it cannot be read; notebooks show the message alone.
    """
    language = language_here(lang, namespace or {})
    try:
        here = Path.cwd()
        return Quiz(_find(here, bank, language), _answers_folder(here), who(student), language)
    except (CourseError, OSError) as error:
        raise QuizError(str(error)) from None


def _find(here: Path, name: str, language: str) -> _Opened:
    if not isinstance(name, str) or not name or Path(name).name != name:
        raise CourseError(f'quiz({name!r}): write the quiz\'s name, such as quiz("convolution")')
    path = here / f"quiz_{name}.json"
    if path.is_file():
        sheet = read_sheet(path)
        return _Opened(sheet, _keys(name) if sheet.kind == "practice" else None, here)
    bank = _keys(name)
    if bank is None:
        there = sorted(found.stem.removeprefix("quiz_") for found in here.glob("quiz_*.json"))
        known = f"; there are {', '.join(there)}" if there else ""
        raise CourseError(f"quiz({name!r}): there is no {path.name} beside this notebook{known}; it comes with the assignment")
    if bank.kind == "graded":
        raise CourseError(
            f"quiz({name!r}): {bank.path.name} is a graded bank and is shown from {path.name} only, which `grader nbgrader init` "
            "writes beside the notebook"
        )
    return _Opened(make_sheet(bank, PRACTICE_SECRET, [language]), bank, bank.path.parent)


def _keys(name: str) -> Bank | None:
    """A bank of the course around this place, if there is one and it can be read; a sheet needs it only for explanations."""
    from grader.catalog.course import find_course

    try:
        return read_bank(find_banks(find_course().root, [name])[0])
    except CourseError:
        return None


def _answers_folder(here: Path) -> Path:
    """Beside the notebook; an instructor's answers in a source folder would be released, so they are kept in private."""
    course = here.parent.parent
    if here.parent.name != "source" or not (course / PRIVATE).is_dir():
        return here
    folder = course / PRIVATE / "tried" / here.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _feedback(one: Marked) -> dict[str, Any]:
    told = [
        {"key": t.key, "text": t.text, "value": t.value, "chosen": t.chosen, "explain": t.explain, "given": t.given}
        for t in one.told
    ]
    return {
        "status": one.status,
        "credit": one.credit,
        "points": one.points,
        "max_points": one.max_points,
        "reason": one.reason,
        "told": told,
        "explain": list(one.explain),
        "solution": list(one.solution),
    }


def _data_url(path: Path) -> str:
    """An image as the page itself can hold it; empty where it cannot be read, and its description is shown."""
    kind = mimetypes.guess_type(path.name)[0] or ""
    try:
        if not kind.startswith("image/") or os.stat(path).st_size > _LARGEST_IMAGE:
            return ""
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
    except OSError:
        return ""
