"""The words of feedback pages in the languages of the kit; terminals take theirs from the catalogues in `locales`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.locales import LANGUAGES, number


@dataclass(frozen=True)
class Words:
    """The frame words of one language.

    Attributes:
        lang: for the `lang` attribute.
        quoted: a title in quotation marks.
        exercise, test: outcomes in words.
        points: "7.5 of 10 points" from score and maximum.
        tests: "5 of 7 tests passed" from both counts.
        exercises: "2 of 5 exercises are complete" from both counts.
        printed: "Your code printed 3 lines" from their count.
        Others hold one sentence or label; a `{}` stands where something is put in.
    """

    lang: str
    quoted: str
    exercise: Mapping[str, str]
    test: Mapping[str, str]
    points: Callable[[float, float], str]
    tests: Callable[[int, int], str]
    exercises: Callable[[int, int], str]
    printed: Callable[[int], str]
    caption: str
    column_result: str
    column_test: str
    column_points: str
    diagnosis: str
    notes: str
    not_begun: str
    our_fault: str
    unread: str
    waits_for: str
    same_as: str
    shortened: str
    more_lines: str
    returned: str
    expected: str
    difference: str
    picture: str
    picture_off: str
    picture_part: str
    picture_blocks: str
    picture_key: str
    picture_marked: str
    missing: str
    nothing_here: str
    stopped: str
    inner: str
    broken: str
    forbidden: str

    def number(self, value: float) -> str:
        """A number with at most two decimals, as the language writes it; digits are Latin in all of them."""
        return number(value, self.lang)


def words(language: str) -> Words:
    """The words of a language, English where there are none."""
    return _WORDS.get(language, _ENGLISH)


def languages() -> tuple[str, ...]:
    """The languages there are words in."""
    return LANGUAGES


def _russian(count: float, one: str, few: str, many: str) -> str:
    """The form of a noun after a number: 1 балл, 2 балла, 5 баллов, 21 балл, 1,5 балла."""
    if count != int(count):
        return few
    tens, ones = int(count) % 100, int(count) % 10
    if ones == 1 and tens != 11:
        return one
    return few if ones in (2, 3, 4) and tens not in (12, 13, 14) else many


def _english_points(score: float, best: float) -> str:
    return f"{_ENGLISH.number(score)} of {_ENGLISH.number(best)} {'point' if best == 1 else 'points'}"


def _russian_points(score: float, best: float) -> str:
    # After «из» stands the genitive: из 1 балла, из 2 баллов, из 10 баллов.
    noun = _russian(best, "балла", "баллов", "баллов") if best == int(best) else "балла"
    return f"{_RUSSIAN.number(score)} из {_RUSSIAN.number(best)} {noun}"


def _hindi_points(score: float, best: float) -> str:
    return f"{_HINDI.number(best)} में से {_HINDI.number(score)} अंक"


def _russian_tests(passed: int, total: int) -> str:
    verb = _russian(passed, "пройден", "пройдено", "пройдено")
    return f"{verb} {passed} {_russian(passed, 'тест', 'теста', 'тестов')} из {total}"


def _russian_exercises(passed: int, total: int) -> str:
    return f"Выполнено {passed} {_russian(passed, 'задание', 'задания', 'заданий')} из {total}"


_ENGLISH = Words(
    lang="en",
    quoted="“{}”",
    exercise={
        "passed": "complete",
        "failed": "not complete yet",
        "error": "stopped with an error",
        "not_started": "not started",
        "grader_error": "could not be checked",
    },
    test={
        "passed": "passed",
        "failed": "not passed",
        "error": "error",
        "skipped": "skipped",
        "not_started": "not started",
        "grader_error": "not checked",
    },
    points=_english_points,
    tests=lambda passed, total: f"{passed} of {total} {'test' if total == 1 else 'tests'} passed",
    exercises=lambda passed, total: f"{passed} of {total} {'exercise is' if total == 1 else 'exercises are'} complete",
    printed=lambda count: f"Your code printed {count} {'line' if count == 1 else 'lines'}",
    caption="Tests of {}",
    column_result="Result",
    column_test="Test",
    column_points="Points",
    diagnosis="This looks like a well-known slip",
    notes="Notes",
    not_begun="Nothing is written here yet.",
    our_fault="Something of ours broke while this was being checked. It is not your fault and costs you no point; please tell"
    " your teacher.",
    unread="No mark yet, and no point is lost: part of what you handed in could not be read, and this exercise may be in it: {}."
    " Hand it in again as plain .py or .ipynb files, or in an ordinary zip; if it is whole, ask your teacher to look.",
    waits_for="First this has to pass: {}.",
    same_as="The same as in {}.",
    shortened="shortened",
    more_lines="{} more",
    returned="returned",
    expected="expected",
    difference="difference",
    picture="Heat maps of what your code returned, what was expected and the difference; returned {}, expected {}.",
    picture_off="{} of {} values are off, most of all at {}.",
    picture_part="The part {} of the whole.",
    picture_blocks="Each cell stands for a block of {} values: their mean, and of the differences the largest.",
    picture_key="Blue is below zero, orange above.",
    picture_marked="Marked values are too far off.",
    missing="Not in this notebook yet, or its cell has not been run: {}",
    nothing_here="There is nothing to check here yet.",
    stopped="The check was stopped while {} was running. If your code was still at work, look for a loop that never ends.",
    inner="check() was called by the code that is being checked; the inner call does nothing.",
    broken="The check itself failed. It is not your fault; please tell your teacher this line: {}",
    forbidden="When this is graded you do without {}. This quick check does not watch for that.",
)

_RUSSIAN = Words(
    lang="ru",
    quoted="«{}»",
    exercise={
        "passed": "выполнено",
        "failed": "пока не выполнено",
        "error": "код остановился с ошибкой",
        "not_started": "не начато",
        "grader_error": "проверить не удалось",
    },
    test={
        "passed": "пройден",
        "failed": "не пройден",
        "error": "ошибка",
        "skipped": "пропущен",
        "not_started": "не начат",
        "grader_error": "не проверен",
    },
    points=_russian_points,
    tests=_russian_tests,
    exercises=_russian_exercises,
    printed=lambda count: f"Ваш код напечатал {count} {_russian(count, 'строку', 'строки', 'строк')}",
    caption="Тесты задания {}",
    column_result="Итог",
    column_test="Тест",
    column_points="Баллы",
    diagnosis="Похоже на известную ошибку",
    notes="Примечания",
    not_begun="Здесь пока ничего не написано.",
    our_fault="Во время проверки что-то сломалось у нас. Вы здесь ни при чём, и баллов это не стоит; скажите, пожалуйста,"
    " преподавателю.",
    unread="Оценки пока нет, и баллов это не стоит: часть сданного не удалось прочитать, а это задание может быть там: {}."
    " Сдайте его ещё раз обычными файлами .py или .ipynb либо в обычном zip-архиве; если с файлом всё в порядке, попросите"
    " преподавателя посмотреть.",
    waits_for="Сначала должен пройти тест {}.",
    same_as="То же, что и в тесте {}.",
    shortened="сокращено",
    more_lines="ещё {}",
    returned="получено",
    expected="ожидалось",
    difference="разность",
    picture="Тепловые карты: что вернул ваш код, что ожидалось и их разность; получено {}, ожидалось {}.",
    picture_off="Неверных значений: {} из {}, сильнее всего отличается {}.",
    picture_part="Показана часть {}.",
    picture_blocks="Каждая клетка — это блок из {} значений: их среднее, а в разности — наибольшее отклонение.",
    picture_key="Синее меньше нуля, оранжевое больше.",
    picture_marked="Отмечены слишком далёкие значения.",
    missing="В ноутбуке этого пока нет, или ячейка ещё не выполнена: {}",
    nothing_here="Здесь пока нечего проверять.",
    stopped="Проверка остановлена, пока шёл тест {}. Если ваш код ещё работал, поищите цикл, который никогда не кончается.",
    inner="check() вызван из того самого кода, который проверяется; внутренний вызов ничего не делает.",
    broken="Сама проверка дала сбой. Вы здесь ни при чём; покажите, пожалуйста, преподавателю эту строку: {}",
    forbidden="При выставлении баллов будут недоступны: {}. Эта быстрая проверка за этим не следит.",
)

_HINDI = Words(
    lang="hi",
    quoted="“{}”",
    exercise={
        "passed": "पूरा हुआ",
        "failed": "अभी पूरा नहीं",
        "error": "कोड त्रुटि पर रुक गया",
        "not_started": "शुरू नहीं किया",
        "grader_error": "जाँच नहीं हो सकी",
    },
    test={
        "passed": "सफल",
        "failed": "असफल",
        "error": "त्रुटि",
        "skipped": "छोड़ा गया",
        "not_started": "शुरू नहीं हुआ",
        "grader_error": "जाँचा नहीं गया",
    },
    points=_hindi_points,
    tests=lambda passed, total: f"{total} में से {passed} टेस्ट सफल",
    exercises=lambda passed, total: f"{total} में से {passed} अभ्यास {'पूरा' if passed == 1 else 'पूरे'}",
    printed=lambda count: f"आपके कोड ने {count} {'पंक्ति छापी' if count == 1 else 'पंक्तियाँ छापीं'}",
    caption="{} के टेस्ट",
    column_result="नतीजा",
    column_test="टेस्ट",
    column_points="अंक",
    diagnosis="यह एक जानी-पहचानी चूक लगती है",
    notes="टिप्पणियाँ",
    not_begun="यहाँ अभी कुछ नहीं लिखा गया है।",
    our_fault="जाँच के दौरान हमारी ओर से कुछ बिगड़ गया। इसमें आपकी ग़लती नहीं है और इससे कोई अंक नहीं कटेगा; कृपया अपने शिक्षक"
    " को बताइए।",
    unread="अभी अंक नहीं दिए गए हैं और कोई अंक नहीं कटा है: जमा किए गए काम का एक हिस्सा पढ़ा नहीं जा सका, और हो सकता है कि यह अभ्यास"
    " उसी में हो: {}। इसे सीधे .py या .ipynb फ़ाइलों में, या साधारण zip में फिर से जमा कीजिए; फ़ाइल ठीक हो तो अपने शिक्षक से"
    " देखने को कहिए।",
    waits_for="पहले यह टेस्ट सफल होना चाहिए: {}।",
    same_as="वही बात जो {} में है।",
    shortened="छोटा करके दिखाया गया",
    more_lines="{} और",
    returned="मिला",
    expected="अपेक्षित",
    difference="अंतर",
    picture="रंगीन तालिकाएँ: आपके कोड ने क्या लौटाया, क्या अपेक्षित था, और दोनों का अंतर; मिला {}, अपेक्षित {}।",
    picture_off="{1} में से {0} मान ग़लत हैं, सबसे ज़्यादा अंतर {2} पर है।",
    picture_part="पूरे array का हिस्सा {}।",
    picture_blocks="हर खाना {} मानों के एक block का है: उनका औसत, और अंतर में सबसे बड़ा अंतर।",
    picture_key="नीला शून्य से कम, नारंगी शून्य से ज़्यादा।",
    picture_marked="जिन मानों पर निशान है वे बहुत दूर हैं।",
    missing="इस notebook में अभी नहीं है, या उसकी cell चलाई नहीं गई: {}",
    nothing_here="यहाँ अभी जाँचने के लिए कुछ नहीं है।",
    stopped="{} चल रहा था, तभी जाँच रोक दी गई। अगर आपका कोड तब भी काम कर रहा था, तो ऐसा loop खोजिए जो कभी ख़त्म नहीं होता।",
    inner="check() को उसी कोड ने बुलाया है जिसकी जाँच हो रही है; भीतर वाली call कुछ नहीं करती।",
    broken="जाँच ख़ुद ही नहीं चल पाई। इसमें आपकी ग़लती नहीं है; कृपया यह पंक्ति अपने शिक्षक को दिखाइए: {}",
    forbidden="अंक देते समय ये उपलब्ध नहीं होंगे: {}। यह झटपट जाँच इस पर नज़र नहीं रखती।",
)

_WORDS = {found.lang: found for found in (_ENGLISH, _RUSSIAN, _HINDI)}
