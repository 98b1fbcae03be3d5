"""What the kit itself says to a student about a question, in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping

from grader.quiz.templates import shown

TRUE_FALSE: Mapping[str, Mapping[str, str]] = {
    "true": {"en": "True", "ru": "Верно", "hi": "सही"},
    "false": {"en": "False", "ru": "Неверно", "hi": "ग़लत"},
}

_RULES: Mapping[str, Mapping[str, str]] = {
    "single": {
        "en": "Choose one option.",
        "ru": "Выберите один вариант.",
        "hi": "एक विकल्प चुनें।",
    },
    "multiple.all": {
        "en": "Tick every right option. You earn the points only if exactly the right ones are ticked.",
        "ru": "Отметьте все верные варианты. Баллы даются, только если отмечены все верные и ни одного неверного.",
        "hi": "सभी सही विकल्प चुनें। अंक तभी मिलते हैं जब ठीक सही विकल्प ही चुने गए हों।",
    },
    "multiple.net": {
        "en": "Tick every right option. A right tick earns a share, a wrong tick takes the same share away; never below zero.",
        "ru": "Отметьте верные варианты. Верная отметка даёт долю баллов, неверная отнимает столько же; ниже нуля не бывает.",
        "hi": "सभी सही विकल्प चुनें। सही चुनाव एक हिस्सा देता है, ग़लत चुनाव उतना ही घटाता है; शून्य से कम कभी नहीं।",
    },
    "multiple.coverage": {
        "en": "Tick every right option. You earn the share of right options found, times the share of your ticks that are right.",
        "ru": "Отметьте верные варианты. Балл: доля найденных верных вариантов, умноженная на долю верных среди ваших отметок.",
        "hi": "सभी सही विकल्प चुनें। अंक: मिले हुए सही विकल्पों का हिस्सा, गुणा आपके चुने विकल्पों में सही का हिस्सा।",
    },
    "multiple.each": {
        "en": "Each option is a decision: tick it or leave it. Each right decision earns the same share; no tick is no answer.",
        "ru": "Каждый вариант решается отдельно: отметить или нет. Верное решение даёт равную долю; без отметок ответа нет.",
        "hi": "हर विकल्प एक निर्णय है: चुनें या छोड़ें। हर सही निर्णय बराबर हिस्सा देता है; कुछ न चुनना उत्तर नहीं माना जाता।",
    },
    "true_false": {
        "en": "Is the statement true or false?",
        "ru": "Верно ли утверждение?",
        "hi": "कथन सही है या ग़लत?",
    },
    "text": {
        "en": "Write a word or a term; case and extra spaces do not matter.",
        "ru": "Напишите слово или термин; регистр и лишние пробелы не важны.",
        "hi": "एक शब्द या पद लिखें; बड़े-छोटे अक्षर और अतिरिक्त रिक्त स्थान मायने नहीं रखते।",
    },
    "ordering.adjacent": {
        "en": "Put the items in order. Each two neighbours of the right order that stand together in yours earn a share.",
        "ru": "Расположите по порядку. Каждая пара соседей верного порядка, стоящая рядом и в вашем, даёт долю баллов.",
        "hi": "क्रम में रखें। सही क्रम के हर दो पड़ोसी जो आपके क्रम में भी साथ हैं, एक हिस्सा देते हैं।",
    },
    "ordering.position": {
        "en": "Put the items in order. Each item at its right place earns a share.",
        "ru": "Расположите по порядку. Каждый элемент на своём месте даёт долю баллов.",
        "hi": "क्रम में रखें। अपने सही स्थान पर रखी हर चीज़ एक हिस्सा देती है।",
    },
    "ordering.all": {
        "en": "Put the items in order. You earn the points only if the whole order is right.",
        "ru": "Расположите по порядку. Баллы даются, только если верен весь порядок.",
        "hi": "क्रम में रखें। अंक तभी मिलते हैं जब पूरा क्रम सही हो।",
    },
    "matching.each": {
        "en": "Give each number its letter. Each right pair earns a share; nothing is taken away.",
        "ru": "Подберите к каждому номеру букву. Каждая верная пара даёт долю баллов; ничего не отнимается.",
        "hi": "हर संख्या के लिए अक्षर चुनें। हर सही जोड़ी एक हिस्सा देती है; कुछ घटाया नहीं जाता।",
    },
    "matching.all": {
        "en": "Give each number its letter. You earn the points only if all pairs are right.",
        "ru": "Подберите к каждому номеру букву. Баллы даются, только если верны все пары.",
        "hi": "हर संख्या के लिए अक्षर चुनें। अंक तभी मिलते हैं जब सारी जोड़ियाँ सही हों।",
    },
    "numeric": {"en": "Give a number", "ru": "Укажите число", "hi": "एक संख्या दें"},
    "numeric.tuple": {
        "en": "Give the numbers in order, with commas between them",
        "ru": "Укажите числа по порядку через запятую",
        "hi": "संख्याएँ क्रम से, अल्पविराम लगाकर दें",
    },
}

_EXACT = {"en": "exactly.", "ru": "точно.", "hi": "ठीक-ठीक।"}
_WITHIN = {"en": "; {} off is fine.", "ru": "; отклонение до {} допустимо.", "hi": "; {} तक का अंतर ठीक है।"}
_OR = {"en": " or ", "ru": " или ", "hi": " या "}

_REASONS: Mapping[str, Mapping[str, str]] = {
    "unknown": {
        "en": "there is no choice {given}; there are {known}",
        "ru": "варианта {given} нет; есть {known}",
        "hi": "{given} नाम का विकल्प नहीं है; विकल्प हैं {known}",
    },
    "several": {
        "en": "one choice is asked for, and {given} were made",
        "ru": "нужно выбрать один вариант, а выбраны {given}",
        "hi": "एक विकल्प चुनना है, पर {given} चुने गए",
    },
    "number": {
        "en": "{given} is not a number",
        "ru": "{given} не является числом",
        "hi": "{given} संख्या नहीं है",
    },
    "form": {
        "en": "an answer of this form cannot be read: {given}",
        "ru": "ответ в таком виде прочитать нельзя: {given}",
        "hi": "इस रूप का उत्तर पढ़ा नहीं जा सकता: {given}",
    },
    "order": {
        "en": "each of {known} is needed exactly once, and {given} was given",
        "ru": "каждая из {known} нужна ровно один раз, а дано {given}",
        "hi": "{known} में से हर एक ठीक एक बार चाहिए, पर {given} दिया गया",
    },
    "pairs": {
        "en": "write which letter belongs to which number, such as 1b 2a; {given} cannot be read",
        "ru": "напишите, какая буква к какому номеру относится, например 1b 2a; {given} прочитать нельзя",
        "hi": "लिखें कि कौन-सा अक्षर किस संख्या का है, जैसे 1b 2a; {given} पढ़ा नहीं जा सकता",
    },
}


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language, words["en"])


def rule(form: str, scoring: str | None, language: str) -> str:
    """How a question is answered and marked, in words; for all but numbers."""
    return _in(_RULES[f"{form}.{scoring}" if scoring else form], language)


def number_rule(is_tuple: bool, rtol: float, atol: float, language: str) -> str:
    """The same for numbers: what is asked for, and how far off an answer may be."""
    start = _in(_RULES["numeric.tuple" if is_tuple else "numeric"], language)
    if not rtol and not atol:
        # Russian and Hindi set the adverb off in their own ways; a comma reads well in all three.
        return f"{start}, {_in(_EXACT, language)}"
    bounds = [f"{shown(rtol * 100)} %"] * bool(rtol) + [shown(atol)] * bool(atol)
    return start + _in(_WITHIN, language).format(_in(_OR, language).join(bounds))


def reason(name: str, language: str, given: str, known: str = "") -> str:
    """Why an answer could not be read."""
    return _in(_REASONS[name], language).format(given=given, known=known)
