"""The words around the panels of a picture, in the languages of the kit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PictureWords:
    """Labels and sentences; a `{}` stands where something is put in."""

    lang: str
    heading: str
    left_out: str
    not_yours: str
    masked: str
    off: str
    all_close: str
    other_shape: str
    chart: str
    curve: str
    dashed: str
    values: str
    expected_of: str
    large: str
    page_title: str
    page_heading: str


def picture_words(language: str) -> PictureWords:
    """The words of a language, English where there are none."""
    return _WORDS.get(language, _ENGLISH)


_ENGLISH = PictureWords(
    lang="en",
    heading="What your code draws",
    left_out="There is no picture of this yet, because of this:",
    not_yours="The picture could not be drawn. It is not your fault; please tell your teacher this line: {}",
    masked="– stands where the mask excludes a cell and its weight is zero, as it should be.",
    off="{} of {} values are off.",
    all_close="All values are as expected.",
    other_shape="The shape is {}, expected is {}.",
    chart="Chart over {}, from {} to {}; all its values stand in the table below it.",
    curve="{} goes from {} to {}.",
    dashed="Thin dotted lines show what is expected.",
    values="The values as a table",
    expected_of="{}, expected",
    large="Heat map of {} values, from {} to {}.",
    page_title="Results of the check",
    page_heading="Results of the check",
)

_RUSSIAN = PictureWords(
    lang="ru",
    heading="Что рисует ваш код",
    left_out="Рисунка пока нет, и вот почему:",
    not_yours="Рисунок не получился. Вы здесь ни при чём; покажите, пожалуйста, преподавателю эту строку: {}",
    masked="Знак – стоит там, где маска исключает клетку и её вес, как и положено, равен нулю.",
    off="Неверных значений: {} из {}.",
    all_close="Все значения такие, как ожидалось.",
    other_shape="Форма {}, а ожидалась {}.",
    chart="График по оси «{}», от {} до {}; все его значения есть в таблице под ним.",
    curve="«{}» меняется от {} до {}.",
    dashed="Тонкие линии из точек показывают, что ожидалось.",
    values="Значения в виде таблицы",
    expected_of="{}, ожидалось",
    large="Тепловая карта: значений {}, от {} до {}.",
    page_title="Результаты проверки",
    page_heading="Результаты проверки",
)

_HINDI = PictureWords(
    lang="hi",
    heading="आपका कोड क्या बनाता है",
    left_out="इसका चित्र अभी नहीं बन सका, कारण यह है:",
    not_yours="चित्र नहीं बन पाया। इसमें आपकी ग़लती नहीं है; कृपया यह पंक्ति अपने शिक्षक को दिखाइए: {}",
    masked="– वहाँ है जहाँ mask किसी खाने को हटाता है और उसका weight शून्य है, जैसा होना चाहिए।",
    off="{1} में से {0} मान ग़लत हैं।",
    all_close="सभी मान वैसे ही हैं जैसे अपेक्षित थे।",
    other_shape="shape {} है, जबकि {} अपेक्षित था।",
    chart="“{}” पर बना ग्राफ़, {} से {} तक; इसके सभी मान नीचे की तालिका में हैं।",
    curve="“{}” {} से {} तक जाता है।",
    dashed="बिंदुओं वाली पतली रेखाएँ दिखाती हैं कि क्या अपेक्षित था।",
    values="यही मान तालिका में",
    expected_of="{}, अपेक्षित",
    large="{} मानों की रंगीन तालिका, {} से {} तक।",
    page_title="जाँच के नतीजे",
    page_heading="जाँच के नतीजे",
)

_WORDS = {found.lang: found for found in (_ENGLISH, _RUSSIAN, _HINDI)}
