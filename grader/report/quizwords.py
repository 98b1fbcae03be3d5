"""The frame words of a quiz's feedback: questions in the place of tests, no answer told apart from a wrong one."""

from __future__ import annotations

from dataclasses import replace

from grader.record import Record
from grader.report.words import Words, words

_QUIZ = "quiz:"


def is_quiz(record: Record) -> bool:
    """Whether a record is of a quiz."""
    return record.exercise.startswith(_QUIZ)


def words_for(record: Record, language: str) -> Words:
    """The words for a record: of exercises, or of quizzes."""
    return words_about(record.exercise, language)


def words_about(exercise: str, language: str) -> Words:
    """The words for all records of an exercise or a quiz."""
    return _quiz_words(language) if exercise.startswith(_QUIZ) else words(language)


def name_of(record: Record) -> str:
    """What a reader calls it."""
    return short_name(record.exercise)


def short_name(exercise: str) -> str:
    """What a reader calls an exercise or a quiz."""
    return exercise.removeprefix(_QUIZ)


def _quiz_words(language: str) -> Words:
    w = words(language)
    if w.lang == "ru":
        return replace(
            w,
            exercise={**w.exercise, "passed": "все ответы верны", "failed": "верно не всё", "not_started": "нет ответов"},
            test={**w.test, "passed": "верно", "failed": "неверно", "partly": "верно отчасти", "not_started": "нет ответа"},
            tests=lambda right, total: f"полностью верно {right} из {total}",
            caption="Вопросы теста {}",
            column_test="Вопрос",
            not_begun="Ни на один вопрос ответа нет.",
        )
    if w.lang == "hi":
        return replace(
            w,
            exercise={**w.exercise, "passed": "सभी उत्तर सही", "failed": "सब सही नहीं", "not_started": "कोई उत्तर नहीं"},
            test={**w.test, "passed": "सही", "failed": "सही नहीं", "partly": "आंशिक रूप से सही", "not_started": "उत्तर नहीं दिया"},
            tests=lambda right, total: f"{total} में से {right} पूरी तरह सही",
            caption="क्विज़ {} के प्रश्न",
            column_test="प्रश्न",
            not_begun="किसी प्रश्न का उत्तर नहीं दिया गया।",
        )
    return replace(
        w,
        exercise={**w.exercise, "passed": "all right", "failed": "not all right", "not_started": "no answers"},
        test={**w.test, "passed": "right", "failed": "not right", "partly": "partly right", "not_started": "no answer"},
        tests=lambda right, total: f"{right} of {total} fully right",
        caption="Questions of the quiz {}",
        column_test="Question",
        not_begun="No question was answered.",
    )
