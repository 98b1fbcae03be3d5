"""The words of printed sheets in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "question": {"en": "Question", "ru": "Вопрос", "hi": "प्रश्न"},
    "points": {"en": "Points", "ru": "Баллы", "hi": "अंक"},
    "answer": {"en": "Answer", "ru": "Ответ", "hi": "उत्तर"},
    "explanation": {"en": "Explanation", "ru": "Пояснение", "hi": "व्याख्या"},
    "name": {"en": "Name", "ru": "Имя", "hi": "नाम"},
    "key": {"en": "With the key", "ru": "С ответами", "hi": "उत्तरों सहित"},
    "true": {"en": "True", "ru": "Верно", "hi": "सही"},
    "false": {"en": "False", "ru": "Неверно", "hi": "ग़लत"},
    "unticked": {"en": "if left out", "ru": "если не отмечено", "hi": "यदि नहीं चुना"},
}


def word(name: str, language: str) -> str:
    """A word in a language."""
    return _WORDS[name].get(language, _WORDS[name]["en"])
