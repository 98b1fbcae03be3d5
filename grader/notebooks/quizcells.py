"""The cells of a topic's quizzes, and the files that students need beside them; no key is in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grader.catalog.course import Course
from grader.catalog.problems import CourseError
from grader.notebooks.kitcell import Cell
from grader.quiz.bank import Bank
from grader.quiz.sheet import make_sheet
from grader.quiz.topics import banks_of_topic

PREFIX = "quiz-"
_SUFFIX = "-answers"

_INTRO: Mapping[str, str] = {
    "en": "Run the cell below to open the quiz; every answer is saved at once. If no form appears, or if you would rather type: "
    'answer in the cell after it, such as `answers["question"] = "b"`. What a cell answers counts before what the form says.',
    "ru": "Выполните ячейку ниже, откроется тест; каждый ответ сохраняется сразу. Если форма не появилась или удобнее печатать, "
    'отвечайте в следующей за ней ячейке, например `answers["question"] = "b"`. Если на вопрос отвечено и в ячейке, и в форме, '
    "засчитывается ячейка.",
    "hi": "नीचे का cell चलाइए, क्विज़ खुल जाएगा; हर उत्तर तुरंत सहेजा जाता है। फ़ॉर्म न दिखे, या लिखना बेहतर लगे, तो उसके बाद वाले "
    'cell में उत्तर दीजिए, जैसे `answers["question"] = "b"`। किसी प्रश्न का उत्तर दोनों जगह हो, तो cell वाला उत्तर माना जाता है।',
}
_TITLE: Mapping[str, str] = {"en": "Quiz: {}", "ru": "Тест: {}", "hi": "क्विज़: {}"}
_HINT: Mapping[str, str] = {
    "en": '# answers["question"] = "b"',
    "ru": '# answers["question"] = "b"   (question — имя вопроса, оно стоит под ним)',
    "hi": '# answers["question"] = "b"   (question: प्रश्न का नाम, जो उसके नीचे लिखा है)',
}
_GRADED: Mapping[str, str] = {
    "en": "# Quiz {}: marks are entered here when your work is graded.",
    "ru": "# Тест {}: сюда при проверке работы заносятся баллы.",
    "hi": "# क्विज़ {}: काम जाँचे जाने पर अंक यहीं दर्ज होते हैं।",
}


def cells_of_quizzes(course: Course, topic: str, language: str) -> list[Cell]:
    """The cells of the quizzes that `topic.yaml` lists, in its order: title, form, plain answers, graded.

    Raises:
        CourseError: a bank is missing, broken or of another topic.
    """
    return [cell for bank in banks_of_topic(course, topic) for cell in _cells(bank, language)]


def _cells(bank: Bank, language: str) -> list[Cell]:
    name = f"{PREFIX}{bank.id}"
    title = f"## {_TITLE[language].format(bank.title.get(language))}\n\n{_INTRO[language]}"
    return [
        Cell(f"{name}-title", "markdown", title),
        Cell(f"{name}-form", "code", f'from grader import quiz\nquiz("{bank.id}")'),
        Cell(f"{name}{_SUFFIX}", "code", answers_text(bank.id, language), solution=True),
        Cell(name, "code", _GRADED[language].format(bank.id), points=bank.max_points),
    ]


def answers_text(bank: str, language: str) -> str:
    """What stands in the cell for plain answers when a student receives it."""
    return f'from grader import quiz\n\nanswers = quiz("{bank}").answers\n{_HINT.get(language, _HINT["en"])}'


def bank_of_cell(grade_id: str) -> str | None:
    """The bank whose graded cell this may be."""
    return grade_id.removeprefix(PREFIX) if grade_id.startswith(PREFIX) else None


def bank_of_answers(grade_id: str) -> str | None:
    """The bank whose cell for plain answers this is."""
    bank = bank_of_cell(grade_id)
    return bank.removesuffix(_SUFFIX) if bank is not None and bank.endswith(_SUFFIX) else None


def quiz_files(course: Course, topic: str, secret: str, language: str) -> dict[Path, tuple[bytes, str]]:
    """What lies beside the notebook for its quizzes: contents and what they are, by path in the assignment's folder.

    Raises:
        CourseError: a bank is missing, broken or of another topic, or an image of it cannot be read.
    """
    found: dict[Path, tuple[bytes, str]] = {}
    for bank in banks_of_topic(course, topic):
        sheet = make_sheet(bank, secret, [language])
        found[Path(sheet.file_name)] = sheet.to_json().encode(), "quiz"
        for question in bank.questions:
            if question.image is not None:
                path = bank.path.parent / question.image.file
                try:
                    found[Path(question.image.file)] = path.read_bytes(), "image of a quiz"
                except OSError as error:
                    raise CourseError(f"{bank.path}: {question.id}: image: {path} cannot be read: {error.strerror}") from None
    return found
