"""What the commands say, in the reader's language: gettext catalogues; where one has no entry, the English text stands."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

LANGUAGES = ("en", "ru", "hi")
_FOLDER = Path(__file__).parent
_DOMAIN = "grader"
_ENVIRONMENT = ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def choose(asked: str | None = None) -> str:
    """Speak the language asked for, else `GRADER_LANG`'s, else the system's, else English; its code."""
    global _catalogue
    language = next(filter(None, map(_known, (asked, *map(os.environ.get, _ENVIRONMENT)))), "en")
    _catalogue = gettext.translation(_DOMAIN, _FOLDER, [language], fallback=True)
    return language


def tr(text: str, /, **values: object) -> str:
    """A message in the language chosen, with values in its places `{name}`."""
    return _filled(_catalogue.gettext(text), text, values)


def trn(one: str, many: str, n: int, /, **values: object) -> str:
    """A message that depends on a number, which stands in its place `{n}`."""
    return _filled(_catalogue.ngettext(one, many, n), one if n == 1 else many, {"n": n, **values})


def _filled(text: str, english: str, values: dict[str, object]) -> str:
    if not values:
        return text
    try:
        return text.format(**values)
    except (KeyError, IndexError, ValueError):  # a slip of a translator must not stop a student
        return english.format(**values)


def _known(value: str | None) -> str:
    code = (value or "").replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else ""
