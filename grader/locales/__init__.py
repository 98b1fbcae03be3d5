"""What the commands say, in the reader's language: gettext catalogues; where one has no entry, the English text stands.

Here is what a command says of itself: results, next steps, errors. What stands in a record (the judge's messages, reasons, notes)
is English in the record and put into the reader's language when it is shown, by `report/sentences.py`; titles, hints and
statements come from the course. Quizzes keep their words beside the questions, in tables of their own.
"""

from __future__ import annotations

import functools
import gettext
import locale
import os
import struct
import sys
from pathlib import Path

LANGUAGES = ("en", "ru", "hi")
FOLDER = Path(__file__).parent
DOMAIN = "grader"
_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
_NAMES = {"english": "en", "russian": "ru", "hindi": "hi"}  # Windows says Russian_Russia

_spoken: str | None = None


def choose(asked: str | None = None) -> str:
    """Speak the language asked for, else `GRADER_LANG`'s, else the system's, else English; its code.

    What is no language of the kit counts as not asked.
    """
    global _spoken
    _spoken = known(asked) or known(os.environ.get("GRADER_LANG")) or system()
    return _spoken


def spoken() -> str:
    """The code of the language that was chosen, and now is if none was."""
    return _spoken or choose()


def known(value: str | None) -> str | None:
    """The kit's code for a language, however it is written (`RU`, `ru-RU`, `ru_RU.UTF-8`); None where it is none of ours."""
    word = (value or "").strip().replace("-", "_").partition("_")[0].partition(".")[0].lower()
    code = _NAMES.get(word, word)
    return code if code in LANGUAGES else None


def system() -> str:
    """The language of the system: as in gettext, the first variable that says anything decides; English if it is none of ours."""
    said = next(filter(None, map(os.environ.get, _SYSTEM)), None)
    if said is None and sys.platform in ("win32", "darwin"):
        said = locale.getlocale()[0]
    return known(said) or "en"


def tr(text: str, /, **values: object) -> str:
    """A message in the language chosen, with values in its places `{name}`."""
    return _filled(_catalogue(spoken()).gettext(text), text, values)


def later(text: str) -> str:
    """A text as it is, for which the catalogues have an entry; `translated` says it when the language is chosen."""
    return text


def translated(text: str) -> str:
    """A text that stands in a `later` elsewhere, in the language chosen; as it is where no catalogue has it."""
    return _catalogue(spoken()).gettext(text) if text else text


def trn(one: str, many: str, n: int, /, **values: object) -> str:
    """A message that depends on a number, which stands in its place `{n}`."""
    return _filled(_catalogue(spoken()).ngettext(one, many, n), one if n == 1 else many, {"n": n, **values})


def number(value: float, language: str | None = None) -> str:
    """A number with at most two decimals, as a language (else the one chosen) writes it; digits are Latin in all of them."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if (language or spoken()) == "ru" else text


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    try:
        return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)
    except (OSError, ValueError, struct.error):  # a file that was cut short must not stop a student
        return gettext.NullTranslations()


def _filled(text: str, english: str, values: dict[str, object]) -> str:
    if not values:
        return text
    try:
        return text.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):  # nor must a slip of a translator
        return english.format(**values)
