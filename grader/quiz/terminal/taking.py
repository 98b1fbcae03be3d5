"""Taking a quiz in a terminal, in a pipe or with a screen reader: questions, commands, pause, review, submission."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from grader.catalog.problems import CourseError
from grader.quiz.answerfile import AnswerFile
from grader.quiz.marking import Marked
from grader.quiz.sheet import Sheet
from grader.quiz.sheetreading import read_by_sheet, written
from grader.quiz.terminal.pages import asked, question_page, readable, result_page, review_page, shown_answer
from grader.quiz.terminal.screen import Screen
from grader.quiz.terminal.words import COMMANDS, YES, say

Marker = Callable[[AnswerFile], Sequence[Marked]]
_LONGEST = 4_000


class Taking:
    """One sitting.

    Parameters:
        marker: marks the answers where the key is at hand; None where an instructor does.
    """

    def __init__(self, sheet: Sheet, answers: AnswerFile, screen: Screen, language: str, marker: Marker | None = None) -> None:
        self.sheet, self.answers, self.screen, self.language, self.marker = sheet, answers, screen, language, marker
        self.views = sheet.views(answers.variant, language)
        self.title = sheet.title.get(language) or sheet.bank
        ids = [view.id for view in self.views]
        self.at = ids.index(answers.at) if answers.at in ids else 0
        self.messages: list[str] = []

    def run(self) -> int:
        """Ask until the student submits or pauses; the exit code: 0, or 130 after Ctrl-C. Everything typed is kept."""
        for text in self.answers.notes:
            self.screen.line(text, style="yellow")
        try:
            if self.answers.submitted and not self._stay_open():
                return 0
            if self.answers.answers:
                count = len(readable(self.views, self.answers.answers, self.language))
                self.messages.append(self._say("resumed", count=count, total=len(self.views)))
            while self._ask_question():
                pass
            if self.answers.submitted:
                self._show_results()
                return 0
        except EOFError:
            self.screen.line("")
        except KeyboardInterrupt:
            self.screen.line("")
            self._tell_pause()
            return 130
        self._tell_pause()
        return 0

    def _say(self, name: str, **values: object) -> str:
        return say(name, self.language, **values)

    def _stay_open(self) -> bool:
        """What may be done after submission; whether the answers are open again."""
        self._show_results()
        self.screen.line("")
        if not self.screen.interactive:
            return False
        self.screen.choices(self._say("done-keys"))
        try:
            if _command(self.screen.ask("")) != "reopen":
                return False
        except (EOFError, KeyboardInterrupt):
            return False
        self.answers.reopen()
        self.messages.append(self._say("reopened"))
        return True

    def _ask_question(self) -> bool:
        """Show the question where the student is, take one line; False when the sitting ends."""
        view = self.views[self.at]
        self._keep(lambda: self.answers.move_to(view.id))
        if self.screen.plain:
            self._tell()
        question_page(self.screen, self.views, self.at, self.answers.answers, self.title, self.language)
        if not self.screen.plain:
            self.screen.line("")
            self.screen.choices(self._say("keys"))
        return self._take_line()

    def _take_line(self) -> bool:
        self._tell()
        given = self.screen.ask(asked(self.views[self.at], self.language))[:_LONGEST]
        if given.startswith(("//", "::")):
            return self._answer(given[1:])
        if not given.strip():
            return self._move(self.at + 1)
        if not given.lstrip().startswith(("/", ":")):
            return self._answer(given.strip())
        return self._obey(given.strip()[1:].strip())

    def _obey(self, word: str) -> bool:
        if word.isdecimal() and len(word) < 6:
            return self._jump(int(word))
        match _command(f"/{word}"):
            case "next":
                return self._move(self.at + 1)
            case "back":
                if self.at == 0:
                    self.messages.append(self._say("first"))
                return self._move(max(0, self.at - 1))
            case "clear":
                self._keep(lambda: self.answers.clear(self.views[self.at].id))
                self.messages.append(self._say("cleared"))
            case "review":
                return self._review()
            case "submit":
                return self._review(submit=True)
            case "pause":
                return False
            case "help":
                self.messages.append(self._say("help"))
            case _:
                self.messages.append(self._say("no-command", given=f"/{word[:20]}"))
        return True

    def _answer(self, given: str) -> bool:
        view = self.views[self.at]
        reading = read_by_sheet(view, given, self.language)
        before = self.answers.get(view.id)
        if reading.status == "invalid" and read_by_sheet(view, before, self.language).status == "answered":
            told = shown_answer(view, before, self.language)
            self.messages.append(self._say("kept-old", reason=reading.reason, answer=told))
            return True if self.screen.interactive else self._move(self.at + 1)
        # What cannot be read is kept all the same: it is the student's, and may yet be read by a person.
        answer = written(view, given, self.language)
        self._keep(lambda: self.answers.set(view.id, answer))
        if reading.status == "invalid":
            self.messages.append(self._say("kept-but", reason=reading.reason))
            if self.screen.interactive:
                return True
        else:
            self.messages.append(self._say("saved", answer=shown_answer(view, answer, self.language)))
        return self._move(self.at + 1)

    def _move(self, to: int) -> bool:
        if to >= len(self.views):
            return self._review()
        self.at = to
        return True

    def _jump(self, number: int) -> bool:
        if 1 <= number <= len(self.views):
            self.at = number - 1
        else:
            self.messages.append(self._say("no-question", given=number, total=len(self.views)))
        return True

    def _review(self, submit: bool = False) -> bool:
        """The list before submission; False when the sitting ends."""
        while True:
            review_page(self.screen, self.views, self.answers.answers, self.title, self.language)
            self._tell()
            if not submit:
                self.screen.choices(self._say("review-keys"))
                given = self.screen.ask(self._say("review")).strip()
                submit = _command(given) == "submit"
                if not submit:
                    word = given.lstrip("/:").strip()
                    if not word:
                        if not self.screen.interactive:
                            continue
                        return True
                    return self._jump(int(word)) if word.isdecimal() and len(word) < 6 else self._obey_in_review(given, word)
            if self.screen.interactive and self.screen.ask(self._say("sure")).strip().casefold() not in YES:
                return True
            return not self._keep(self.answers.submit)

    def _obey_in_review(self, given: str, word: str) -> bool:
        if given.startswith(("/", ":")):
            return self._obey(word) if _command(f"/{word}") != "next" else True
        self.messages.append(self._say("no-command", given=word[:20]))
        return True

    def _keep(self, change: Callable[[], None]) -> bool:
        """Do what saves; a file that cannot be written is told, and the answers stay in memory."""
        try:
            change()
        except CourseError as error:
            self.messages.append(str(error))
            return False
        return True

    def _tell(self) -> None:
        for message in self.messages:
            self.screen.line(message, style="yellow")
        self.messages.clear()

    def _show_results(self) -> None:
        total, count = len(self.views), len(readable(self.views, self.answers.answers, self.language))
        self._tell()
        if self.marker is not None:
            result_page(self.screen, self.views, self.marker(self.answers), self.title, self.language)
            self.screen.line("")
        self.screen.line(self._say("submitted", count=count, total=total, file=self.answers.path))
        if self.marker is None:
            self.screen.line(self._say("instructor"))

    def _tell_pause(self) -> None:
        self._tell()
        try:
            self.answers.save()
        except CourseError as error:
            self.screen.line(str(error), style="red")
            kept = json.dumps(self.answers.answers, ensure_ascii=False)
            self.screen.line(self._say("unsaved", answers=kept), style="red")
            return
        told = self._say("paused", number=self.at + 1, total=len(self.views), file=self.answers.path)
        self.screen.line(told)


def _command(given: str) -> str:
    """The command that a line is; empty where it is none."""
    given = given.strip().casefold()
    if not given.startswith(("/", ":")):
        return ""
    return next((name for name, words in COMMANDS.items() if given[1:].strip() in words), "")
