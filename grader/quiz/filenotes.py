"""What students and instructors are told about a file of answers, in the languages of the kit."""

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
    "unusable": {
        "en": "the file of answers cannot be used: {reason}",
        "ru": "файл с ответами использовать нельзя: {reason}",
        "hi": "उत्तरों की फ़ाइल का उपयोग नहीं हो सकता: {reason}",
    },
    "nothing-answered": {
        "en": "no question is answered",
        "ru": "нет ни одного ответа",
        "hi": "किसी प्रश्न का उत्तर नहीं है",
    },
    "unanswered": {"en": "not answered", "ru": "нет ответа", "hi": "उत्तर नहीं दिया"},
    "not-submitted": {
        "en": "the answers were saved but not submitted",
        "ru": "ответы сохранены, но не сданы",
        "hi": "उत्तर सहेजे गए, पर जमा नहीं किए गए",
    },
    "mark-not-asked": {
        "en": "answers to questions that are not asked: {ids}",
        "ru": "ответы на вопросы, которых нет: {ids}",
        "hi": "ऐसे प्रश्नों के उत्तर जो पूछे नहीं गए: {ids}",
    },
    "variant-unknown": {
        "en": "there is no variant {given}; marked by the student's own, {own}",
        "ru": "варианта {given} нет; проверено по собственному варианту {own}",
        "hi": "संस्करण {given} नहीं है; छात्र के अपने संस्करण {own} से जाँचा गया",
    },
    "begun-as": {
        "en": "begun under the name {name}, whose variant {variant} was marked",
        "ru": "начато под именем {name}; проверено по его варианту {variant}",
        "hi": "{name} नाम से शुरू किया गया; उसी के संस्करण {variant} से जाँचा गया",
    },
    "variant-of-another": {
        "en": "marked by variant {variant} as recorded; the student's own is {own}",
        "ru": "проверено по записанному варианту {variant}; собственный вариант — {own}",
        "hi": "लिखे हुए संस्करण {variant} से जाँचा गया; छात्र का अपना संस्करण {own} है",
    },
    "layout-of-variant": {
        "en": "answered on the sheet of variant {variants} and marked so: {ids}",
        "ru": "отвечено по листу варианта {variants}, так и проверено: {ids}",
        "hi": "संस्करण {variants} के पत्र पर उत्तर दिए गए और वैसे ही जाँचे गए: {ids}",
    },
    "layout-mapped": {
        "en": "the bank was changed since; letters are read in the order that the student saw: {ids}",
        "ru": "банк с тех пор изменён; буквы прочитаны в том порядке, который видел студент: {ids}",
        "hi": "बैंक तब से बदला है; अक्षर उसी क्रम में पढ़े गए जो छात्र ने देखा था: {ids}",
    },
    "layout-unknown": {
        "en": "these were changed since, or their `layouts` were edited, so that the answers cannot be read: {ids}. Look at them "
        "yourself, or take them out of `layouts` to mark them by the bank as it is now.",
        "ru": "эти вопросы с тех пор изменены или их `layouts` правлены, и ответы прочитать нельзя: {ids}. Посмотрите сами или "
        "уберите их из `layouts`, чтобы проверить по нынешнему банку.",
        "hi": "ये प्रश्न तब से बदले हैं या इनके `layouts` बदले गए हैं, इसलिए उत्तर पढ़े नहीं जा सकते: {ids}। स्वयं देखें, या मौजूदा "
        "बैंक से जाँचने के लिए उन्हें `layouts` से हटा दें।",
    },
    "cannot-map": {
        "en": "this question was changed after you answered it; your instructor will look at it",
        "ru": "этот вопрос изменён после вашего ответа; его посмотрит преподаватель",
        "hi": "आपके उत्तर के बाद यह प्रश्न बदला गया; इसे आपके शिक्षक देखेंगे",
    },
    "other-secret": {
        "en": "no answer belongs to this bank and secret; mark with the --course-secret that the sheets were released with",
        "ru": "ни один ответ не подходит к этому банку и секрету; проверяйте с тем --course-secret, с которым выданы листы",
        "hi": "कोई उत्तर इस बैंक और गुप्त कुंजी से मेल नहीं खाता; उसी --course-secret से जाँचें जिससे पत्र जारी हुए थे",
    },
}


def note(which: str, language: str, /, **values: object) -> str:
    """A note with its values filled in; English where a language is not known."""
    words = _NOTES[which]
    return words.get(language, words["en"]).format(**values)
