"""Keeps the catalogues in step with the code: takes the texts of `tr` and `trn` out of it, and compiles what is translated.

For authors; needs Babel, which nothing else in the kit does.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader.locales import DOMAIN, FOLDER, LANGUAGES

ENGINE = FOLDER.parent
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
_KEYWORDS = {"tr": None, "trn": (1, 2)}


def path_of(language: str) -> Path:
    """The catalogue of a language, which people edit; the compiled one stands beside it."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(language: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none yet."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(language, DOMAIN, project="dl-grader", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, language, DOMAIN)


def extracted() -> Catalog:
    """The texts that the code has now."""
    found = Catalog(domain=DOMAIN, fuzzy=False)
    for file, _, text, _, context in extract_from_dir(ENGINE, [("**.py", "python")], keywords=_KEYWORDS):
        # Files without lines: a line that moves is no change for a translator.
        found.add(text, None, [(file.replace("\\", "/"), 1)], context=context)
    return found


def update(language: str) -> Catalog:
    """Bring a catalogue in step with the code: new texts come in empty, old ones go; then compile it."""
    catalog = load(language)
    date = catalog.creation_date
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.creation_date = date
    catalog.obsolete.clear()
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads at run time."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def entries(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its head."""
    return (message for message in catalog if message.id)


def untranslated(catalog: Catalog) -> list[str]:
    """The English texts that have no translation, or one that is not sure, or not all forms of one."""
    return [forms(message.id)[0] for message in entries(catalog) if message.fuzzy or not all(forms(message.string))]


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The forms of a text: one, or those of its plural."""
    return (text,) if isinstance(text, str) else tuple(text)
