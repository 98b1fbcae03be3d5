"""What the form of a quiz says around the questions, in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "question": {"en": "Question {} of {}", "ru": "Вопрос {} из {}", "hi": "प्रश्न {} / {}"},
    "worth": {"en": "points: {}", "ru": "баллы: {}", "hi": "अंक: {}"},
    "code": {"en": "Code", "ru": "Код", "hi": "कोड"},
    "answer": {"en": "Answer", "ru": "Ответ", "hi": "उत्तर"},
    "clear": {"en": "Clear the answer", "ru": "Убрать ответ", "hi": "उत्तर हटाएँ"},
    "up": {"en": "Move up", "ru": "Выше", "hi": "ऊपर ले जाएँ"},
    "down": {"en": "Move down", "ru": "Ниже", "hi": "नीचे ले जाएँ"},
    "moved": {"en": "{} is now {} of {}.", "ru": "{}: теперь {} из {}.", "hi": "{} अब {} / {} पर है।"},
    "no_order": {
        "en": "Not answered yet: nothing was moved.",
        "ru": "Ответа пока нет: ничего не переставлено.",
        "hi": "अभी उत्तर नहीं दिया गया: कुछ भी खिसकाया नहीं गया।",
    },
    "keep_order": {
        "en": "Answer with this order",
        "ru": "Ответить в этом порядке",
        "hi": "यही क्रम उत्तर है",
    },
    "progress": {"en": "Answered questions", "ru": "Отвеченные вопросы", "hi": "उत्तर दिए गए प्रश्न"},
    "answered_of": {"en": "{} of {} answered", "ru": "отвечено {} из {}", "hi": "{} / {} के उत्तर दिए"},
    "saved_in": {
        "en": "Every answer is saved at once in the file {}.",
        "ru": "Каждый ответ сразу сохраняется в файле {}.",
        "hi": "हर उत्तर तुरंत फ़ाइल {} में सहेजा जाता है।",
    },
    "saved": {"en": "Saved.", "ru": "Сохранено.", "hi": "सहेजा गया।"},
    "not_saved": {
        "en": "Not saved yet: the kernel is busy or has stopped. If this stays, run the cell again.",
        "ru": "Пока не сохранено: ядро занято или остановлено. Если надпись не исчезает, выполните ячейку ещё раз.",
        "hi": "अभी सहेजा नहीं गया: kernel व्यस्त है या रुक गया है। यह संदेश बना रहे तो cell फिर से चलाएँ।",
    },
    "submit": {"en": "Submit", "ru": "Сдать", "hi": "जमा करें"},
    "reopen": {"en": "Go on answering", "ru": "Вернуться к ответам", "hi": "उत्तर बदलें"},
    "reopened": {
        "en": "You may change your answers again.",
        "ru": "Ответы снова можно менять.",
        "hi": "अब आप उत्तर फिर से बदल सकते हैं।",
    },
    "submitted": {
        "en": "Submitted: {} of {} answered. The answers are in {}; hand it in together with the notebook.",
        "ru": "Сдано, отвечено {} из {}. Ответы лежат в файле {}; сдайте его вместе с блокнотом.",
        "hi": "जमा हुआ: {} / {} के उत्तर दिए। उत्तर फ़ाइल {} में हैं; इसे notebook के साथ सौंपें।",
    },
    "score": {"en": "{} of {} points.", "ru": "Баллы: {} из {}.", "hi": "{} / {} अंक।"},
    "of_points": {"en": "{} of {}", "ru": "{} из {}", "hi": "{} / {}"},
    "right": {"en": "Right", "ru": "Верно", "hi": "सही"},
    "partly": {"en": "Partly right", "ru": "Верно отчасти", "hi": "आंशिक रूप से सही"},
    "wrong": {"en": "Not right", "ru": "Неверно", "hi": "सही नहीं"},
    "unanswered": {"en": "Not answered", "ru": "Без ответа", "hi": "उत्तर नहीं दिया"},
    "invalid": {
        "en": "The answer could not be read",
        "ru": "Ответ не удалось прочитать",
        "hi": "उत्तर पढ़ा नहीं जा सका",
    },
    "chosen": {"en": "your choice", "ru": "ваш выбор", "hi": "आपका चुनाव"},
    "option_right": {"en": "Right", "ru": "Верно", "hi": "सही"},
    "option_wrong": {"en": "Wrong", "ru": "Неверно", "hi": "ग़लत"},
    "option_either": {"en": "Does not count", "ru": "Не учитывается", "hi": "गिना नहीं जाता"},
    "placed": {"en": "In place", "ru": "На месте", "hi": "सही जगह"},
    "misplaced": {"en": "Out of place", "ru": "Не на месте", "hi": "ग़लत जगह"},
    "solution": {"en": "Right is", "ru": "Верный ответ", "hi": "सही उत्तर"},
    # -- where no form can be shown, and in plain Python
    "no_form": {
        "en": "The form cannot be shown here. Answer in a cell, in plain Python:",
        "ru": "Здесь форму показать нельзя. Отвечайте в ячейке, на обычном Python:",
        "hi": "यहाँ फ़ॉर्म नहीं दिखाया जा सकता। किसी cell में सीधे Python में उत्तर दें:",
    },
    "install": {
        "en": "For the form: pip install anywidget, then restart the kernel.",
        "ru": "Чтобы появилась форма: pip install anywidget, затем перезапустите ядро.",
        "hi": "फ़ॉर्म के लिए: pip install anywidget, फिर kernel दोबारा शुरू करें।",
    },
    "again": {
        "en": "No form here? Run this cell.",
        "ru": "Формы нет? Выполните эту ячейку.",
        "hi": "फ़ॉर्म नहीं दिख रहा? यह cell चलाएँ।",
    },
    "yours": {"en": "your answer", "ru": "ваш ответ", "hi": "आपका उत्तर"},
    "no_question": {
        "en": "the quiz {bank} has no question {given!r}{nearest}; its questions are: {known}",
        "ru": "в тесте {bank} нет вопроса {given!r}{nearest}; вопросы: {known}",
        "hi": "क्विज़ {bank} में {given!r} नाम का प्रश्न नहीं है{nearest}; प्रश्न हैं: {known}",
    },
    "no_answer": {"en": "there is no answer to {!r} yet", "ru": "на {!r} ответа ещё нет", "hi": "{!r} का उत्तर अभी नहीं दिया गया"},
    "no_json": {
        "en": "{!r}: an answer is a text, a number, True, False, or a list or dict of these; {} is none",
        "ru": "{!r}: ответ записывают текстом, числом, True или False, списком или словарём из них; {} не годится",
        "hi": "{!r}: उत्तर text, संख्या, True, False या इनकी list या dict होता है; {} इनमें से नहीं है",
    },
}


def form_words(language: str) -> dict[str, str]:
    """All of them in a language; English where there are none."""
    return {name: words.get(language, words["en"]) for name, words in _WORDS.items()}
