"""What `answers` is in a notebook: a dictionary whose every change lands in the student's file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from grader.catalog.problems import CourseError, nearest
from grader.notebooks.formwords import form_words
from grader.quiz.answerfile import AnswerFile


class QuizError(Exception):
    """What a student has to change; notebooks show the message alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Answers(MutableMapping[str, Any]):
    """The answers to a quiz by question; `answers["padding-five"] = "b"` is the same as a click in the form.

    Parameters:
        file: gives the file as it is now.
        changed: called after each change.
    """

    def __init__(self, file: Callable[[], AnswerFile], changed: Callable[[], None]) -> None:
        self._file = file
        self._changed = changed

    def __getitem__(self, question: str) -> Any:
        self._check(question)
        answer = self._file().get(question)
        if answer is None:
            raise QuizError(self._words()["no_answer"].format(question))
        return answer

    def get(self, question: str, default: Any = None) -> Any:
        """The answer to a question, the default where there is none."""
        self._check(question)
        answer = self._file().get(question)
        return default if answer is None else answer

    def __contains__(self, question: object) -> bool:
        return question in self._file().answers

    def __setitem__(self, question: str, answer: Any) -> None:
        self._check(question)
        plain = _plain(answer)
        try:
            # Written and read once, for what JSON cannot hold.
            json.dumps(plain, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise QuizError(self._words()["no_json"].format(question, type(answer).__name__)) from None
        self._write(question, plain)

    def __delitem__(self, question: str) -> None:
        self._check(question)
        self._write(question, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._file().answers)

    def __len__(self) -> int:
        return len(self._file().answers)

    def __repr__(self) -> str:
        return repr(self._file().answers)

    def __ior__(self, other: Any) -> Answers:
        self.update(other)
        return self

    def _write(self, question: str, answer: Any) -> None:
        try:
            self._file().set(question, answer)
        except CourseError as error:
            raise QuizError(str(error)) from None
        finally:
            self._changed()

    def _words(self) -> dict[str, str]:
        return form_words(self._file().language)

    def _check(self, question: object) -> None:
        file = self._file()
        known = [view.id for view in file.sheet.views(file.variant, file.language)]
        if question not in known:
            told = self._words()["no_question"]
            hint = nearest(str(question), known)
            raise QuizError(told.format(bank=file.sheet.bank, given=question, nearest=hint, known=", ".join(known))) from None


def _plain(answer: Any) -> Any:
    """The answer as JSON has it: sets and tuples as lists, numbers of other libraries as Python's."""
    if isinstance(answer, (set, frozenset)):
        return sorted((_plain(part) for part in answer), key=str)
    if isinstance(answer, (list, tuple)):
        return [_plain(part) for part in answer]
    if isinstance(answer, dict):
        return {str(key): _plain(part) for key, part in answer.items()}
    item = getattr(answer, "item", None)
    if callable(item) and not isinstance(answer, (str, int, float)):
        try:
            return item()
        except (TypeError, ValueError, RuntimeError):  # more than one number
            return answer
    return answer
