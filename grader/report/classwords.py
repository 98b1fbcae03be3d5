"""The words of a class's report in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.report.besidewords import ENGLISH, HINDI, RUSSIAN, BesideWords


@dataclass(frozen=True)
class ClassWords:
    """Headings, labels and sentences of one language; a `{}` stands where something is put in.

    Attributes:
        share: how many of how many, without a noun.
        limits: by the kind of a `Limit`.
    """

    title: str
    contents: str
    students: str
    results: str
    empty: str
    mistakes: str
    mistakes_about: str
    mistakes_none: str
    mistake: str
    hint: str
    share: str
    who: str
    more: str
    causes: str
    causes_about: str
    cause: str
    not_loaded: str
    looks: str
    looks_none: str
    looks_notice: str
    broken: str
    unread: str
    broken_marked: str
    broken_unmarked: str
    flagged: str
    unsandboxed: str
    versions: str
    why: str
    marks: str
    marks_figure: str
    marks_axis: str
    marks_bin: str
    mean: str
    median: str
    full: str
    unknown: str
    as_table: str
    exercises: str
    exercise: str
    outcomes: str
    tests: str
    tests_about: str
    time: str
    time_about: str
    seconds: str
    longest: str
    slow: str
    slow_about: str
    slow_none: str
    took: str
    usual: str
    limits_title: str
    limits_about: str
    limits_none: str
    limit: str
    limits: Mapping[str, str]
    beside: BesideWords
    list: str
    list_show: str
    total: str
    open: str
    none: str
    of_student: str
    of_student_open: str
    details: str


def class_words(language: str) -> ClassWords:
    """The words of a language, English where there are none."""
    return _WORDS.get(language, _ENGLISH)


_ENGLISH = ClassWords(
    title="The class",
    contents="Contents",
    students="Students",
    results="Results",
    empty="There are no results yet.",
    mistakes="Known mistakes",
    mistakes_about="Answers that fail exactly as a known mistake does, the most frequent mistake first. The share is of all who"
    " began the exercise; an answer that fits several mistakes counts for each.",
    mistakes_none="No answer fits a known mistake.",
    mistake="Mistake",
    hint="What it means",
    share="{} of {}",
    who="Who",
    more="{} more mistakes",
    causes="Other wrong answers",
    causes_about="Answers that fit no known mistake, by the first test that they fail. What is frequent here deserves an entry in"
    " the exercise’s mistakes.yaml.",
    cause="First failing test",
    not_loaded="None was run",
    looks="For you to look at",
    looks_none="Nothing waits for you.",
    looks_notice="Results that wait for you: {}",
    broken="failure of ours",
    unread="part of the hand-in could not be read: ask for it again, or look at it yourself",
    broken_marked="an earlier mark stays",
    broken_unmarked="no mark",
    flagged="flagged",
    unsandboxed="Results without the sandbox: {}. Such code could reach the grader; grade them again where bubblewrap works.",
    versions="Marks given by different versions of the tests: {}. Grade these again, so that all are measured alike.",
    why="Why",
    marks="Marks",
    marks_figure="Students by their share of the points: {}",
    marks_axis="Share of the points",
    marks_bin="{} to {} %",
    mean="Mean",
    median="Median",
    full="Full marks",
    unknown="Total not known yet",
    as_table="The figure as a table",
    exercises="Exercises",
    exercise="Exercise",
    outcomes="Outcomes",
    tests="Tests",
    tests_about="Of those who began the exercise. Where a test passes rarely, the promise that it checks was not understood.",
    time="Time and limits",
    time_about="Wall-clock seconds of those who began. Records hold no figures of memory; it shows only where its limit was"
    " reached.",
    seconds="Median, s",
    longest="Longest, s",
    slow="Unusually slow",
    slow_about="More than three quartile distances above the upper quartile of the exercise, and more than twice its median.",
    slow_none="None is unusually slow.",
    took="Seconds",
    usual="Median, s",
    limits_title="Limits reached",
    limits_about="Answers that ran into a limit of the sandbox in at least one test.",
    limits_none="No answer ran into a limit.",
    limit="Limit",
    limits={
        "time": "time",
        "memory": "memory",
        "output": "printed text",
        "processes": "processes",
        "died": "the process ended",
    },
    beside=ENGLISH,
    list="All students",
    list_show="Points of every student",
    total="Total",
    open="open",
    none="–",
    of_student="Results of {}",
    of_student_open="The total is open until everything could be checked.",
    details="Exercise by exercise",
)

_RUSSIAN = ClassWords(
    title="Группа",
    contents="Содержание",
    students="Студенты",
    results="Результаты",
    empty="Результатов пока нет.",
    mistakes="Известные ошибки",
    mistakes_about="Решения, которые ошибаются в точности так, как известная ошибка; сначала самые частые. Доля — от всех, кто"
    " начал задание; решение, к которому подходит несколько ошибок, учтено в каждой.",
    mistakes_none="Ни одно решение не совпало с известной ошибкой.",
    mistake="Ошибка",
    hint="В чём она состоит",
    share="{} из {}",
    who="Кто",
    more="Другие ошибки: {}",
    causes="Прочие неверные решения",
    causes_about="Решения, к которым не подходит ни одна известная ошибка, по первому непройденному тесту. Частое стоит внести в"
    " mistakes.yaml этого задания.",
    cause="Первый непройденный тест",
    not_loaded="Тесты не запускались",
    looks="Требует вашего внимания",
    looks_none="Ничего не требует вашего внимания.",
    looks_notice="Результаты, которые требуют вашего внимания: {}",
    broken="сбой у нас",
    unread="часть сданного не удалось прочитать: попросите сдать ещё раз или посмотрите сами",
    broken_marked="прежняя оценка остаётся",
    broken_unmarked="оценки нет",
    flagged="отмечено",
    unsandboxed="Результаты, полученные без песочницы: {}. Такой код мог добраться до проверяющей программы; проверьте их снова"
    " там, где работает bubblewrap.",
    versions="Оценки за эти задания поставлены разными версиями тестов: {}. Проверьте их снова, чтобы мерка была у всех одна.",
    why="Почему",
    marks="Оценки",
    marks_figure="Число студентов по доле набранных баллов: {}",
    marks_axis="Доля баллов",
    marks_bin="от {} до {} %",
    mean="Среднее",
    median="Медиана",
    full="Максимум баллов",
    unknown="Сумма пока неизвестна",
    as_table="То же таблицей",
    exercises="Задания",
    exercise="Задание",
    outcomes="Итоги",
    tests="Тесты",
    tests_about="Среди тех, кто начал задание. Если тест проходит редко, значит, то, что он проверяет, осталось непонятым.",
    time="Время и ограничения",
    time_about="Секунды по часам у тех, кто начал задание. Расход памяти в записях не хранится; он виден только там,"
    " где её не хватило.",
    seconds="Медиана, с",
    longest="Дольше всего, с",
    slow="Необычно медленные",
    slow_about="Выше верхнего квартиля задания более чем на три межквартильных размаха и более чем вдвое дольше медианы.",
    slow_none="Необычно медленных нет.",
    took="Секунды",
    usual="Медиана, с",
    limits_title="Достигнутые ограничения",
    limits_about="Решения, которые хотя бы в одном тесте упёрлись в ограничение песочницы.",
    limits_none="Ни одно решение не упёрлось в ограничение.",
    limit="Ограничение",
    limits={
        "time": "время",
        "memory": "память",
        "output": "объём вывода",
        "processes": "число процессов",
        "died": "процесс завершился",
    },
    beside=RUSSIAN,
    list="Все студенты",
    list_show="Баллы каждого студента",
    total="Всего",
    open="неизвестно",
    none="–",
    of_student="Результаты: {}",
    of_student_open="Сумма станет известна, когда удастся проверить всё.",
    details="По заданиям",
)

_HINDI = ClassWords(
    title="कक्षा",
    contents="विषय-सूची",
    students="विद्यार्थी",
    results="नतीजे",
    empty="अभी कोई नतीजा नहीं है।",
    mistakes="जानी-पहचानी चूकें",
    mistakes_about="वे उत्तर जो ठीक किसी जानी-पहचानी चूक की तरह ग़लत हैं; सबसे आम चूक पहले। हिस्सा उन सबका है जिन्होंने अभ्यास शुरू किया;"
    " जिस उत्तर पर कई चूकें बैठती हैं, वह हर एक में गिना गया है।",
    mistakes_none="कोई उत्तर किसी जानी-पहचानी चूक से मेल नहीं खाता।",
    mistake="चूक",
    hint="इसका मतलब",
    share="{1} में से {0}",
    who="कौन",
    more="बाकी चूकें: {}",
    causes="बाकी ग़लत उत्तर",
    causes_about="वे उत्तर जिन पर कोई जानी-पहचानी चूक नहीं बैठती, पहले असफल टेस्ट के हिसाब से। जो यहाँ बार-बार दिखे, उसे अभ्यास की"
    " mistakes.yaml में जोड़ना चाहिए।",
    cause="पहला असफल टेस्ट",
    not_loaded="कोई टेस्ट नहीं चला",
    looks="आपको देखना है",
    looks_none="आपके देखने को कुछ नहीं है।",
    looks_notice="जो नतीजे आपको देखने हैं: {}",
    broken="हमारी ओर से गड़बड़ी",
    unread="जमा किए गए काम का एक हिस्सा पढ़ा नहीं जा सका: फिर से जमा करवाइए या ख़ुद देखिए",
    broken_marked="पहले वाले अंक बने हुए हैं",
    broken_unmarked="अंक नहीं हैं",
    flagged="निशान लगा है",
    unsandboxed="sandbox के बिना मिले नतीजे: {}। ऐसा कोड जाँचने वाले प्रोग्राम तक पहुँच सकता था; इन्हें वहाँ दोबारा"
    " जाँचिए जहाँ bubblewrap चलता हो।",
    versions="इनके अंक टेस्टों के अलग-अलग संस्करणों से मिले हैं: {}। इन्हें दोबारा जाँचिए, ताकि सबको एक ही पैमाने पर परखा जाए।",
    why="क्यों",
    marks="अंक",
    marks_figure="कितने विद्यार्थियों को अंकों का कितना हिस्सा मिला: {}",
    marks_axis="अंकों का हिस्सा",
    marks_bin="{} से {} %",
    mean="औसत",
    median="माध्यिका",
    full="पूरे अंक",
    unknown="कुल अभी पता नहीं",
    as_table="यही चित्र तालिका में",
    exercises="अभ्यास",
    exercise="अभ्यास",
    outcomes="परिणाम",
    tests="टेस्ट",
    tests_about="उनमें से जिन्होंने अभ्यास शुरू किया। जो टेस्ट कम सफल होता है, वह जिस बात को परखता है वह समझ में नहीं आई है।",
    time="समय और सीमाएँ",
    time_about="जिन्होंने शुरू किया, उनके घड़ी के सेकंड। record में memory के आँकड़े नहीं होते; वह वहीं दिखती है जहाँ उसकी सीमा आ गई।",
    seconds="माध्यिका, से.",
    longest="सबसे लंबा, से.",
    slow="असामान्य रूप से धीमे",
    slow_about="अभ्यास के ऊपरी quartile से तीन quartile-दूरी से भी ज़्यादा ऊपर, और माध्यिका के दोगुने से ज़्यादा।",
    slow_none="कोई असामान्य रूप से धीमा नहीं है।",
    took="सेकंड",
    usual="माध्यिका, से.",
    limits_title="जहाँ सीमा आ गई",
    limits_about="वे उत्तर जो कम से कम एक टेस्ट में sandbox की किसी सीमा पर रुके।",
    limits_none="कोई उत्तर किसी सीमा पर नहीं रुका।",
    limit="सीमा",
    limits={
        "time": "समय",
        "memory": "memory",
        "output": "छपा हुआ text",
        "processes": "process की संख्या",
        "died": "process ख़त्म हो गई",
    },
    beside=HINDI,
    list="सभी विद्यार्थी",
    list_show="हर विद्यार्थी के अंक",
    total="कुल",
    open="पता नहीं",
    none="–",
    of_student="{} के नतीजे",
    of_student_open="जब सब कुछ जाँचा जा सकेगा, तब कुल अंक पता चलेंगे।",
    details="एक-एक अभ्यास",
)

_WORDS = {"en": _ENGLISH, "ru": _RUSSIAN, "hi": _HINDI}
