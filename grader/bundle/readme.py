"""The README of a bundle: the first evening on one page, in the student's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.catalog.course import Course

if TYPE_CHECKING:
    from grader.bundle.content import Wanted

_TEXT = {
    "en": """\
# {title}

Python 3.11 or later is needed. In this folder, once:

```
python -m venv .venv
source .venv/bin/activate            # Windows: .venv\\Scripts\\activate
python -m pip install -r requirements.txt
```

Then open a file such as `{stub}`: its text says what to write in the place of `raise NotImplementedError`, and
`{statement}` beside it says why. See how far you have come:

```
grader list{lang}
grader check {name}{lang}
grader check{lang}
```

The tests here are the visible ones. Marks come from further tests, after you have handed in.
""",
    "ru": """\
# {title}

Нужен Python 3.11 или новее. Один раз, в этой папке:

```
python -m venv .venv
source .venv/bin/activate            # в Windows: .venv\\Scripts\\activate
python -m pip install -r requirements.txt
```

Теперь откройте файл, например `{stub}`: в нём сказано, что написать вместо `raise NotImplementedError`, а условие задачи
лежит рядом, в `{statement}`. Проверить, что получилось:

```
grader list{lang}
grader check {name}{lang}
grader check{lang}
```

Здесь лежат только открытые тесты. Баллы ставятся после сдачи, по другим тестам.
""",
    "hi": """\
# {title}

Python 3.11 या उससे नया चाहिए। इस फ़ोल्डर में, बस एक बार:

```
python -m venv .venv
source .venv/bin/activate            # Windows पर: .venv\\Scripts\\activate
python -m pip install -r requirements.txt
```

अब कोई फ़ाइल खोलिए, जैसे `{stub}`: उसी में लिखा है कि `raise NotImplementedError` की जगह क्या लिखना है; पूरा प्रश्न पास ही
`{statement}` में है। कहाँ तक पहुँचे, यह देखिए:

```
grader list{lang}
grader check {name}{lang}
grader check{lang}
```

यहाँ केवल खुले tests हैं। अंक जमा करने के बाद दूसरे tests से मिलते हैं।
""",
}
_NOTEBOOKS = {
    "en": """
Prefer notebooks? `python -m pip install -r requirements-notebooks.txt`, then `jupyter lab {folder}`. Write each solution in one
place only, the notebook or the `.py` file.
""",
    "ru": """
Удобнее в ноутбуках? `python -m pip install -r requirements-notebooks.txt`, затем `jupyter lab {folder}`. Каждое решение пишите
только в одном месте: либо в ноутбуке, либо в файле `.py`.
""",
    "hi": """
Notebook में काम करना चाहें तो `python -m pip install -r requirements-notebooks.txt`, फिर `jupyter lab {folder}`। हर हल एक ही जगह
लिखिए: या notebook में, या `.py` फ़ाइल में।
""",
}
_QUIZ = {
    "en": """
A quiz on the topic, with an explanation of every answer: `grader quiz take {quiz}`.
""",
    "ru": """
Тест по теме, с разбором каждого ответа: `grader quiz take {quiz}{lang}`.
""",
    "hi": """
विषय पर क्विज़, हर उत्तर की व्याख्या के साथ: `grader quiz take {quiz}{lang}`।
""",
}
_UPGRADE = {
    "en": """
When you are given a newer version of this folder, keep working in yours and take over what is new: `grader upgrade NEW.zip`. What
you have written is never overwritten.

Topics: {topics}.
""",
    "ru": """
Когда выдадут новую версию этой папки, оставайтесь в своей и перенесите в неё новое: `grader upgrade NEW.zip`. Написанное вами
никогда не перезаписывается.

Темы: {topics}.
""",
    "hi": """
इस फ़ोल्डर का नया version मिले तो अपने फ़ोल्डर में ही काम करते रहिए और नई चीज़ें उसी में ले लीजिए: `grader upgrade NEW.zip`। आपका लिखा हुआ कभी
नहीं मिटता।

विषय: {topics}।
""",
}
_TITLE = {"en": "Exercises", "ru": "Задания", "hi": "अभ्यास"}
_OTHERS = {"en": "English", "ru": "Русский", "hi": "हिन्दी"}


def readme(course: Course, wanted: Wanted, topics: Sequence[str], language: str, practice: Sequence[str] = ()) -> str:
    """The text in a language.

    Parameters:
        course: for the titles of topics.
        wanted: what is released; its first exercise is the example.
        topics: in the order of the course.
        practice: practice quizzes that are in the bundle; the first one is the example.
    """
    first = wanted.exercises[0]
    said = "" if language == "en" else f" --lang {language}"
    text = _TEXT[language].format(
        title=_TITLE[language],
        stub=f"exercises/{first.topic}/{first.name}/{first.stub.name}",
        statement=first.statement(language).name,
        name=first.name,
        lang=said,
    )
    if wanted.notebooks:
        text += _NOTEBOOKS[language].format(folder="notebooks" if len(wanted.languages) == 1 else f"notebooks/{language}")
    if practice:
        text += _QUIZ[language].format(quiz=practice[0], lang=said)
    text += _UPGRADE[language].format(topics=", ".join(course.topic(topic).title.get(language) for topic in topics))
    return text + _links(wanted.languages, language)


def _links(languages: Sequence[str], own: str) -> str:
    links = [
        f"[{_OTHERS[other]}]({'README.md' if other == languages[0] else f'README.{other}.md'})"
        for other in languages
        if other != own
    ]
    return f"\n{' · '.join(links)}\n" if links else ""
