"""What a student reads in the terminal around the questions, in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "place": {
        "en": "Question {number} of {total}",
        "ru": "Вопрос {number} из {total}",
        "hi": "प्रश्न {number} / {total}",
    },
    "answered": {"en": "answered: {count}", "ru": "отвечено: {count}", "hi": "उत्तर दिए: {count}"},
    "points": {"en": "points: {points}", "ru": "баллы: {points}", "hi": "अंक: {points}"},
    "picture": {"en": "Picture: {alt} ({file})", "ru": "Рисунок: {alt} ({file})", "hi": "चित्र: {alt} ({file})"},
    "code": {"en": "Code:", "ru": "Код:", "hi": "कोड:"},
    "yours": {"en": "Your answer: {answer}", "ru": "Ваш ответ: {answer}", "hi": "आपका उत्तर: {answer}"},
    "none-yet": {"en": "not answered yet", "ru": "ответа ещё нет", "hi": "अभी उत्तर नहीं दिया"},
    "ask-single": {"en": "One letter", "ru": "Одна буква", "hi": "एक अक्षर"},
    "ask-multiple": {"en": "Letters, such as a c", "ru": "Буквы, например a c", "hi": "अक्षर, जैसे a c"},
    "ask-true_false": {"en": "t or f", "ru": "t или f, верно или неверно", "hi": "t या f, सही या ग़लत"},
    "ask-numeric": {"en": "Number", "ru": "Число", "hi": "संख्या"},
    "ask-text": {"en": "Word or term", "ru": "Слово или термин", "hi": "शब्द या पद"},
    "ask-ordering": {
        "en": "All letters in order, such as {example}",
        "ru": "Все буквы по порядку, например {example}",
        "hi": "सारे अक्षर क्रम से, जैसे {example}",
    },
    "ask-matching": {
        "en": "Numbers with letters, such as {example}",
        "ru": "Номера с буквами, например {example}",
        "hi": "संख्याओं के साथ अक्षर, जैसे {example}",
    },
    "keys": {
        "en": "Enter: next   /p: back   /5: go to 5   /c: clear   /r: review   /s: submit   /q: pause   /h: help",
        "ru": "Enter: дальше   /p: назад   /5: к вопросу 5   /c: стереть   /r: обзор   /s: сдать   /q: пауза   /h: помощь",
        "hi": "Enter: आगे   /p: पीछे   /5: प्रश्न 5   /c: मिटाएँ   /r: सूची   /s: जमा   /q: विराम   /h: मदद",
    },
    "help": {
        "en": "Write your answer and press Enter. It is saved at once; writing another one replaces it. Everything that begins "
        "with a slash is a command: /n next, /p back, /5 go to question 5, /c clear the answer, /r list all questions, "
        "/s submit, /q pause. You may stop at any moment, also with Ctrl-C, and go on later at the same question. "
        "An answer that begins with a slash is written with two.",
        "ru": "Напишите ответ и нажмите Enter. Он сразу сохраняется; новый ответ заменяет прежний. Всё, что начинается с косой "
        "черты, — команда: /n дальше, /p назад, /5 к вопросу 5, /c стереть ответ, /r список вопросов, /s сдать, /q пауза. "
        "Прерваться можно в любой момент, хоть через Ctrl-C, и потом продолжить с того же вопроса. Ответ, который сам "
        "начинается с косой черты, пишите с двумя.",
        "hi": "उत्तर लिखकर Enter दबाएँ। वह तुरंत सहेजा जाता है; दूसरा उत्तर पहले की जगह ले लेता है। तिरछी रेखा से शुरू होने वाली हर चीज़ "
        "आदेश है: /n आगे, /p पीछे, /5 प्रश्न 5 पर, /c उत्तर मिटाएँ, /r सब प्रश्नों की सूची, /s जमा करें, /q विराम। आप कभी भी रुक सकते हैं, "
        "Ctrl-C से भी, और बाद में उसी प्रश्न से आगे बढ़ सकते हैं। जो उत्तर स्वयं तिरछी रेखा से शुरू हो, उसे दो रेखाओं से लिखें।",
    },
    "saved": {"en": "Saved: {answer}", "ru": "Сохранено: {answer}", "hi": "सहेजा गया: {answer}"},
    "cleared": {"en": "The answer is cleared.", "ru": "Ответ стёрт.", "hi": "उत्तर मिटा दिया गया।"},
    "kept-but": {
        "en": "Saved as you wrote it, but {reason}. Write it again, or press Enter to go on.",
        "ru": "Сохранено, как написано, но {reason}. Напишите ещё раз или нажмите Enter.",
        "hi": "जैसा लिखा वैसा सहेजा गया, पर {reason}। फिर से लिखें, या आगे बढ़ने के लिए Enter दबाएँ।",
    },
    "kept-old": {
        "en": "Not saved: {reason}. Your answer stays {answer}.",
        "ru": "Не сохранено: {reason}. Остаётся ваш прежний ответ: {answer}.",
        "hi": "सहेजा नहीं गया: {reason}। आपका पिछला उत्तर बना रहा: {answer}।",
    },
    "other-language": {
        "en": "This sheet is not written in English; it is shown in another language.",
        "ru": "Этого листа нет на русском языке; он показан на другом.",
        "hi": "यह पत्र हिन्दी में नहीं है; इसे दूसरी भाषा में दिखाया जा रहा है।",
    },
    "no-command": {
        "en": "There is no command {given}; /h shows all.",
        "ru": "Команды {given} нет; /h покажет все.",
        "hi": "{given} नाम का आदेश नहीं है; /h सब दिखाता है।",
    },
    "no-question": {
        "en": "There is no question {given}; there are 1 to {total}.",
        "ru": "Вопроса {given} нет; есть с 1 по {total}.",
        "hi": "प्रश्न {given} नहीं है; 1 से {total} तक हैं।",
    },
    "first": {"en": "This is the first question.", "ru": "Это первый вопрос.", "hi": "यह पहला प्रश्न है।"},
    "review": {"en": "Review", "ru": "Обзор", "hi": "सूची"},
    "all-answered": {
        "en": "Every question is answered.",
        "ru": "На все вопросы есть ответ.",
        "hi": "सभी प्रश्नों के उत्तर दिए गए हैं।",
    },
    "left": {
        "en": "Not answered: {numbers}.",
        "ru": "Без ответа: {numbers}.",
        "hi": "उत्तर बाक़ी: {numbers}।",
    },
    "odd": {
        "en": "Answered, but cannot be read: {numbers}.",
        "ru": "Ответ есть, но прочитать его нельзя: {numbers}.",
        "hi": "उत्तर है, पर पढ़ा नहीं जा सकता: {numbers}।",
    },
    "review-keys": {
        "en": "/s: submit   a number: go to that question   /q: pause",
        "ru": "/s: сдать   номер: к этому вопросу   /q: пауза",
        "hi": "/s: जमा करें   संख्या: उस प्रश्न पर   /q: विराम",
    },
    "sure": {
        "en": "Submit now? Write yes, or press Enter to go back.",
        "ru": "Сдать сейчас? Напишите да или нажмите Enter, чтобы вернуться.",
        "hi": "अभी जमा करें? हाँ लिखें, या लौटने के लिए Enter दबाएँ।",
    },
    "paused": {
        "en": "Paused at question {number} of {total}. Everything is saved in {file}; the same command goes on here.",
        "ru": "Пауза на вопросе {number} из {total}. Всё сохранено в {file}; та же команда продолжит отсюда.",
        "hi": "प्रश्न {number} / {total} पर विराम। सब कुछ {file} में सहेजा है; वही आदेश यहीं से आगे बढ़ाएगा।",
    },
    "unsaved": {
        "en": "These answers could NOT be saved, copy them: {answers}",
        "ru": "Эти ответы сохранить НЕ удалось, скопируйте их: {answers}",
        "hi": "ये उत्तर सहेजे नहीं जा सके, इन्हें कहीं लिख लें: {answers}",
    },
    "resumed": {
        "en": "Going on where you paused; answered so far: {count} of {total}.",
        "ru": "Продолжаем с места паузы; уже отвечено: {count} из {total}.",
        "hi": "जहाँ रुके थे वहीं से आगे; अब तक उत्तर दिए: {count} / {total}।",
    },
    "submitted": {
        "en": "Submitted: {count} of {total} answered, in {file}.",
        "ru": "Сдано: отвечено {count} из {total}, файл {file}.",
        "hi": "जमा हुआ: {count} / {total} उत्तर, फ़ाइल {file}।",
    },
    "instructor": {
        "en": "Your instructor marks it; hand this file in with your assignment.",
        "ru": "Проверит преподаватель; сдайте этот файл вместе с заданием.",
        "hi": "इसे आपके शिक्षक जाँचेंगे; यह फ़ाइल अपने असाइनमेंट के साथ जमा करें।",
    },
    "done-keys": {
        "en": "Enter: leave   /o: reopen and change answers",
        "ru": "Enter: выйти   /o: открыть снова и изменить ответы",
        "hi": "Enter: बाहर   /o: फिर से खोलें और उत्तर बदलें",
    },
    "reopened": {
        "en": "Open again. Remember to submit.",
        "ru": "Снова открыто. Не забудьте сдать.",
        "hi": "फिर से खुला है। जमा करना न भूलें।",
    },
    "score": {"en": "{score} of {most} points", "ru": "баллы: {score} из {most}", "hi": "{most} में से {score} अंक"},
    "right": {"en": "right", "ru": "верно", "hi": "सही"},
    "partly": {"en": "partly right", "ru": "верно отчасти", "hi": "आंशिक रूप से सही"},
    "wrong": {"en": "wrong", "ru": "неверно", "hi": "ग़लत"},
    "either": {"en": "does not count", "ru": "не учитывается", "hi": "गिना नहीं जाता"},
    "unanswered": {"en": "not answered", "ru": "нет ответа", "hi": "उत्तर नहीं दिया"},
    "chosen": {"en": "your choice", "ru": "ваш выбор", "hi": "आपका चुनाव"},
    "solution": {"en": "Solution: {solution}", "ru": "Решение: {solution}", "hi": "हल: {solution}"},
    "you-chose": {"en": "you chose: {given}", "ru": "вы выбрали: {given}", "hi": "आपने चुना: {given}"},
    "other-student": {
        "en": "{file} holds the answers of {owner}, and you are {student}. Choose another folder (--folder), or go on as "
        "{owner} (--student).",
        "ru": "В {file} ответы другого студента ({owner}), а вы — {student}. Выберите другую папку (--folder) или продолжайте "
        "под именем {owner} (--student).",
        "hi": "{file} में {owner} के उत्तर हैं, और आप {student} हैं। दूसरा फ़ोल्डर चुनें (--folder), या {owner} के नाम से आगे बढ़ें (--student)।",
    },
}

# What may be written behind the slash; single letters are the same in all languages.
COMMANDS: Mapping[str, frozenset[str]] = {
    "next": frozenset({"n", "next", "д", "дальше", "आगे"}),
    "back": frozenset({"p", "b", "previous", "back", "н", "назад", "पीछे"}),
    "clear": frozenset({"c", "clear", "с", "стереть", "मिटाएँ"}),
    "review": frozenset({"r", "review", "list", "о", "обзор", "सूची"}),
    "submit": frozenset({"s", "submit", "сдать", "जमा"}),
    "pause": frozenset({"q", "quit", "exit", "pause", "п", "пауза", "выход", "विराम"}),
    "help": frozenset({"h", "help", "?", "помощь", "मदद"}),
    "reopen": frozenset({"o", "open", "reopen", "открыть", "खोलें"}),
}
YES = frozenset({"y", "yes", "д", "да", "हाँ", "हां", "/s", "/submit"})


def say(name: str, language: str, /, **values: object) -> str:
    """A text with its values filled in; English where a language is not known."""
    words = _WORDS[name]
    return words.get(language, words["en"]).format(**values)
