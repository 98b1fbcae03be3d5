"""What a student and an instructor should know about how a submission was read, in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "two_definitions",
    "stub_last",
    "helper_twice",
    "later_broken",
    "broken_cell",
    "joined",
    "too_long",
    "other_file",
    "also_in",
    "retyped_cell",
    "repaired",
    "unreadable",
    "packed",
    "too_many",
    "no_code",
    "cell_missing",
    "cell_twice",
    "cell_changed",
    "cell_adopted",
]


@dataclass(frozen=True)
class Spot:
    """A place in a submission.

    Attributes:
        cell: its number; 0 where the file has no cells.
        file: its name; empty where it is the assignment's own notebook.
    """

    cell: int
    file: str = ""


Value = str | int | Spot


@dataclass(frozen=True)
class Note:
    """One fact about how a submission was read.

    Attributes:
        kind: which sentence.
        values: what stands in it. `entry` names the exercise's function or class where the note is about one.
    """

    kind: Kind
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def entry(self) -> str | None:
        """The entry that the note is about; None where it is about the whole submission."""
        found = self.values.get("entry")
        return found if isinstance(found, str) else None

    def __str__(self) -> str:
        return tell(self, "en")

    def __hash__(self) -> int:
        return hash((self.kind, tuple(sorted((key, str(value)) for key, value in self.values.items()))))


def tell(note: Note, language: str) -> str:
    """The sentence of a note in en, ru or hi, in English for any other language."""
    sentences = _SENTENCES.get(language, _SENTENCES["en"])
    values = {key: _place(value, language) if isinstance(value, Spot) else value for key, value in note.values.items()}
    if note.kind == "unreadable":
        reasons = _REASONS.get(language, _REASONS["en"])
        values["reason"] = reasons.get(str(values.get("reason")), str(values.get("reason")))
    return _capital(sentences[note.kind].format_map(_Values(values)))


def _capital(sentence: str) -> str:
    # A name keeps its own writing; only our word for a cell begins a sentence in small letters.
    return sentence[:1].upper() + sentence[1:] if sentence.startswith(("cell ", "ячейка ")) else sentence


def _place(spot: Spot, language: str) -> str:
    if not spot.cell:
        return spot.file
    where, within = _SPOTS.get(language, _SPOTS["en"])
    return (within if spot.file else where).format(cell=spot.cell, file=spot.file)


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


_SPOTS = {
    "en": ("cell {cell}", "cell {cell} of {file}"),
    "ru": ("ячейка {cell}", "ячейка {cell} файла {file}"),
    "hi": ("cell {cell}", "{file} की cell {cell}"),
}


_REASONS: dict[str, dict[str, str]] = {
    "en": {
        "missing": "it cannot be opened",
        "no_file": "it is no ordinary file",
        "empty": "it is empty",
        "too_large": "it is too large; clear the outputs and save again",
        "no_notebook": "it is neither a notebook nor Python",
    },
    "ru": {
        "missing": "его не удаётся открыть",
        "no_file": "это не обычный файл",
        "empty": "он пуст",
        "too_large": "он слишком велик; очистите выводы ячеек и сохраните его снова",
        "no_notebook": "это и не ноутбук, и не программа на Python",
    },
    "hi": {
        "missing": "यह खुल नहीं रही",
        "no_file": "यह साधारण फ़ाइल नहीं है",
        "empty": "यह ख़ाली है",
        "too_large": "यह बहुत बड़ी है; outputs साफ़ करके फिर से सहेजिए",
        "no_notebook": "यह न notebook है, न Python",
    },
}

_SENTENCES: dict[str, dict[str, str]] = {
    "en": {
        "two_definitions": (
            "{entry} is defined more than once ({earlier} and {place}). The last definition counts, the one in {place}."
        ),
        "stub_last": (
            "{entry} is defined more than once, and the last definition, in {place}, is still the empty stub. The "
            "last one counts: delete that cell and hand in again."
        ),
        "helper_twice": (
            "{entry} uses {name}, which is defined more than once ({earlier} and {place}). The last definition "
            "counts, as when the notebook is run from top to bottom."
        ),
        "later_broken": (
            "{entry} is defined again in {place}, but that cell is not valid Python ({message}). The earlier "
            "definition in {earlier} counts."
        ),
        "broken_cell": "{place}, line {line}: not valid Python ({message}). What does not parse was left out.",
        "joined": "{place} had been split, and {last} is its last part. It was read as one cell; merge the parts again.",
        "too_long": "{place}: the code is too long to be read and was left out.",
        "other_file": "{entry} was taken from {file}, because {own} holds no finished definition of it.",
        "also_in": "{entry} is also defined in {other}, and differently. The definition in {file} counts.",
        "retyped_cell": "{place} is no code cell any more. It was read as code all the same.",
        "repaired": "{file} was damaged. What could be recovered was read.",
        "unreadable": "{file} could not be read: {reason}.",
        "packed": "{file} is an archive and was not looked into: hand in the files themselves.",
        "too_many": "Only {most} files were looked into, and there are more: hand in fewer.",
        "no_code": "No code was handed in.",
        "cell_missing": "The cell {grade_id} was missing and was put back.",
        "cell_twice": "The cell {grade_id} was there more than once. The last one counts.",
        "cell_changed": "The cell {grade_id} had been changed and was restored.",
        "cell_adopted": "The cell {grade_id} had lost its name and was found by its content.",
    },
    "ru": {
        "two_definitions": (
            "{entry} определяется несколько раз ({earlier} и {place}). Засчитывается последнее определение: {place}."
        ),
        "stub_last": (
            "{entry} определяется несколько раз, и последнее определение ({place}) — всё ещё пустая заготовка. "
            "Засчитывается последнее: удалите эту ячейку и сдайте работу снова."
        ),
        "helper_twice": (
            "{entry} использует {name}, а это имя определяется несколько раз ({earlier} и {place}). Действует "
            "последнее определение, как при выполнении ноутбука сверху вниз."
        ),
        "later_broken": (
            "{entry} определяется ещё раз ({place}), но там код с синтаксической ошибкой ({message}). Засчитывается "
            "более раннее определение: {earlier}."
        ),
        "broken_cell": ("{place}, строка {line}: синтаксическая ошибка ({message}). То, что не разбирается, пропущено."),
        "joined": "{place} разрезана на части, последняя из них: {last}. Мы прочли их как одну ячейку; соедините их снова.",
        "too_long": "{place}: код слишком длинный и пропущен.",
        "other_file": "{entry} берётся из файла {file}, потому что в {own} нет готового определения.",
        "also_in": "{entry} определяется и в файле {other}, но по-другому. Засчитывается определение из файла {file}.",
        "retyped_cell": "{place} — больше не ячейка с кодом. Мы всё равно прочли её как код.",
        "repaired": "Файл {file} повреждён. Прочитано то, что удалось восстановить.",
        "unreadable": "Файл {file} прочитать не удалось: {reason}.",
        "packed": "{file} — архив, внутрь мы не заглядывали: сдайте сами файлы.",
        "too_many": "Файлов слишком много, просмотрены не все (не больше {most}): сдайте меньше.",
        "no_code": "В работе нет кода.",
        "cell_missing": "Ячейки {grade_id} не было; мы вернули её на место.",
        "cell_twice": "Ячейка {grade_id} встречается несколько раз. Засчитывается последняя.",
        "cell_changed": "Ячейка {grade_id} была изменена; мы восстановили её.",
        "cell_adopted": "Ячейка {grade_id} потеряла своё имя; мы узнали её по содержанию.",
    },
    "hi": {
        "two_definitions": ("{entry} एक से ज़्यादा बार परिभाषित है ({earlier} और {place})। आख़िरी परिभाषा गिनी जाती है: {place}।"),
        "stub_last": (
            "{entry} एक से ज़्यादा बार परिभाषित है, और आख़िरी परिभाषा ({place}) अब भी ख़ाली ढाँचा है। आख़िरी ही गिनी "
            "जाती है: वह cell हटाकर फिर से जमा कीजिए।"
        ),
        "helper_twice": (
            "{entry} में {name} का उपयोग है, जो एक से ज़्यादा बार परिभाषित है ({earlier} और {place})। आख़िरी परिभाषा "
            "लागू होती है, जैसे notebook को ऊपर से नीचे चलाने पर।"
        ),
        "later_broken": (
            "{entry} की परिभाषा {place} में दोबारा है, पर उस cell में Python की syntax ग़लती है ({message})। पहले "
            "वाली परिभाषा गिनी जाती है: {earlier}।"
        ),
        "broken_cell": ("{place}, पंक्ति {line}: Python की syntax ग़लती ({message})। जो पढ़ा नहीं जा सका उसे छोड़ दिया गया।"),
        "joined": "{place} टुकड़ों में बँट गई थी, आख़िरी टुकड़ा: {last}। उन्हें एक ही cell मानकर पढ़ा गया; उन्हें फिर से जोड़ लीजिए।",
        "too_long": "{place}: code इतना लंबा है कि पढ़ा नहीं जा सकता, इसलिए छोड़ दिया गया।",
        "other_file": "{entry} को {file} से लिया गया, क्योंकि {own} में उसकी पूरी परिभाषा नहीं है।",
        "also_in": "{entry} की परिभाषा {other} में भी है, पर अलग। {file} वाली परिभाषा गिनी जाती है।",
        "retyped_cell": "{place} अब code cell नहीं है। फिर भी उसे code मानकर पढ़ा गया।",
        "repaired": "{file} बिगड़ी हुई थी। जितना बचाया जा सका उतना पढ़ा गया।",
        "unreadable": "{file} पढ़ी नहीं जा सकी: {reason}।",
        "packed": "{file} एक archive है, उसे खोलकर नहीं देखा गया: फ़ाइलें सीधे जमा कीजिए।",
        "too_many": "फ़ाइलें बहुत ज़्यादा हैं, केवल {most} देखी गईं: कम फ़ाइलें जमा कीजिए।",
        "no_code": "जमा किए गए काम में कोई code नहीं है।",
        "cell_missing": "Cell {grade_id} नहीं थी; उसे वापस रख दिया गया।",
        "cell_twice": "Cell {grade_id} एक से ज़्यादा बार थी। आख़िरी वाली गिनी जाती है।",
        "cell_changed": "Cell {grade_id} बदल दी गई थी; उसे पहले जैसा कर दिया गया।",
        "cell_adopted": "Cell {grade_id} का नाम खो गया था; उसे उसकी सामग्री से पहचाना गया।",
    },
}
