"""What a student is told about the file of answers, in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping

_NOTES: Mapping[str, Mapping[str, str]] = {
    "put-aside": {
        "en": "{file} could not be used ({reason}). Nothing of it is lost: it is now called {aside}, and you begin a new file.",
        "ru": "{file} использовать не удалось ({reason}). Ничего не потеряно: он теперь называется {aside}, а для ответов создан "
        "новый файл.",
        "hi": "{file} का उपयोग नहीं हो सका ({reason})। कुछ खोया नहीं है: अब उसका नाम {aside} है, और उत्तरों के लिए नई फ़ाइल बनी है।",
    },
    "not-asked": {
        "en": "{file} also holds answers to questions that are not asked: {ids}. They stay in the file.",
        "ru": "В {file} есть и ответы на вопросы, которых здесь нет: {ids}. Они остаются в файле.",
        "hi": "{file} में ऐसे प्रश्नों के उत्तर भी हैं जो यहाँ नहीं पूछे गए: {ids}। वे फ़ाइल में बने रहेंगे।",
    },
    "changed": {
        "en": "These questions were changed since you answered them, please answer them again: {ids}.",
        "ru": "Эти вопросы изменились после вашего ответа, ответьте на них ещё раз: {ids}.",
        "hi": "आपके उत्तर देने के बाद ये प्रश्न बदले गए हैं, कृपया फिर से उत्तर दें: {ids}।",
    },
    "submitted": {
        "en": "The answers in {file} are submitted. Reopen them to change anything.",
        "ru": "Ответы в {file} уже сданы. Чтобы что-то изменить, откройте их снова.",
        "hi": "{file} के उत्तर जमा हो चुके हैं। कुछ बदलने के लिए उन्हें फिर से खोलें।",
    },
    "unwritable": {
        "en": "{file} cannot be written: {reason}. Make room or choose another folder (--folder).",
        "ru": "Не удаётся записать {file}: {reason}. Освободите место или выберите другую папку (--folder).",
        "hi": "{file} लिखी नहीं जा सकी: {reason}। जगह बनाएँ या दूसरा फ़ोल्डर चुनें (--folder)।",
    },
    "unreadable": {
        "en": "{file}: {reason}. Move it away or choose another folder (--folder).",
        "ru": "{file}: {reason}. Уберите его или выберите другую папку (--folder).",
        "hi": "{file}: {reason}। उसे हटाएँ या दूसरा फ़ोल्डर चुनें (--folder)।",
    },
}


def note(name: str, language: str, **values: object) -> str:
    """A note with its values filled in; English where a language is not known."""
    words = _NOTES[name]
    return words.get(language, words["en"]).format(**values)
