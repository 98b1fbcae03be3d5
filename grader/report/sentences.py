"""The judge's sentences in Russian and Hindi, each under its English form, which is what a record holds.

A `{}` with a name stands where a value is put in; `_PATTERNS` and `_AGAIN` in `translate.py` say what it may be.
"""

from __future__ import annotations

# English, Russian, Hindi. The first that fits counts, so the longer form of a sentence stands before the shorter one.
SENTENCES: tuple[tuple[str, str, str], ...] = (
    # What a value is, and what was promised
    ("an object of type {type}", "объект типа {type}", "{type} type का object"),
    ("an object of type {type} ({detail})", "объект типа {type} ({detail})", "{type} type का object ({detail})"),
    (
        "an ndarray of {dtype}, not of real numbers,",
        "массив ndarray, {dtype}, а не из вещественных чисел",
        "ndarray, {dtype}, जिसमें वास्तविक संख्याएँ (real numbers) नहीं हैं",
    ),
    (
        "a tensor of {dtype}, not of real numbers,",
        "тензор, {dtype}, а не из вещественных чисел",
        "tensor, {dtype}, जिसमें वास्तविक संख्याएँ (real numbers) नहीं हैं",
    ),
    ("an ndarray of {dtype}, shape {shape}", "массив ndarray, {dtype}, форма {shape}", "ndarray, {dtype}, shape {shape}"),
    ("a tensor of {dtype}, shape {shape}", "тензор, {dtype}, форма {shape}", "tensor, {dtype}, shape {shape}"),
    ("a list of {n}", "список (list) длины {n}", "{n} items की list"),
    ("a tuple of {n}", "кортеж (tuple) длины {n}", "{n} items का tuple"),
    ("a tuple of {all}", "кортеж (tuple): {all}", "tuple: {all}"),
    ("an array", "массив", "array"),
    ("an ndarray", "массив ndarray", "ndarray"),
    ("an integer", "целое число", "पूर्णांक"),
    ("a number", "число", "संख्या"),
    ("a dict", "словарь (dict)", "dict"),
    ("a tensor", "тензор", "tensor"),
    ("a torch tensor", "тензор torch", "torch tensor"),
    ("a torch module", "модуль torch", "torch module"),
    ("anything", "что угодно", "कुछ भी"),
    ("a {name}", "{name}", "{name}"),
    # Promises that are not kept
    ("in {place}: {rest}", "в {place}: {rest}", "{place} में: {rest}"),
    (
        "{kind} came back where {wanted} is promised",
        "получено: {kind}; по условию нужно: {wanted}",
        "मिला: {kind}; शर्त के अनुसार चाहिए: {wanted}",
    ),
    ("the key {key} is missing", "нет ключа {key}", "key {key} नहीं है"),
    (
        "the shape is {shape}, another one is right",
        "форма (shape) — {shape}, а должна быть другой",
        "shape {shape} है, सही shape कुछ और है",
    ),
    (
        "the values are bool where numbers are promised",
        "значения типа bool, а по условию нужны числа",
        "मान bool हैं, जबकि संख्याएँ चाहिए",
    ),
    ("the value is no number of ordinary size", "это не число обычной величины", "यह साधारण आकार की संख्या नहीं है"),
    ("{n} of {m} values are NaN", "значений NaN: {n} из {m}", "{m} में से {n} मान NaN हैं"),
    ("{n} of {m} values are infinite", "бесконечных значений: {n} из {m}", "{m} में से {n} मान अनंत हैं"),
    (
        "{n} of {m} values are off, largest error {worst} at {spot} (allowed: {atol} + {rtol} of the value)",
        "неверных значений: {n} из {m}, сильнее всего, на {worst}, отличается {spot} (допустимо: {atol} + {rtol} от значения)",
        "{m} में से {n} मान ग़लत हैं, सबसे बड़ा अंतर {worst} है, {spot} पर (छूट: {atol} + मान का {rtol} गुना)",
    ),
    ("{n} of {m} values are off", "неверных значений: {n} из {m}", "{m} में से {n} मान ग़लत हैं"),
    ("{n} of {m} values are wrong", "неверных значений: {n} из {m}", "{m} में से {n} मान ग़लत हैं"),
    (
        "the value is off, by {worst} (allowed: {atol} + {rtol} of the value)",
        "значение неверно: оно отличается на {worst} (допустимо: {atol} + {rtol} от значения)",
        "मान ग़लत है: अंतर {worst} है (छूट: {atol} + मान का {rtol} गुना)",
    ),
    ("the value is off", "значение неверно", "मान ग़लत है"),
    ("the value is another one", "значение должно быть другим", "मान कुछ और होना चाहिए"),
    (
        "the dtype is {dtype}, {wanted} is promised",
        "dtype — {dtype}, а по условию {wanted}",
        "dtype {dtype} है, जबकि {wanted} चाहिए",
    ),
    ("the dtype is {dtype}", "dtype — {dtype}, а должен быть другим", "dtype {dtype} है, कुछ और होना चाहिए"),
    (
        "the call changes its argument {name} in place",
        "вызов изменяет переданный ему аргумент {name}",
        "call अपने argument {name} को ही बदल देती है",
    ),
    ("the call changes its {name} in place", "вызов изменяет переданное ему: {name}", "call अपने {name} को ही बदल देती है"),
    (
        "no gradient flows back from the result: it was detached on the way",
        "от результата градиент назад не идёт: по пути результат отсоединён от графа",
        "नतीजे से gradient वापस नहीं जाता: रास्ते में वह graph से कट गया",
    ),
    (
        "input {n} of {m} cannot be trained: it asks for no gradient",
        "вход {n} из {m} нельзя обучать: градиент для него не запрошен",
        "{m} में से input {n} सीखा नहीं जा सकता: उसके लिए gradient माँगा ही नहीं गया",
    ),
    (
        "no gradient reaches input {n} of {m}",
        "до входа {n} из {m} градиент не доходит",
        "{m} में से input {n} तक gradient नहीं पहुँचता",
    ),
    (
        "{name} was raised where {type} is promised",
        "возникло исключение {name}, а по условию нужно {type}",
        "{name} exception आया, जबकि {type} चाहिए",
    ),
    (
        "no {name} was raised where one is promised",
        "исключение {name} не возникло, хотя по условию должно",
        "{name} exception आना चाहिए था, पर नहीं आया",
    ),
    ("the promise of this test is not kept", "условие этого теста не выполнено", "इस टेस्ट की शर्त पूरी नहीं हुई"),
    (
        "the test cannot work with the answer: it ended in {name}",
        "тест не может работать с таким ответом: он завершился исключением {name}",
        "टेस्ट इस उत्तर के साथ चल नहीं सकता: वह {name} पर रुक गया",
    ),
    # Exceptions, and what they hint at
    (
        "{rest}; starting processes, the network and other processes are out of reach while code is graded",
        "{rest}; во время проверки недоступны запуск процессов, сеть и чужие процессы",
        "{rest}; जाँच के समय नए process, network और दूसरे process उपलब्ध नहीं होते",
    ),
    (
        "{rest}; the memory that a submission may use is limited",
        "{rest}; память, которую может занять решение, ограничена",
        "{rest}; हल जितनी memory ले सकता है, उसकी सीमा है",
    ),
    ("{rest}; this part is still to be written", "{rest}; эту часть ещё предстоит написать", "{rest}; यह हिस्सा लिखना अभी बाक़ी है"),
    (
        "your code raised {text} ({where})",
        "в вашем коде возникло исключение {text} ({where})",
        "आपके कोड में exception आया: {text} ({where})",
    ),
    ("your code raised {text}", "в вашем коде возникло исключение {text}", "आपके कोड में exception आया: {text}"),
    ("the call was refused: {text}", "вызов не принят: {text}", "call स्वीकार नहीं हुई: {text}"),
    # Calls that the exercise forbids
    (
        "your code calls {call} ({where}); this exercise asks you to write it without {text}",
        "ваш код вызывает {call} ({where}), а в этом задании это нужно написать самостоятельно",
        "आपका कोड {call} को call करता है ({where}), जबकि इस अभ्यास में यह ख़ुद लिखना है",
    ),
    (
        "your code calls {call}; this exercise asks you to write it without {text}",
        "ваш код вызывает {call}, а в этом задании это нужно написать самостоятельно",
        "आपका कोड {call} को call करता है, जबकि इस अभ्यास में यह ख़ुद लिखना है",
    ),
    # Limits, and processes that end
    ("the call took longer than {number} s", "вызов длился дольше {number} с", "call {number} सेकंड से ज़्यादा चली"),
    ("loading took longer than {number} s", "загрузка длилась дольше {number} с", "load होने में {number} सेकंड से ज़्यादा लगे"),
    (
        "all calls together took longer than {number} s",
        "все вызовы вместе длились дольше {number} с",
        "सारी calls ने मिलकर {number} सेकंड से ज़्यादा लिए",
    ),
    (
        "used more than {number} s of processor time",
        "израсходовано больше {number} с процессорного времени",
        "processor का समय {number} सेकंड से ज़्यादा लगा",
    ),
    ("started more than {number} processes", "запущено процессов: больше {number}", "{number} से ज़्यादा process शुरू किए गए"),
    ("printed more than {number} MB", "напечатано больше {number} МБ", "{number} MB से ज़्यादा छापा गया"),
    ("the answer is too large: {text}", "ответ слишком велик: {text}", "उत्तर बहुत बड़ा है: {text}"),
    ("an answer of {n} bytes, the limit is {m}", "ответ занимает {n} байт, предел — {m}", "उत्तर {n} bytes का है, सीमा {m} है"),
    (
        "{n} bytes of structure and text, the limit is {m}",
        "структура и текст ответа занимают {n} байт, предел — {m}",
        "उत्तर की बनावट और text {n} bytes के हैं, सीमा {m} है",
    ),
    (
        "the file has {n} bytes, more than the limit of {m} kB",
        "в файле {n} байт, это больше предела в {m} кБ",
        "फ़ाइल {n} bytes की है, सीमा {m} kB है",
    ),
    ("the process has ended", "процесс завершился", "process समाप्त हो गया"),
    ("the process is gone", "процесс завершился", "process समाप्त हो गया"),
    ("the process ended by {how} ({name})", "процесс завершён: {how} ({name})", "process समाप्त हुआ: {how} ({name})"),
    ("a memory error", "ошибка памяти", "memory की ग़लती"),
    ("an abort", "аварийный останов", "abort"),
    ("a kill", "принудительный останов", "kill"),
    ("a signal", "сигнал", "signal"),
    (
        "the code ended the process itself (exit status {number}) before the call returned",
        "код сам завершил процесс (код выхода {number}), и вызов ничего не вернул",
        "call लौटने से पहले ही कोड ने process समाप्त कर दिया (exit status {number})",
    ),
    (
        "the code ended the process itself (exit status {number}) while it was loaded",
        "код сам завершил процесс (код выхода {number}) во время загрузки",
        "load होते समय ही कोड ने process समाप्त कर दिया (exit status {number})",
    ),
    # Answers that are none
    ("an answer of unknown form", "ответ непонятного вида", "उत्तर समझ में न आने वाले रूप में है"),
    ("an answer that is no message", "ответ непонятного вида", "उत्तर समझ में न आने वाले रूप में है"),
    ("an answer that cannot be read ({name})", "ответ не удалось прочитать ({name})", "उत्तर पढ़ा नहीं जा सका ({name})"),
    ("an answer that cannot be read: {name}", "ответ не удалось прочитать ({name})", "उत्तर पढ़ा नहीं जा सका ({name})"),
    (
        "something else than the answer was written to the grader's channel",
        "в канал проверки записано нечто иное, чем ответ",
        "जाँच के channel में उत्तर के बजाय कुछ और लिखा गया",
    ),
    (
        "something else than an answer was written to the wire",
        "в канал проверки записано нечто иное, чем ответ",
        "जाँच के channel में उत्तर के बजाय कुछ और लिखा गया",
    ),
    ("a gradient of another shape", "градиент другой формы", "gradient की shape दूसरी है"),
    ("a state_dict of unknown form", "state_dict непонятного вида", "state_dict समझ में न आने वाले रूप में है"),
    ("a module of unknown form", "модуль непонятного вида", "module समझ में न आने वाले रूप में है"),
    ("gradients without a way back", "градиенты без обратного пути", "gradient हैं, पर उनके लौटने का रास्ता नहीं"),
    # A whole file
    (
        "the file cannot be loaded: {inner} ({where})",
        "файл не загружается: {inner} ({where})",
        "फ़ाइल load नहीं हुई: {inner} ({where})",
    ),
    ("the file cannot be loaded: {inner}", "файл не загружается: {inner}", "फ़ाइल load नहीं हुई: {inner}"),
    (
        "the file defines no `{name}`, did you mean {text}?",
        "в файле нет `{name}`; может быть, имелось в виду {text}?",
        "फ़ाइल में `{name}` नहीं है; कहीं {text} तो नहीं?",
    ),
    ("the file defines no `{name}`", "в файле нет `{name}`", "फ़ाइल में `{name}` नहीं है"),
    (
        "`{name}` is a {text}, not something to call",
        "`{name}` — это {text}, вызвать его нельзя",
        "`{name}` एक {text} है, उसे call नहीं कर सकते",
    ),
    ("{where} was skipped: {text}", "{where}: пропущено, {text}", "{where}: छोड़ दी गई, {text}"),
    (
        "cell {n} of {file}, line {m}: not valid Python: {text}",
        "ячейка {n} файла {file}, строка {m}: синтаксическая ошибка: {text}",
        "{file} की cell {n}, पंक्ति {m}: Python की syntax ग़लती: {text}",
    ),
    (
        "{file}, line {m}: not valid Python: {text}",
        "{file}, строка {m}: синтаксическая ошибка: {text}",
        "{file}, पंक्ति {m}: Python की syntax ग़लती: {text}",
    ),
    ("cell {n}, line {m}", "ячейка {n}, строка {m}", "cell {n}, पंक्ति {m}"),
    ("line {n}", "строка {n}", "पंक्ति {n}"),
    # What was handed in and could not be read
    (
        "{file}: packed in a way that is not read; unpack it, or pack it as a zip",
        "{file}: архивы этого вида не читаются; распакуйте его или упакуйте в zip",
        "{file}: इस तरह की archive नहीं पढ़ी जाती; इसे खोलकर या zip बनाकर जमा कीजिए",
    ),
    ("{file}: not unpacked: {rest}", "{file}: распаковать не удалось: {rest}", "{file}: खोली नहीं जा सकी: {rest}"),
    ("{file}: refused: {rest}", "{file}: не принят: {rest}", "{file}: स्वीकार नहीं हुई: {rest}"),
    ("{file}: cannot be read: {text}", "{file}: прочитать не удалось ({text})", "{file}: पढ़ी नहीं जा सकी ({text})"),
    (
        "{file}: cannot be looked into: {text}",
        "{file}: заглянуть внутрь не удалось ({text})",
        "{file}: अंदर नहीं देखा जा सका ({text})",
    ),
    (
        "{file}: it is too large; clear the outputs and save again",
        "{file}: слишком велик; очистите выводы ячеек и сохраните снова",
        "{file}: बहुत बड़ी है; outputs साफ़ करके फिर से सहेजिए",
    ),
    (
        "this is no zip that can be read: {text}",
        "это не zip, который можно прочитать ({text})",
        "यह पढ़ी जा सकने वाली zip नहीं है ({text})",
    ),
    ("it is encrypted", "он зашифрован", "यह encrypted है"),
    ("it holds a link: {text}", "в нём есть ссылка: {text}", "इसमें एक link है: {text}"),
    ("it holds a path that leads out of it: {text}", "путь в нём ведёт наружу: {text}", "इसका एक path इससे बाहर जाता है: {text}"),
    ("it holds an absolute path: {text}", "в нём есть абсолютный путь: {text}", "इसमें absolute path है: {text}"),
    ("{text} is damaged: {what}", "{text} повреждён ({what})", "{text} ख़राब है ({what})"),
    (
        "{text} would grow more than {n} times, as in a zip bomb",
        "{text} вырос бы при распаковке больше чем в {n} раз, как в zip-бомбе",
        "{text} खुलने पर {n} गुने से ज़्यादा बड़ी होगी, जैसे zip bomb में",
    ),
    ("more than {n} files with code", "файлов с кодом больше {n}", "code वाली फ़ाइलें {n} से ज़्यादा हैं"),
    (
        "{file} is an archive and was not looked into: hand in the files themselves.",
        "{file} — архив, внутрь мы не заглядывали: сдайте сами файлы.",
        "{file} एक archive है, उसे खोलकर नहीं देखा गया: फ़ाइलें सीधे जमा कीजिए।",
    ),
    (
        "Only {n} files were looked into, and there are more: hand in fewer.",
        "Файлов слишком много, просмотрены не все (не больше {n}): сдайте меньше.",
        "फ़ाइलें बहुत ज़्यादा हैं, केवल {n} देखी गईं: कम फ़ाइलें जमा कीजिए।",
    ),
    (
        "{file} could not be read: it is too large; clear the outputs and save again.",
        "Файл {file} прочитать не удалось: он слишком велик; очистите выводы ячеек и сохраните его снова.",
        "{file} पढ़ी नहीं जा सकी: यह बहुत बड़ी है; outputs साफ़ करके फिर से सहेजिए।",
    ),
    (
        "{file} could not be read: it cannot be opened.",
        "Файл {file} прочитать не удалось: он не открывается.",
        "{file} पढ़ी नहीं जा सकी: यह खुल नहीं रही।",
    ),
)
