"""What `grader upgrade` says to a student, in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "nothing": {
        "en": "Nothing is new: this folder is up to date.",
        "ru": "Нового нет: в этой папке всё уже обновлено.",
        "hi": "कुछ नया नहीं है: यह फ़ोल्डर पहले से अद्यतन है।",
    },
    "resumed": {
        "en": "An earlier upgrade was interrupted; it is finished now.",
        "ru": "Прошлое обновление прервалось; теперь оно доведено до конца.",
        "hi": "पिछला upgrade बीच में रुक गया था; अब वह पूरा किया गया।",
    },
    "dry": {
        "en": "Nothing was written (--dry-run).",
        "ru": "Ничего не записано (--dry-run).",
        "hi": "कुछ भी लिखा नहीं गया (--dry-run)।",
    },
    "new-exercise": {"en": "+ {name}: new exercise", "ru": "+ {name}: новое задание", "hi": "+ {name}: नया अभ्यास"},
    "changed-exercise": {
        "en": "~ {name}: {parts}",
        "ru": "~ {name}: {parts}",
        "hi": "~ {name}: {parts}",
    },
    "gone-exercise": {
        "en": "- {name}: no longer in the course",
        "ru": "- {name}: этого задания в курсе больше нет",
        "hi": "- {name}: यह अभ्यास अब कोर्स में नहीं है",
    },
    "renamed-exercise": {
        "en": "~ {old} is called {name} now",
        "ru": "~ задание {old} теперь называется {name}",
        "hi": "~ {old} का नाम अब {name} है",
    },
    "moved-exercise": {
        "en": "~ {name} has moved to the topic {topic}",
        "ru": "~ задание {name} перенесено в тему {topic}",
        "hi": "~ {name} अब विषय {topic} में है",
    },
    "file-added": {"en": "+ {path}", "ru": "+ {path}", "hi": "+ {path}"},
    "file-changed": {"en": "~ {path}", "ru": "~ {path}", "hi": "~ {path}"},
    "file-removed": {"en": "- {path}", "ru": "- {path}", "hi": "- {path}"},
    "beside": {
        "en": "= {path}: you have changed it, so it stays; the new version is in {new}",
        "ru": "= {path}: вы его меняли, поэтому он остаётся как есть; новая версия лежит в {new}",
        "hi": "= {path}: इसे आपने बदला है, इसलिए यह जैसा है वैसा ही रहेगा; नया version {new} में है",
    },
    "orphan": {
        "en": "= {path}: your work stays, though the course no longer uses this file",
        "ru": "= {path}: ваша работа остаётся, хотя в курсе этот файл больше не используется",
        "hi": "= {path}: आपका काम बना रहेगा, हालाँकि कोर्स में अब यह फ़ाइल इस्तेमाल नहीं होती",
    },
    "carry": {
        "en": "= {path}: your work stays there; copy what you need into {new}",
        "ru": "= {path}: ваша работа остаётся здесь; перенесите нужное в {new}",
        "hi": "= {path}: आपका काम यहीं रहेगा; जो चाहिए उसे {new} में कॉपी कर लीजिए",
    },
    "blocked": {
        "en": "! {path}: something else of yours is in the way; move it, and upgrade again",
        "ru": "! {path}: это место занято чем-то вашим; переместите его и обновите ещё раз",
        "hi": "! {path}: वहाँ आपकी कोई और चीज़ है; उसे हटाकर फिर से upgrade कीजिए",
    },
    "busy": {
        "en": "! {path}: it changed while the upgrade ran and was left alone; upgrade again",
        "ru": "! {path}: файл изменился во время обновления и не тронут; обновите ещё раз",
        "hi": "! {path}: upgrade के बीच ही यह बदल गई, इसलिए इसे छुआ नहीं गया; फिर से upgrade कीजिए",
    },
    "stub": {"en": "stub", "ru": "заготовка", "hi": "stub"},
    "statement": {"en": "statement", "ru": "условие", "hi": "प्रश्न"},
    "tests": {"en": "visible tests", "ru": "открытые тесты", "hi": "खुले tests"},
    "settings": {"en": "settings and hints", "ru": "настройки и подсказки", "hi": "settings और संकेत"},
    "install": {
        "en": "The engine is new as well. Install it:",
        "ru": "Обновилась и сама программа. Установите её:",
        "hi": "grader भी नया आया है। उसे install कीजिए:",
    },
    "head": {
        "en": "New version of {name}; yours is untouched. What the course has changed in it:",
        "ru": "Новая версия {name}; ваш файл не тронут. Что в ней изменилось:",
        "hi": "{name} का नया version; आपकी फ़ाइल जैसी थी वैसी ही है। कोर्स ने इसमें यह बदला है:",
    },
    "no-bundle": {
        "en": "{root}: this folder is not from `grader release`, so nothing can be upgraded; go to the one with your exercises",
        "ru": "{root}: эта папка создана не командой `grader release`, обновлять нечего; перейдите в папку со своими заданиями",
        "hi": "{root}: यह फ़ोल्डर `grader release` से नहीं बना, इसलिए upgrade करने को कुछ नहीं; अपने अभ्यासों वाले फ़ोल्डर में जाइए",
    },
    "no-source": {
        "en": "{place}: this is neither a bundle nor a zip of one ({why}); name the file or folder that you were given",
        "ru": "{place}: это не папка с заданиями и не её zip ({why}); укажите тот файл или папку, что вам выдали",
        "hi": "{place}: यह न अभ्यासों का फ़ोल्डर है, न उसकी zip ({why}); जो फ़ाइल या फ़ोल्डर आपको दिया गया है, उसका नाम दीजिए",
    },
    "no-such": {"en": "there is no such file", "ru": "такого файла нет", "hi": "ऐसी कोई फ़ाइल नहीं है"},
    "no-ledger": {
        "en": "there is no .grader/bundle.json in it",
        "ru": "в нём нет .grader/bundle.json",
        "hi": "इसमें .grader/bundle.json नहीं है",
    },
    "damaged": {
        "en": "{place}: {path} is not what was handed out; get the bundle again",
        "ru": "{place}: {path} не такой, каким его выдали; получите набор заданий заново",
        "hi": "{place}: {path} वैसी नहीं है जैसी दी गई थी; bundle फिर से लीजिए",
    },
    "itself": {
        "en": "{place}: this is the folder that you are in; name the new one",
        "ru": "{place}: это та самая папка, в которой вы работаете; укажите новую",
        "hi": "{place}: यह वही फ़ोल्डर है जिसमें आप काम कर रहे हैं; नए वाले का नाम दीजिए",
    },
    "other-course": {
        "en": "{place}: it has none of your exercises, so it belongs to another course; unpack it into a folder of its own",
        "ru": "{place}: в нём нет ни одного из ваших заданий, это другой курс; распакуйте его в отдельную папку",
        "hi": "{place}: इसमें आपका एक भी अभ्यास नहीं है, यह किसी और कोर्स का है; इसे अलग फ़ोल्डर में खोलिए",
    },
    "which": {
        "en": "name the new bundle: grader upgrade NEW.zip (found here: {found})",
        "ru": "укажите новый набор заданий: grader upgrade NEW.zip (здесь найдено: {found})",
        "hi": "नए bundle का नाम दीजिए: grader upgrade NEW.zip (यहाँ मिले: {found})",
    },
    "none": {"en": "none", "ru": "ничего", "hi": "कोई नहीं"},
    "unwritable": {
        "en": "{place}: cannot be written: {why}; mend this and run the same command again, it goes on from here",
        "ru": "{place}: не удаётся записать: {why}; устраните причину и повторите команду, она продолжит с этого места",
        "hi": "{place}: लिखा नहीं जा सका: {why}; कारण दूर करके वही command फिर चलाइए, काम यहीं से आगे बढ़ेगा",
    },
}


def say(key: str, language: str, **values: object) -> str:
    """A sentence in a language, in English where there is none."""
    texts = _WORDS[key]
    return texts.get(language, texts["en"]).format(**values)
